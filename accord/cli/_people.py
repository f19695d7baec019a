"""Files of people and files of tokens, for `accord encode` and `accord link`. Errors give the file, row, and column."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console
from rich.progress import Progress

from accord.core import csvs
from accord.core.errors import BadInput
from accord.core.names import FOLDING
from accord.statlib import files
from accord.statlib.link import dates, tokens
from accord.statlib.link.normalise import Person
from accord.statlib.link.survey import Survey, survey
from accord.statlib.link.tokens import TokenList

HEADERS = {
    "id": ("id", "record_id", "record", "rec_id", "rid", "case_id", "client_id", "number"),
    "first_name": ("first_name", "first", "firstname", "given_name", "givenname", "forename", "given"),
    "last_name": ("last_name", "last", "lastname", "surname", "family_name", "familyname", "family"),
    "birth_date": ("birth_date", "birthdate", "date_of_birth", "dateofbirth", "dob", "born", "birth"),
    "sex": ("sex", "gender"),
    "place": ("place", "town", "city", "municipality", "postcode", "postal_code", "zip", "suburb", "district"),
}
MARK = f"# accord tokens {FOLDING}"
ANY_MARK = "# accord tokens "


class Encoded(NamedTuple):
    """An encoded file: its record ids, their tokens, the scheme, and the key's fingerprint."""

    ids: list[str]
    tokens: TokenList
    scheme: str
    fingerprint: str


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a progress bar if standard error is a terminal. Yields the function that advances the bar."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.advance(task, done)


def mapping(path: Path | None) -> dict[str, str]:
    """Return each field's header name, from a small YAML file with lines such as `first_name: Vorname`."""
    if path is None:
        return {}
    found = files.settings(path)
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise BadInput("needs lines of the form `field: header`", file=path.name)
    strange = sorted(set(found) - set(HEADERS))
    if strange:
        raise BadInput(f"unknown field; the fields are {', '.join(HEADERS)}", file=path.name, column=strange[0])
    return found


def places(path: Path, header: Sequence[str], named: dict[str, str]) -> dict[str, int]:
    """Return each field's column number, found by the mapping or by the usual header names."""
    plain = [name.strip().lower().replace(" ", "_") for name in header]
    found = {}
    for field, usual in HEADERS.items():
        if field in named:
            if named[field] not in [name.strip() for name in header]:
                raise BadInput(
                    "the mapping names this column, but the file does not have it", file=path.name, column=named[field]
                )
            found[field] = [name.strip() for name in header].index(named[field])
            continue
        at = [plain.index(name) for name in usual if name in plain]
        if at:
            found[field] = at[0]
    if "first_name" not in found and "last_name" not in found:
        raise BadInput("no column for first_name or last_name; name them with --map", file=path.name, row=1)
    if "birth_date" not in found:
        raise BadInput("no column for birth_date; name it with --map", file=path.name, row=1)
    return found


def people(
    path: Path, named: dict[str, str], ids: list[str], notes: list[str], tick: Callable[[int], None]
) -> Iterator[Person]:
    """Yield a file's people one by one. Add their ids (or row numbers) to `ids`, and notes about the file to `notes`.

    The file is read twice, because the meaning of a date or a word for sex is clear only after the whole column has
    been read.
    """
    found = looked_over(path, named)
    notes.extend(f"{path.name}: {sentence}." for sentence in found.notes)
    rows = files.table(path)
    _, header = next(rows)
    at = places(path, header, named)
    seen: set[str] = set()
    for number, row in rows:
        one = row[at["id"]] if "id" in at else str(number)
        if not one or one in seen:
            raise BadInput(
                "this id is missing or was already used", file=path.name, row=number, column=header[at["id"]]
            )
        seen.add(one)
        ids.append(one)
        fields = {field: row[at[field]] if field in at else "" for field in list(HEADERS)[1:]}
        birth = "" if fields["birth_date"] in found.unknown else fields["birth_date"]
        yield Person(fields["first_name"], fields["last_name"], birth, found.sexes[fields["sex"]], fields["place"])
        tick(1)
    if not ids:
        raise BadInput("has no records", file=path.name)


def looked_over(path: Path, named: dict[str, str]) -> Survey:
    """Read the file once, refuse dates that can't be read, and return a survey of the columns."""
    rows = files.table(path)
    _, header = next(rows)
    at = places(path, header, named)
    births: Counter[str] = Counter()
    sexes: Counter[str] = Counter([""])
    this_year = dt.datetime.now(dt.UTC).year
    for number, row in rows:
        born = row[at["birth_date"]]
        if born not in births and (why := dates.fault(born, this_year)):
            raise BadInput(why, file=path.name, row=number, column=header[at["birth_date"]])
        births[born] += 1
        sexes[row[at["sex"]] if "sex" in at else ""] += 1
    return survey(births, sexes)


