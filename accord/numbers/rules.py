"""Rules for periods, the measure, and combined totals, as pure functions without Django, a clock, or keys. The measure
reads facts that were opened elsewhere, and this file returns only counts."""

from __future__ import annotations

import io
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from accord.casework.codes import EXPLOITATION, age_group
from accord.core import csvs
from accord.numbers.codes import (
    CONTINUING,
    DOMINANCE,
    MEASURES,
    MIN_CONTRIBUTORS,
    NEW,
    PEOPLE_SCREENED,
    PEOPLE_SERVED,
    THRESHOLD,
    TOTAL,
    Measure,
)
from accord.statlib.protect import Leaf, Rules

Keys = tuple[str, ...]
Counts = Mapping[Keys, int]

_PREFIXES = {PEOPLE_SCREENED.code: "screened"}

RULES = Rules(threshold=THRESHOLD, min_contributors=MIN_CONTRIBUTORS, dominance=DOMINANCE)


@dataclass(frozen=True, order=True)
class Period:
    """A half-year of one measure: January 1 to June 30, or July 1 to December 31, both days included."""

    year: int
    half: int
    measure: str = PEOPLE_SERVED.code

    @property
    def half_year(self) -> str:
        """Return the half-year's code, such as 2026-1 or 2026-2."""
        return f"{self.year}-{self.half}"

    @property
    def code(self) -> str:
        """Return the code for addresses, such as 2026-1, or screened-2026-1 for the measure `people_screened`."""
        return self.half_year if self.measure == PEOPLE_SERVED.code else f"{_PREFIXES[self.measure]}-{self.half_year}"

    @property
    def counted(self) -> Measure:
        """Return the measure."""
        return MEASURES[self.measure]

    @property
    def which(self) -> dict[str, Any]:
        """Return the columns that identify a half-year of this measure in every table."""
        return {"measure": self.measure, "version": self.counted.version, "period": self.half_year}

    @property
    def first(self) -> date:
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last(self) -> date:
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def due(self) -> date:
        """Return the due date. Agencies have one month, so the date is July 31 or January 31."""
        return self.last + timedelta(days=31)

    def before(self) -> Period:
        """Return the half-year before this one."""
        return replace(self, half=1) if self.half == 2 else replace(self, year=self.year - 1, half=2)

    def of(self, measure: Measure) -> Period:
        """Return the same half-year of another measure."""
        return replace(self, measure=measure.code)


def period_of(day: date) -> Period:
    """Return the half-year that contains a day."""
    return Period(day.year, 1 if day.month <= 6 else 2)


def parse_period(code: str) -> Period:
    """Return the period for a code. Raises LookupError if the text is not a period code."""
    start, _dash, rest = code.partition("-")
    measure = next((measure for measure, prefix in _PREFIXES.items() if prefix == start), PEOPLE_SERVED.code)
    year, dash, half = (rest if measure != PEOPLE_SERVED.code else code).partition("-")
    if not (dash and len(year) == 4 and year.isascii() and year.isdigit() and half in ("1", "2") and int(year) > 1999):
        raise LookupError(code)
    return Period(int(year), int(half), measure)


def stored_period(measure: str, half_year: str) -> Period:
    """Return the half-year of a measure from its columns. Raises LookupError for an unknown measure."""
    if measure not in MEASURES:
        raise LookupError(measure)
    return replace(parse_period(half_year), measure=measure)


# The measure ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Facts:
    """The facts that the measure reads about one person: the days of service, the age at the end of the period (None if
    not known), and the type of trafficking."""

    days: tuple[date, ...]
    age: int | None
    type: str


@dataclass(frozen=True)
class Screens:
    """The screenings of one person, oldest first: day, form, and result."""

    screens: tuple[tuple[date, str, str], ...]


