"""Invent people as several agencies would record them, with the truth: `python -m bench.people TOTAL FOLDER [SEED]`.

First and last names are drawn by their frequencies in the 1990 US census (package `names`) and from romanized names
of seven other origins (package `faker`). Each agency records a person independently, with the errors that shelters and
hotlines see: nicknames, typos, one of two last names, a married name, day and month swapped, birth dates estimated as
January 1, missing dates, other towns. No one here is real.
"""

from __future__ import annotations

import datetime as dt
import random
import string
import sys
from pathlib import Path
from typing import Any, NamedTuple

import faker
import names
import numpy as np
import polars as pl
from nicknames import NickNamer

ORIGINS = {
    "es_MX": "MX",
    "ro_RO": "RO",
    "fil_PH": "PH",
    "vi_VN": "VN",
    "pl_PL": "PL",
    "pt_BR": "BR",
    "fr_FR": "FR",
}
SOUNDALIKE = [("ph", "f"), ("ck", "k"), ("y", "i"), ("ie", "y"), ("ou", "u"), ("sch", "sh"), ("c", "k"), ("z", "s")]
SOUNDALIKE += [("ee", "i"), ("v", "b")]
TODAY = dt.date(2024, 1, 1)
COLUMNS = ["pid", "first_name", "last_name", "birth_date", "sex", "country", "place"]


class Person(NamedTuple):
    pid: int
    first: str
    last: str
    born: dt.date
    sex: str
    origin: str
    place: str


