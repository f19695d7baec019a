"""Which days a question can be answered with: so many years back and ahead of today. Pure."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date

BUDDHIST = 543  # the Buddhist era of Thailand, Laos and Cambodia counts from 543 before ours


@dataclass(frozen=True)
class Span:
    """Whole years back from today and ahead of it; 0 is today itself."""

    back: int
    ahead: int

    def first(self, today: date) -> date:
        """The earliest day that fits."""
        return years_on(today, -self.back)

    def last(self, today: date) -> date:
        """The latest day that fits."""
        return years_on(today, self.ahead)

    def fits(self, day: date, today: date) -> bool:
        """Whether a day fits."""
        return self.first(today) <= day <= self.last(today)


def years_on(day: date, years: int) -> date:
    """The same day so many years later, or earlier where negative: 28 February for a 29th that is not there."""
    year = max(date.min.year, min(date.max.year, day.year + years))
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=year, day=28 if leap_day and not isleap(year) else day.day)


def from_buddhist(year: int) -> int | None:
    """The year of our era, where this looks like one of the Buddhist era: 2542 is 1999."""
    return year - BUDDHIST if 2400 <= year < 2600 else None


BORN = Span(120, 0)
HAPPENED = Span(50, 0)  # help given, a paper that came, a step that was taken
DUE = Span(10, 20)  # a deadline: those that passed may still be written down
BEGINS = Span(1, 5)  # an agreement or a release
ENDS = Span(0, 20)  # the last day of something that is allowed from now on
