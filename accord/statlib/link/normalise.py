"""Names and birth dates in the forms that are compared.

Accents, case and particles go; a name of several words is compared word by word, so that one of two surnames is
enough. Sounds are Soundex (Russell 1918; National Archives rules). Nicknames come from the table of C. Northern and
N. Crews (github.com/carltonnorthern/nicknames, Apache-2.0), `nicknames.csv` beside this file.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

PARTICLES = frozenset(
    {"de", "la", "del", "las", "los", "da", "do", "dos", "das", "di", "van", "von", "der", "den", "le", "el", "al"}
    | {"bin", "ibn", "y", "e"}
)
MOST_PARTS = 3
SOUND = {letter: str(d) for d, group in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), 1) for letter in group}
DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?|(\d\d)(\d\d)|/(\d\d)/(\d\d))?")


class Person(NamedTuple):
    """The fields of one record as a list holds them; empty where nothing is known. `birth` is an ISO date."""

    first: str
    last: str
    birth: str = ""
    sex: str = ""
    place: str = ""


class Birth(NamedTuple):
    """A birth date in parts; `day` is empty where only the year can be trusted."""

    year: str
    day: str


@lru_cache(1 << 18)
def parts(name: str) -> tuple[str, ...]:
    """The words of a name, folded to plain letters, without particles; at most three, each once."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    words = re.findall(r"[^\W\d_]+", re.sub("['’`]", "", folded))
    kept = [word for word in words if word not in PARTICLES and len(word) > 1] or words
    return tuple(dict.fromkeys(kept))[:MOST_PARTS]


@lru_cache(1 << 18)
def soundex(word: str) -> str:
    """First letter and three digits of sound; letters outside a to z carry no sound."""
    code, before = word[0], SOUND.get(word[0], "")
    for letter in word[1:]:
        digit = SOUND.get(letter, "")
        if digit and digit != before:
            code += digit
        if letter not in "hw":
            before = digit
        if len(code) == 4:
            break
    return code


@cache
def full_names() -> dict[str, tuple[str, ...]]:
    """Nickname -> the names that it may stand for, itself included."""
    found: dict[str, set[str]] = {}
    with resources.files(__package__).joinpath("nicknames.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["name2"], {row["name2"]}).add(row["name1"])
    return {name: tuple(sorted(names)) for name, names in found.items()}


def roots(word: str) -> tuple[str, ...]:
    """A first name and the names that it may be short for (at most five)."""
    return full_names().get(word, (word,))[:5]


def readable_date(text: str) -> bool:
    """Whether the text is empty or written as a date that `birth` reads: 1999-12-31, 1999/12/31, 19991231, 1999-12, 1999.

    A day that no calendar has (19450493) is a typing error like any other, and the rest of it still tells.
    """
    return not text.strip() or bool(DATE.fullmatch(text.strip()))


@lru_cache(1 << 16)
def birth(text: str) -> Birth | None:
    """Year, and month with day unless the date is an estimate.

    1 January is what registries write when they know the year only, so it counts as a year (it would otherwise be one
    giant block and false agreement). None where nothing is known.
    """
    found = DATE.fullmatch(text.strip())
    if not found:
        return None
    month, day = found[2] or found[4] or found[6], found[3] or found[5] or found[7]
    if not month or not day or (month, day) == ("01", "01"):
        return Birth(found[1], "")
    return Birth(found[1], month + day)


@lru_cache(1 << 16)
def short(text: str) -> str:
    """Sex or place as a comparable word: folded, letters and digits only."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", folded)
