"""How names sound, and in which bucket a sound falls; how old somebody is. Pure.

A full hash of a name falls to frequency counting by whoever holds the table, so a name part's sound is cut into at most
1,024 buckets under the agency's search key; candidates are opened and compared.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from accord.core.spans import years_on

BUCKETS = 1024
_CODES = {**dict.fromkeys("bfpv", "1"), **dict.fromkeys("cgjkqsxz", "2"), **dict.fromkeys("dt", "3"), "l": "4"} | {
    **dict.fromkeys("mn", "5"),
    "r": "6",
}


def plain(name: str) -> str:
    """Lower case, no accents, letters and spaces only."""
    text = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(re.sub(r"[^a-z ]", " ", "".join(c for c in text if not unicodedata.combining(c))).split())


def sound(part: str) -> str:
    """A coarse Soundex of one name part: first letter by its class and up to three consonant classes."""
    digits = [_CODES.get(letter, "") for letter in part]
    squeezed = [d for i, d in enumerate(digits) if d and (i == 0 or d != digits[i - 1])]
    return (_CODES.get(part[0], "0") + "".join(squeezed[1 if digits[0] else 0 :]))[:4]


def sounds(*names: str) -> set[str]:
    """The sounds of all parts of all names."""
    return {sound(part) for name in names for part in plain(name).split()}


def likeness(query: str, names: str) -> int:
    """How many parts of the query are like a part of the names: 2 for the same or a beginning, 1 for the same sound."""
    have = plain(names).split()
    score = 0
    for part in plain(query).split():
        if any(other.startswith(part) for other in have):
            score += 2
        elif any(sound(other) == sound(part) for other in have):
            score += 1
    return score


class Ages(NamedTuple):
    """The least and the greatest age that someone can have; the same where the birthday is known."""

    least: int
    most: int


def born_for_age(years: int, said_on: date) -> tuple[date, date]:
    """The first and the last day on which someone may have been born whose age was `years` on the day `said_on`."""
    return years_on(said_on, -years - 1) + timedelta(days=1), years_on(said_on, -years)


def age_on(birth: date, day: date) -> int:
    """Whole years on a day. Whoever was born on 29 February is a year older on 1 March of a common year."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
