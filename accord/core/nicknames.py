"""Which names a nickname or a written abbreviation can mean. Pure.

`nicknames.csv` is the table of C. Northern and N. Crews (github.com/carltonnorthern/nicknames, Apache-2.0), mostly
English. `nicknames_es.csv` is our own: Spanish nicknames, and abbreviations used on forms (Ma., Fco., Hdez.).
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

MOST = 6


def _table(name: str) -> list[tuple[str, str]]:
    """Return pairs (nickname, full name), in the order of the file."""
    with resources.files(__package__).joinpath(name).open(encoding="utf-8") as lines:
        return [(row["name2"], row["name1"]) for row in csv.DictReader(lines)]


@cache
def full_names() -> dict[str, tuple[str, ...]]:
    """Return the full names of each nickname, itself first: Spanish ones by how common they are, then the others by
    letter.
    """
    found: dict[str, dict[str, None]] = {}
    for short, name in (*_table("nicknames_es.csv"), *sorted(_table("nicknames.csv"))):
        found.setdefault(short, {short: None})[name] = None
    return {short: tuple(names) for short, names in found.items()}


@cache
def short_names() -> dict[str, tuple[str, ...]]:
    """Return the nicknames of each name, without the name itself."""
    found: dict[str, set[str]] = {}
    for short, names in full_names().items():
        for name in names:
            found.setdefault(name, set()).add(short)
    return {name: tuple(sorted(shorts - {name})) for name, shorts in found.items()}


def roots(word: str) -> tuple[str, ...]:
    """Return a first name and the names it can be short for, at most six."""
    return full_names().get(word, (word,))[:MOST]
