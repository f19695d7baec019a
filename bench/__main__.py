"""Measure the speed budgets (`make bench`): medians of many short rounds, with their spread.

Runs on two copies of Riverbend in the tests' own database folder: Harbor House has 1,000 people in one and 5,000 in the
other. Pages of both take turns, as do statements with and without the floor (`bench/rounds.py`). At the end, the County
Hospital gets 100,000 people (or ACCORD_BENCH_PEOPLE) for the search by name.

A budget is missed if three of four rounds were over it. Budgets apply to processor time, adding up the Python process
and the database process. On an otherwise idle machine, this is the elapsed time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from django.conf import settings
from django.template import engines
from django.test.utils import teardown_test_environment

import tests.conftest  # noqa: F401  (prepares the database folder before anything else is imported)
from accord.demo import grown
from bench import forms, measures
from bench.measures import Row
from bench.rounds import Figure, calibration, interleaved, note
from bench.towns import ELSEWHERE, Town, town
from tests import region, shuffled

# Why a budget was missed on the machine used for the last profile. Printed next to the miss.
CAUSES = {
    "page: my people": "opens the names and contacts of a page, counts and sorts all ties, renders fifty rows",
    "page: a person": "half of Python's part renders the template with its words; then what opens forty lines of the log",
    "page: release, new": "Python's part renders the form: some fifty choices, each with the template's lookups",
    "page:": "about half of Python's part renders the template with its words; then the driver, and each statement's policies",
    "a short read": "the actor is looked up in each statement (session, account, membership), and nested policies are set up",
    "writes": "the actor is looked up once more, in the policy that checks what is written",
    "activating": "each statement with its way to the database and a lookup of the actor; then sealing and the law",
    "adding": "two sealings, a JSON text and two rows for each entry; the sounds of each name",
    "search": "each candidate costs two openings, a JSON text and a comparison; some hundreds are opened",
    "half-year": "two openings and a JSON text for each of three entries a person",
    "form of": "a filled form is computed anew for each request; then one expression for each question of the page",
    "sum of": "opening 500 submissions; then one attacker for each agency that has something to find out",
}
SMALL, LARGE, MANY = 1_000, 5_000, 100_000
AGENCIES = 500
LONG_ROUNDS = 9


def rows(small: Town, large: Town, many: int) -> Iterator[Row]:
    """Yield every figure, in the order of the budget table. `many` people are added for the search."""
    yield from _pages(small, large)
    with measures.floor(large) as statements:
        taken = interleaved(statements)
    for what, _statement, budget in measures.FLOOR:
        yield measures.compared(what, taken[what, "web"], taken[what, "owner"], budget)
    signing, asked = measures.activation(large)
    activated = interleaved({"": signing})[""]
    yield measures.timed("activating a release of five kinds", activated, 0.020, f", {asked.total()} statements")
    yield from _totals(large)
    yield from forms.rows(large)
    first, later = large.seat.do(measures.weight, large.world, f"/people/{large.ids['alma']}/")
    yield Row("a page over the wire, first visit", Figure.of([first]), 150, "KB")
    yield Row("a page over the wire, later", Figure.of([later]), 30, "KB")
    yield from _search(large, many)


def _pages(small: Town, large: Town) -> Iterator[Row]:
    works = {
        f"{what} {town.people}": measures.page(town, user, route)
        for user, what, route in measures.PAGES
        for town in (small, large)
    }
    taken = interleaved(works)
    for _user, what, _route in measures.PAGES:
        name = f"{what} {large.people}"
        yield measures.timed(f"page: {what}", taken[name], 0.050, f", {measures.statements(works[name])} statements")
    for _user, what, _route in measures.PAGES:
        sides = taken[f"{what} {large.people}"], taken[f"{what} {small.people}"]
        yield measures.compared(f"page: {what}, {large.people} against {small.people} people", *sides, 1.3)


def _totals(large: Town) -> Iterator[Row]:
    large.seat.do(measures.submissions, large.world, AGENCIES)
    works = {"half-year": measures.half_year(large), "sum": measures.sum_of_all(large)}
    taken = interleaved(works, LONG_ROUNDS, 1)
    yield measures.timed(f"half-year totals of {large.people} people", taken["half-year"], 1.0)
    yield measures.timed(f"sum of {AGENCIES} submissions, with its protection", taken["sum"], 1.0)


def _search(large: Town, many: int) -> Iterator[Row]:
    grown_in = large.grow(ELSEWHERE, range(many))
    yield Row(f"adding {many} people", Figure.of([grown_in.processor]), many / 100_000 * 300, note=note([grown_in]))
    found = {number: measures.search(large, ELSEWHERE, grown.name(number)) for number in range(7, many, many // 5)}
    each = interleaved(found, LONG_ROUNDS)
    yield measures.timed(f"search by name among {many} people", [one for every in each.values() for one in every], 0.1)


def shown(row: Row) -> str:
    """Return a figure with its quartiles, budget and ratio to the calibration loop, and whether the budget is met."""
    scale, unit = (1000, "ms") if row.unit == "s" else (1, row.unit)
    places = 1 if row.unit == "s" else 2
    median, low, high = (
        f"{value * scale:.{places}f}" for value in (row.figure.median, row.figure.low, row.figure.high)
    )
    ratio = f"{row.ratio:.2f}" if row.ratio else ""
    verdict = "MISSED" if row.missed else ""
    spread, budget = f"{low} to {high}", f"{row.budget * scale:g} {unit}"
    return f"{row.what:<58}{median:>9} {unit:<3}{spread:>20}{ratio:>9}{budget:>11}  {verdict:<7}{row.note}"


def _cause(row: Row) -> str:
    return next((cause for start, cause in CAUSES.items() if row.what.startswith(start)), "not profiled yet")


def as_in_production() -> None:
    """Take off what the tests put on: every rendered template recorded, undefined names refused, rows mixed."""
    teardown_test_environment()
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    engines["django"].engine.string_if_invalid = ""
    shuffled.end()


def main() -> int:
    """Print every row, and list each missed budget again at the end with its cause."""
    as_in_production()
    heads = f"{'what':<58}{'median':>9}    {'half of the rounds':>20}{'ratio':>9}{'budget':>11}"
    sys.stdout.write(f"calibration loop: {calibration() * 1000:.1f} ms\n\n{heads}\n")
    missed: list[Row] = []
    with town(SMALL) as small, town(LARGE) as large:
        for row in rows(small, large, int(os.environ.get("ACCORD_BENCH_PEOPLE", MANY))):
            sys.stdout.write(shown(row).rstrip() + "\n")
            sys.stdout.flush()
            missed += [row] if row.missed else []
    lines = [f"  {row.what}: {_cause(row)}\n" for row in missed]
    sys.stdout.write("\nmissed, in three of four rounds:\n" + "".join(lines or ["  none\n"]))
    return 0


if __name__ == "__main__":
    main()
    region.databases().cluster().stop()
