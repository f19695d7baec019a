"""Date ranges for form fields: how many years before and after today an answer can be. Pure functions."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date

BUDDHIST = 543  # the Buddhist era of Thailand, Laos, and Cambodia counts from 543 B.C.


@dataclass(frozen=True)
class Span:
    """A range of whole years before and after today. 0 means today itself."""

    back: int
    ahead: int

    def first(self, today: date) -> date:
        """Return the earliest day that fits."""
        return years_on(today, -self.back)

    def last(self, today: date) -> date:
        """Return the latest day that fits."""
        return years_on(today, self.ahead)

    def fits(self, day: date, today: date) -> bool:
        """Return True if a day fits."""
        return self.first(today) <= day <= self.last(today)


def years_on(day: date, years: int) -> date:
    """Return the same day some years later, or earlier if `years` is negative. Feb. 29 can become Feb. 28."""
    year = max(date.min.year, min(date.max.year, day.year + years))
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=year, day=28 if leap_day and not isleap(year) else day.day)


def from_buddhist(year: int) -> int | None:
    """Return the Common Era year for a Buddhist Era year (2542 is 1999), or None for any other year."""
    return year - BUDDHIST if 2400 <= year < 2600 else None


BORN = Span(120, 0)
HAPPENED = Span(50, 0)  # a service, a document received, a step taken
DUE = Span(10, 20)  # a deadline, which can still be recorded after it has passed
BEGINS = Span(1, 5)  # an agreement or a release
ENDS = Span(0, 20)  # the last day of something that is allowed from now on