def census(table: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the names in one census table and their probabilities."""
    rows = [line.split() for line in Path(names.full_path("dist." + table)).read_text().splitlines()]
    weight = np.array([float(row[1]) for row in rows]) + 1e-4
    return np.array([row[0].lower() for row in rows]), weight / weight.sum()


class Generator:
    """Draw people and their records. The seed determines everything. With `careful`, names and births are correct."""

    def __init__(self, seed: int, *, careful: bool = False) -> None:
        self.careful = careful
        self.rng = random.Random(seed)
        self.draws = np.random.default_rng(seed)
        self.stock: dict[str, list[str]] = {}
        rank = 1 / np.arange(1, 301)
        self.tables = {
            "F": census("female.first"),
            "M": census("male.first"),
            "last": census("all.last"),
            "place": (np.array([f"town{i:03d}" for i in range(300)]), rank / rank.sum()),
        }
        self.pools: dict[tuple[str, str], list[str]] = {}
        for locale in ORIGINS:
            fake = faker.Faker(locale)
            fake.seed_instance(seed + 11)
            self.pools[locale, "F"] = [fake.first_name_female().lower() for _ in range(1500)]
            self.pools[locale, "M"] = [fake.first_name_male().lower() for _ in range(1500)]
            self.pools[locale, "last"] = [fake.last_name().lower() for _ in range(2500)]
        self.nicknamer = NickNamer()
        self.nicknames: dict[str, list[str]] = {}

    def draw(self, table: str) -> str:
        """Draw one value from a table by its frequency. Values are drawn in blocks, for speed."""
        if not self.stock.get(table):
            values, weight = self.tables[table]
            self.stock[table] = self.draws.choice(values, size=20000, p=weight).tolist()
        return self.stock[table].pop()

    def name(self, origin: str, table: str) -> str:
        return self.draw(table) if origin == "us" else self.rng.choice(self.pools[origin, table])

    def person(self, pid: int, relative: Person | None) -> Person:
        """Draw a person. One in 25 is a sibling of the previous person, with the same last name, origin and town."""
        rng = self.rng
        sex = "F" if rng.random() < 0.68 else "M"
        if relative and rng.random() < 0.04:
            origin, last, place = relative.origin, relative.last, relative.place
        else:
            origin = "us" if rng.random() < 0.55 else rng.choice(list(ORIGINS))
            last, place = self.name(origin, "last"), self.draw("place")
            if origin in ("es_MX", "pt_BR") and rng.random() < 0.7:
                last += " " + self.name(origin, "last")
        age = min(70, max(3, rng.gauss(24, 9)))
        born = TODAY - dt.timedelta(days=int(age * 365.25) + rng.randrange(365))
        return Person(pid, self.name(origin, sex), last, born, sex, origin, place)

    def typing_error(self, text: str) -> str:
        if len(text) < 2:
            return text
        i, kind, letter = self.rng.randrange(len(text)), self.rng.random(), self.rng.choice(string.ascii_lowercase)
        if kind < 0.25:
            return text[:i] + text[i + 1 :]
        if kind < 0.5:
            return text[:i] + letter + text[i:]
        if kind < 0.75:
            return text[:i] + letter + text[i + 1 :]
        i = min(i, len(text) - 2)
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]

    def misheard(self, text: str) -> str:
        fitting = [pair for pair in SOUNDALIKE if pair[0] in text]
        return text.replace(*self.rng.choice(fitting), 1) if fitting else self.typing_error(text)

    def nickname(self, first: str) -> str:
        if first not in self.nicknames:
            self.nicknames[first] = sorted(self.nicknamer.nicknames_of(first))
        return self.rng.choice(self.nicknames[first]) if self.nicknames[first] else ""

    def recorded_names(self, person: Person) -> tuple[str, str]:
        r, first, last = self.rng.random, person.first, person.last
        if self.careful:
            return first, last
        nickname = self.nickname(first) if r() < 0.08 else ""
        if nickname:
            first = nickname
        elif r() < 0.05:
            first = self.typing_error(first)
        elif r() < 0.03:
            first = self.misheard(first)
        if " " in last and r() < 0.25:
            last = last.split()[0 if r() < 0.7 else -1]
        if person.sex == "F" and r() < 0.03:
            last = self.draw("last")
        elif r() < 0.05:
            last = self.typing_error(last)
        elif r() < 0.03:
            last = self.misheard(last)
        if r() < 0.012:
            first, last = last, first
        return "" if r() < 0.012 else first, "" if r() < 0.01 else last

    def recorded_birth(self, born: dt.date) -> str:
        x, rng = self.rng.random(), self.rng
        if self.careful:
            return born.isoformat()
        if x < 0.045:
            return ""
        if x < 0.085:
            return f"{born.year}-01-01"
        if x < 0.105 and born.day <= 12:
            return f"{born.year}-{born.day:02d}-{born.month:02d}"
        if x < 0.130:
            return f"{born.year + rng.choice((-2, -1, 1, 2))}-{born.month:02d}-{min(28, born.day):02d}"
        if x < 0.155:
            return f"{born.year}-{born.month:02d}-{min(28, max(1, born.day + rng.choice((-10, -1, 1, 10)))):02d}"
        return born.isoformat()

    def record(self, person: Person) -> tuple[Any, ...]:
        """Return one agency's record of a person."""
        r, sex = self.rng.random, person.sex
        first, last = self.recorded_names(person)
        if r() < 0.02:
            sex = ""
        elif r() < 0.005:
            sex = "M" if sex == "F" else "F"
        place = self.draw("place") if r() < 0.30 else person.place
        country = "US" if person.origin == "us" else ORIGINS[person.origin]
        return (
            person.pid,
            first.title() if r() < 0.9 else first.upper(),
            last.title(),
            self.recorded_birth(person.born),
            sex,
            country if r() > 0.06 else "",
            "" if r() < 0.08 else place,
        )


def two_agencies(total: int, seed: int, overlap: float = 0.3) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return two lists of `total / 2` records each. A fraction `overlap` of people is in both. `pid` is the truth."""
    make = Generator(seed)
    size = total // 2
    both = int(size * overlap)
    lists: tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]] = ([], [])
    person = None
    for i in range(2 * size - both):
        person = make.person(i, person)
        if i < size:
            lists[0].append(make.record(person))
        if i < both or i >= size:
            lists[1].append(make.record(person))
    return (framed(lists[0], "a", make.rng), framed(lists[1], "b", make.rng))


def framed(rows: list[tuple[Any, ...]], prefix: str, rng: random.Random) -> pl.DataFrame:
    """Return the records in random order, each with the agency's own number."""
    rng.shuffle(rows)
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    return frame.insert_column(0, pl.Series("id", [f"{prefix}{i}" for i in range(len(rows))]))


def several_agencies(people: int, chances: list[float], seed: int, *, careful: bool = False) -> list[pl.DataFrame]:
    """Return lists that each include every person independently, with the chance given for that list."""
    make = Generator(seed, careful=careful)
    lists: list[list[tuple[Any, ...]]] = [[] for _ in chances]
    person = None
    for i in range(people):
        person = make.person(i, person)
        for rows, chance in zip(lists, chances, strict=True):
            if make.rng.random() < chance:
                rows.append(make.record(person))
    return [framed(rows, string.ascii_lowercase[k], make.rng) for k, rows in enumerate(lists)]


def truth(a: pl.DataFrame, b: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of records (left, right) that belong to the same person."""
    return a.join(b, on="pid", suffix="_b").select(left="id", right="id_b")


def main() -> None:
    total, folder, seed = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 7
    a, b = two_agencies(total, seed)
    folder.mkdir(parents=True, exist_ok=True)
    a.drop("pid").write_csv(folder / "a.csv")
    b.drop("pid").write_csv(folder / "b.csv")
    truth(a, b).write_csv(folder / "truth.csv")


if __name__ == "__main__":
    main()
