"""Read birth dates as people write them in lists, recognize placeholders, and refuse dates that can't be read.

The year comes first: 1999-12-31, 1999/12/31, 19991231, 1999-12, or 1999, with digits in any script. A placeholder
(0000-00-00, 9999-12-31) means that nothing is known. A month or day of 00 means that the month and day are unknown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?|([0-9]{2})([0-9]{2})|/([0-9]{2})/([0-9]{2}))?")
EIGHT = re.compile(r"[0-9]{8}")
EARLIEST = 1900  # no one on a list was born before this year
BUDDHIST, LONGEST_LIFE = 543, 120
NO_YEARS = frozenset({"0000", "1111", "9999"})
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
MARKS = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u061c\ufeff"))  # direction marks and other zero-width characters
NOT_READ = "not a readable date (write the year first: 1999-12-31, 19991231, 1999-12 or 1999)"


class Birth(NamedTuple):
    """A birth date in parts. `day` is empty if only the year can be trusted."""

    year: str
    day: str


@lru_cache(1 << 16)
def plain(text: str) -> str:
    """Return the text with ASCII digits and hyphens, no matter what script it was typed in."""
    if text.isascii():
        return text.strip()
    folded = unicodedata.normalize("NFKC", text).translate(DASHES | MARKS).strip()
    return "".join(str(unicodedata.decimal(c, c)) for c in folded)


def split(text: str) -> tuple[str, str, str] | None:
    """Return the year, month, and day as text (empty if not given), or None if the text is not written like a date."""
    found = DATE.fullmatch(plain(text))
    return (found[1], found[2] or found[4] or found[6] or "", found[3] or found[5] or found[7] or "") if found else None


@lru_cache(1 << 16)
def birth(text: str) -> Birth | None:
    """Return the year together with the month and day, only the year if the date is an estimate, or None if nothing is
    known. Registries write January 1 when they know only the year, so that date is read as a year. Otherwise it would
    form one giant block of false agreements. A day that does not exist in any calendar is kept, because it is a typing
    error like any other."""
    parts = split(text)
    if not parts or placeholder(text):
        return None
    year, month, day = parts
    if not month or not day or "00" in (month, day) or (month, day) == ("01", "01"):
        return Birth(year, "")
    return Birth(year, month + day)


def placeholder(text: str) -> bool:
    """Return whether people type this text when they do not know the date: the year 0, 1111, or 9999; 1900 without a
    day; or 2000 with month 00."""
    parts = split(text)
    if not parts:
        return False
    year, month, day = parts
    undated = (month, day) in (("00", "00"), ("01", "01"), ("", ""))
    return year in NO_YEARS or (year == "1900" and undated) or (year == "2000" and month == "00")


def fault(text: str, this_year: int) -> str:
    """Return a short reason why a date is refused, or an empty string for a readable date and for empty text."""
    written = plain(text)
    if not written or placeholder(text):
        return ""
    parts = split(text)
    if not parts:
        return NOT_READ
    year = int(parts[0])
    if EIGHT.fullmatch(written) and not (int(parts[1]) <= 12 and int(parts[2]) <= 31):
        return "these eight digits are not a date when read as year, month, day; write 1999-12-31"
    if year + LONGEST_LIFE >= this_year + BUDDHIST and year <= this_year + BUDDHIST:
        return "this looks like a year of the Thai calendar; take 543 from it"
    if year > this_year:
        return "this year is in the future"
    if 1280 <= year <= 1450:
        return "this looks like a year of the Persian or the Islamic calendar; write the year of the common calendar"
    return "this year is before 1900" if year < EARLIEST else ""


FEW, USUAL_SHARE, TOO_OFTEN = 20, 0.01, 5.0


def overused(births: Mapping[str, int]) -> frozenset[str]:
    """Return the dates shared by so many records in one list that they must be a typist's habit. `births` maps each
    text to its number of records.

    A whole date is included if at least 20 records and at least one in a hundred share it. A date read as a year
    (January 1, or month or day 00) is included if its year is also more than five times as common among such dates as
    among whole dates. So 2000-01-01 is included if it means "unknown" but not if many births are estimated. Plain years
    are what the typist meant, and are never included.
    """
    known = {text: (born, number) for text, number in births.items() if (born := birth(text))}
    total = sum(number for _, number in known.values())
    whole: dict[str, int] = {}
    rounded: dict[str, int] = {}
    texts: dict[Birth, list[str]] = {}
    count: dict[Birth, int] = {}
    for text, (born, number) in known.items():
        if not born.day and len(plain(text)) == 4:
            continue
        years = whole if born.day else rounded
        years[born.year] = years.get(born.year, 0) + number
        texts.setdefault(born, []).append(text)
        count[born] = count.get(born, 0) + number
    dated, estimated = sum(whole.values()), sum(rounded.values())

    def too_often(born: Birth) -> bool:
        if count[born] < FEW or count[born] < USUAL_SHARE * total:
            return False
        expected = estimated * (whole.get(born.year, 0) + 1) / (dated + 1)
        return bool(born.day) or (dated >= 5 * FEW and count[born] > TOO_OFTEN * expected)

    return frozenset(text for born, several in texts.items() if too_often(born) for text in several)
