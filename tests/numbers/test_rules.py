"""The measure and its rules: the tables of docs/reference/specs/totals.md."""

from __future__ import annotations

from datetime import date

import pytest

from accord.numbers import rules
from accord.numbers.codes import BREAKDOWNS, PEOPLE_SCREENED
from accord.numbers.rules import Facts, Period, Screens
from accord.people.codes import Birth
from accord.people.queries import age
from accord.statlib.protect import Sum, protect
from tests.spec.tables import Row, cases

HALF = Period(2026, 1)
CELL = ("18_24", "sex", "new")
SPEC = "totals.md"


@cases(SPEC, "Who counts, and where")
def test_the_measure(row: Row) -> None:
    days = tuple(date.fromisoformat(day) for day in row.list("days of service"))
    years = age(Birth(date=row["born"]), HALF.last) if row["born"] else None
    cell = rules.cell_of(Facts(days, years, row["type"] or "unknown"), HALF)
    assert " ".join(cell or ("no one",)) == row["counts as"]


@cases(SPEC, "Who counts as screened")
def test_who_counts_as_screened(row: Row) -> None:
    screens = tuple(
        (date.fromisoformat(day), tool, result) for day, tool, result in map(str.split, row.list("screenings"))
    )
    cell = rules.cell_of(Screens(screens), HALF.of(PEOPLE_SCREENED))
    assert " ".join(cell or ("no one",)) == row["counts as"]


def test_a_half_year_of_another_measure_has_an_address_of_its_own() -> None:
    screened = HALF.of(PEOPLE_SCREENED)
    assert (screened.code, screened.half_year) == ("screened-2026-1", "2026-1")
    assert rules.parse_period(screened.code) == screened != HALF
    assert screened.before() == Period(2025, 2, PEOPLE_SCREENED.code)
    for code in ("people_served-2026-1", "screened-", "screened-2026", "screened-screened-2026-1", "served-2026-1"):
        with pytest.raises(LookupError):
            rules.parse_period(code)


@cases(SPEC, "Half-years")
def test_half_years(row: Row) -> None:
    period = rules.period_of(date.fromisoformat(row["case"]))
    assert period.code == row["code"]
    found = [day.isoformat() for day in (period.first, period.last, period.due)]
    assert found == [row["first day"], row["last day"], row["totals are due"]]
    assert rules.parse_period(period.code) == period
    assert (period.first - period.before().last).days == 1


@pytest.mark.parametrize(
    "code", ["", "2026", "2026-0", "2026-3", "26-1", "2026-1-1", "1999-1", "２０２６-1", "2026-1 "]
)
def test_no_other_address_is_a_half_year(code: str) -> None:
    with pytest.raises(LookupError):
        rules.parse_period(code)


@pytest.mark.line(70)
@cases(SPEC, "Which combined figures are shown")
def test_what_is_shown(row: Row) -> None:
    parts = {name: {CELL: int(row[name])} for name in "ABCD" if int(row[name])}
    release = protect(rules.leaves(parts), tuple(BREAKDOWNS), rules=rules.RULES, limit_seconds=2)
    value = next(each.value for each in release.cells if each.keys == CELL)
    assert value == (None if row["shown"] == "not shown" else int(row["shown"]))
    assert value == next(each.value for each in release.cells if set(each.keys) == {"*"})


def test_a_sum_adds_agencies_and_names_who_contributed() -> None:
    cell, other = CELL, ("25_59", "labour", "continuing")
    found = {leaf.keys: leaf for leaf in rules.leaves({"A": {cell: 3}, "B": {cell: 4, other: 2}})}
    assert len(found) == 50
    assert (found[cell].count, dict(found[cell].agencies)) == (7, {"A": 3, "B": 4})
    assert (found[other].count, dict(found[other].agencies)) == (2, {"B": 2})
    assert sum(leaf.count for leaf in found.values()) == 9


@pytest.mark.line(72)
@cases(SPEC, "A second table of the same half-year")
def test_a_second_table_reveals_nothing_by_subtraction(row: Row) -> None:
    """What three agencies counted is published; others have joined, and the cell is shown again or not."""
    early = {f"early {n}": {CELL: count} for n, count in enumerate((20, 15, 15))}
    late = {f"late {n}": {CELL: int(count)} for n, count in enumerate(row.list("they add")) if int(count)}
    everyone = ("*", "*", "*")
    first = Sum(rules.leaves(early), {CELL: 50, everyone: 50})
    release = protect(rules.leaves(early | late), tuple(BREAKDOWNS), rules=rules.RULES, sums=[first], limit_seconds=0.5)
    value = next(each.value for each in release.cells if each.keys == CELL)
    both = 50 + sum(counts[CELL] for counts in late.values())
    assert value == (None if row["shown again"] == "no" else both)


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ({("18_24", "sex", "new"): 3}, ""),
        ({}, ""),
        ({("18_24", "sex"): 3}, "cell"),
        ({("Maria", "sex", "new"): 3}, "cell"),
        ({("18_24", "sex", "new"): -1}, "count"),
        ({("18_24", "sex", "new"): 0}, "count"),
        ({("18_24", "sex", "new"): 2.5}, "count"),
        ({("18_24", "sex", "new"): True}, "count"),
    ],
)
def test_totals_hold_known_cells_and_whole_numbers_only(counts: dict, found: str) -> None:
    assert rules.problem(counts) == found