def read_key(path: Path) -> bytes:
    """Read the agencies' key: hexadecimal, at least 32 bytes."""
    text = "".join(files.lines(path)).strip()
    try:
        key = bytes.fromhex(text)
    except ValueError:
        raise BadInput("not a key (hexadecimal); make one with `accord encode --new-key`", file=path.name) from None
    if len(key) < tokens.SHORTEST_KEY:
        raise BadInput(f"a key needs at least {tokens.SHORTEST_KEY} bytes", file=path.name)
    return key


def write_key(path: Path) -> None:
    """Write a new random key that only its owner can read. Refuses to overwrite a file."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadInput("already exists; a key is never overwritten", file=path.name) from None
    with os.fdopen(handle, "w") as stream:
        stream.write(secrets.token_hex(tokens.SHORTEST_KEY) + "\n")


def write_encoded(path: Path, encoded: Encoded) -> None:
    """Write one row per record: its id and, for each kind, its tokens in hexadecimal, separated by spaces."""
    kinds = tokens.kinds_of(encoded.scheme)
    made = encoded.tokens
    texts = [kind.astype(">u8").tobytes().hex(" ", 8).split() for kind in made.tokens]
    ends = [np.searchsorted(records, np.arange(made.size + 1)).tolist() for records in made.records]
    with path.open("w", newline="", encoding="utf-8") as stream:
        stream.write(f"{MARK}; scheme {encoded.scheme}; key {encoded.fingerprint}\n")
        rows = (
            [one, *(" ".join(text[end[number] : end[number + 1]]) for text, end in zip(texts, ends, strict=True))]
            for number, one in enumerate(encoded.ids)
        )
        csvs.write(stream, chain([["id", *(kind.name for kind in kinds)]], rows), end="\n")


def is_encoded(path: Path) -> bool:
    """Return True if a file's first line says that it holds tokens."""
    return next(files.lines(path), "").startswith(ANY_MARK)


def read_encoded(path: Path, tick: Callable[[int], None]) -> Encoded:
    """Read a file that `write_encoded` wrote."""
    text = files.lines(path)
    first = next(text, "").strip()
    if first.startswith(ANY_MARK) and first.split("; ")[0] != MARK:
        raise BadInput(
            "made by another version of Accord, which spells names differently: encode it again", file=path.name, row=1
        )
    mark = dict(part.split(" ", 1) for part in first.split("; ")[1:] if " " in part)
    scheme = mark.get("scheme", "")
    if scheme not in tokens.SCHEMES or "key" not in mark:
        raise BadInput("not a file made by `accord encode`", file=path.name, row=1)
    kinds = tokens.kinds_of(scheme)
    rows = files.table(path, text, start=2)
    _, header = next(rows)
    if header != ["id", *(kind.name for kind in kinds)]:
        raise BadInput("the columns don't match its scheme", file=path.name, row=2)
    ids: list[str] = []
    seen: set[str] = set()
    records: list[list[int]] = [[] for _ in kinds]
    found: list[list[str]] = [[] for _ in kinds]
    for number, row in rows:
        if row[0] in seen:
            raise BadInput("this id was already used", file=path.name, row=number, column="id")
        seen.add(row[0])
        for k, cell in enumerate(row[1:]):
            several = cell.split()
            records[k].extend([len(ids)] * len(several))
            found[k].extend(several)
        ids.append(csvs.bare(row[0]))
        tick(1)
    if not ids:
        raise BadInput("has no records", file=path.name)
    columns = [as_tokens(path, kind.name, texts) for kind, texts in zip(kinds, found, strict=True)]
    return Encoded(
        ids, TokenList(len(ids), [np.array(r, dtype=np.int32) for r in records], columns), scheme, mark["key"]
    )


def as_tokens(path: Path, column: str, texts: list[str]) -> Any:
    """Convert hexadecimal tokens to uint64."""
    try:
        raw = bytes.fromhex("".join(texts))
    except ValueError:
        raw = b""
    if len(raw) != 8 * len(texts):
        raise BadInput("has a value that is not a token", file=path.name, column=column)
    return np.frombuffer(raw, dtype=">u8").astype(np.uint64)


def id_pairs(path: Path) -> list[tuple[str, str]]:
    """Read id pairs from a CSV file with the columns left and right. Other columns are ignored."""
    rows = files.table(path)
    _, header = next(rows)
    for name in ("left", "right"):
        if name not in header:
            raise BadInput("this column is missing", file=path.name, row=1, column=name)
    left, right = header.index("left"), header.index("right")
    return [(csvs.bare(row[left]), csvs.bare(row[right])) for _, row in rows]