def cell_of(facts: Facts | Screens, period: Period) -> Keys | None:
    """Return the one cell that a person is counted in, or None if the person was not served, or not screened, in the
    period."""
    if isinstance(facts, Screens):
        return _screened(facts, period)
    if not any(period.first <= day <= period.last for day in facts.days):
        return None
    first = NEW if min(facts.days) >= period.first else CONTINUING
    kind = facts.type if facts.type in EXPLOITATION else "unknown"
    return age_group(facts.age), kind, first


def _screened(facts: Screens, period: Period) -> Keys | None:
    within = [one for one in facts.screens if period.first <= one[0] <= period.last]
    if not within:
        return None
    _day, tool, result = max(within, key=lambda one: one[0])
    known = PEOPLE_SCREENED.breakdowns
    return tool if tool in known["tool"] else "other", result if result in known["result"] else "unclear"


def tally(people: Iterable[Facts | Screens], period: Period) -> Counter[Keys]:
    """Count people by cell."""
    return Counter(cell for facts in people if (cell := cell_of(facts, period)) is not None)


def all_cells(measure: Measure = PEOPLE_SERVED) -> list[Keys]:
    """Return every combination of a measure's breakdowns, in the order of the code lists."""
    return list(itertools.product(*measure.breakdowns.values()))


def margin(counts: Counts, breakdown: str, measure: Measure = PEOPLE_SERVED) -> dict[str, int]:
    """Return the totals by one breakdown, including categories with a count of zero."""
    axis = list(measure.breakdowns).index(breakdown)
    found = dict.fromkeys(measure.breakdowns[breakdown], 0)
    for keys, count in counts.items():
        found[keys[axis]] += count
    return found


def problem(counts: Counts, measure: Measure = PEOPLE_SERVED) -> str:
    """Return why counts can't be submitted: "cell" for an unknown cell, "count" for anything but a whole number above
    zero, or '' if they can be submitted."""
    known = set(all_cells(measure))
    for keys, count in counts.items():
        if keys not in known:
            return "cell"
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            return "count"
    return ""


# Combined totals --------------------------------------------------------------------------------------------------


def leaves(parts: Mapping[str, Counts], measure: Measure = PEOPLE_SERVED) -> list[Leaf]:
    """Return the leaf cells of the agencies' combined totals, including zeros. Each cell has the count from each
    agency."""
    found = []
    for keys in all_cells(measure):
        by_agency = {agency: counts[keys] for agency, counts in parts.items() if counts.get(keys)}
        found.append(Leaf(keys, sum(by_agency.values()), by_agency))
    return found


def added(counts: Counts, keys: Keys) -> int:
    """Return the count of a cell, where `*` means a total."""
    return sum(count for cell, count in counts.items() if all(k in (TOTAL, c) for k, c in zip(keys, cell, strict=True)))


def with_margins(counts: Counts) -> Counter[Keys]:
    """Return the counts and all their totals in one pass. The result is the same as calling `added` for every cell."""
    found: Counter[Keys] = Counter()
    for cell, count in counts.items():
        for keys in itertools.product(*((key, TOTAL) for key in cell)):
            found[keys] += count
    return found


def contributors(leaf_cells: Iterable[Leaf]) -> Counter[Keys]:
    """Return how many agencies have at least one person in each cell. For a total, this is the number of agencies with
    someone in any of its cells."""
    found: dict[Keys, set[str]] = defaultdict(set)
    for leaf in leaf_cells:
        for keys in itertools.product(*((key, TOTAL) for key in leaf.keys)):
            found[keys].update(leaf.agencies)
    return Counter({keys: len(agencies) for keys, agencies in found.items()})


def may_review(analyst: str, reviewer: str) -> bool:
    """Return whether this account may review. The analyst's own account may not review, in any role or agency."""
    return analyst != reviewer


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    """Return rows as CSV with a header line. The cells contain only codes, our own words, and whole numbers."""
    out = io.StringIO()
    csvs.write(out, [header, *rows])
    return out.getvalue()
