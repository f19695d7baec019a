"""Look up the names that a nickname or a written abbreviation can mean. Pure functions.

`nicknames.csv` is a mostly English table by C. Northern and N. Crews (github.com/carltonnorthern/nicknames,
Apache-2.0). `nicknames_es.csv` is our own table of Spanish nicknames and of abbreviations used on forms (Ma., Fco.,
Hdez.).
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

MOST = 6


def _table(name: str) -> list[tuple[str, str]]:
    """Return (nickname, full name) pairs in file order."""
    with resources.files(__package__).joinpath(name).open(encoding="utf-8") as lines:
        return [(row["name2"], row["name1"]) for row in csv.DictReader(lines)]


@cache
def full_names() -> dict[str, tuple[str, ...]]:
    """Return each nickname's full names, starting with the nickname itself.

    Spanish names come next, the most common first. Then come the others, in alphabetical order.
    """
    found: dict[str, dict[str, None]] = {}
    for short, name in (*_table("nicknames_es.csv"), *sorted(_table("nicknames.csv"))):
        found.setdefault(short, {short: None})[name] = None
    return {short: tuple(names) for short, names in found.items()}


@cache
def short_names() -> dict[str, tuple[str, ...]]:
    """Return each name's nicknames, without the name itself."""
    found: dict[str, set[str]] = {}
    for short, names in full_names().items():
        for name in names:
            found.setdefault(name, set()).add(short)
    return {name: tuple(sorted(shorts - {name})) for name, shorts in found.items()}


def roots(word: str) -> tuple[str, ...]:
    """Return a first name and the names it can be short for, at most six."""
    return full_names().get(word, (word,))[:MOST]
