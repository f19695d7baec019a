"""Rules for periods, the measure, and combined totals, as pure functions without Django, a clock, or keys. The measure
reads facts that were opened elsewhere, and this file returns only counts."""

from __future__ import annotations

import io
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accord.casework.codes import EXPLOITATION, age_group
from accord.core import csvs
from accord.numbers.codes import (
    BREAKDOWNS,
    CONTINUING,
    DOMINANCE,
    MIN_CONTRIBUTORS,
    NEW,
    THRESHOLD,
    TOTAL,
)
from accord.statlib.protect import Leaf, Rules

Keys = tuple[str, ...]
Counts = Mapping[Keys, int]

RULES = Rules(threshold=THRESHOLD, min_contributors=MIN_CONTRIBUTORS, dominance=DOMINANCE)


@dataclass(frozen=True, order=True)
class Period:
    """A half-year: January 1 to June 30, or July 1 to December 31, both days included."""

    year: int
    half: int

    @property
    def code(self) -> str:
        """Return the code, such as 2026-1 or 2026-2."""
        return f"{self.year}-{self.half}"

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
        return Period(self.year, 1) if self.half == 2 else Period(self.year - 1, 2)


def period_of(day: date) -> Period:
    """Return the half-year that contains a day."""
    return Period(day.year, 1 if day.month <= 6 else 2)


def parse_period(code: str) -> Period:
    """Return the period for a code. Raises LookupError if the text is not a period code."""
    year, dash, half = code.partition("-")
    if not (dash and len(year) == 4 and year.isascii() and year.isdigit() and half in ("1", "2") and int(year) > 1999):
        raise LookupError(code)
    return Period(int(year), int(half))


# The measure ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Facts:
    """The facts that the measure reads about one person: the days of service, the age at the end of the period (None if
    not known), and the type of trafficking."""

    days: tuple[date, ...]
    age: int | None
    type: str


def cell_of(facts: Facts, period: Period) -> Keys | None:
    """Return the one cell that a person is counted in, or None if the person was not served in the period."""
    if not any(period.first <= day <= period.last for day in facts.days):
        return None
    first = NEW if min(facts.days) >= period.first else CONTINUING
    kind = facts.type if facts.type in EXPLOITATION else "unknown"
    return age_group(facts.age), kind, first


def tally(people: Iterable[Facts], period: Period) -> Counter[Keys]:
    """Count people by cell."""
    return Counter(cell for facts in people if (cell := cell_of(facts, period)) is not None)


def all_cells() -> list[Keys]:
    """Return every combination of the breakdowns, in the order of the code lists."""
    return list(itertools.product(*BREAKDOWNS.values()))


def margin(counts: Counts, breakdown: str) -> dict[str, int]:
    """Return the totals by one breakdown, including categories with a count of zero."""
    axis = list(BREAKDOWNS).index(breakdown)
    found = dict.fromkeys(BREAKDOWNS[breakdown], 0)
    for keys, count in counts.items():
        found[keys[axis]] += count
    return found


def problem(counts: Counts) -> str:
    """Return why counts can't be submitted: "cell" for an unknown cell, "count" for anything but a whole number above
    zero, or '' if they can be submitted."""
    known = set(all_cells())
    for keys, count in counts.items():
        if keys not in known:
            return "cell"
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            return "count"
    return ""


# Combined totals --------------------------------------------------------------------------------------------------


def leaves(parts: Mapping[str, Counts]) -> list[Leaf]:
    """Return the leaf cells of the agencies' combined totals, including zeros. Each cell has the count from each
    agency."""
    found = []
    for keys in all_cells():
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
