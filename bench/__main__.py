"""Measure the speed budgets (`make bench`): medians next to a calibration loop from the same run.

Runs on a copy of Riverbend in the tests' own database folder. Generated people are added to Harbor House, first up to
1,000 people, then up to 5,000. With ACCORD_BENCH_PEOPLE=100000, it continues to that many for the search by name, which
takes minutes.

Budgets apply to processor time, adding up the Python process and the database process. On an otherwise idle machine,
this is the elapsed time. The ratio to the calibration loop (SHA-256 over 1 MB, 20 times) shows how fast the machine is.
The number of statements is the most telling figure.
"""

from __future__ import annotations

import hashlib
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator

from django.test.utils import teardown_test_environment

import tests.conftest  # noqa: F401  (prepares the database folder before anything else is imported)
from accord.cli._people import progress
from accord.demo import grown
from accord.people import queries as people_queries
from accord.sharing.floor import CLOCK
from bench import measures
from bench.measures import Row
from tests import region
from tests.region import World

# Why a budget was missed on the machine used for the last profile. Printed next to the miss.
CAUSES = {
    "page: my people": "opens the names and contacts of a page, counts and sorts all ties, renders fifty rows",
    "page: a person": "half of Python's part renders the template with its words; then what opens forty lines of the log",
    "page: release, new": "Python's part renders the form: some fifty choices, each with the template's lookups",
    "page:": "about half of Python's part renders the template with its words; then the driver, and each statement's policies",
    "a short read": "the actor is looked up in each statement (session, account, membership), and nested policies are set up",
    "writes": "as for a short read, twice: a policy guards what is read, and another checks what is written",
    "activating": "21 statements, each with its way to the database and a lookup of the actor; then sealing and the law",
    "search": "each candidate costs two openings and a JSON text; some hundreds are opened",
    "half-year": "two openings and a JSON text for each of three entries a person",
    "sum of": "opening 500 submissions; then one attacker for each agency that has something to find out",
}
SMALL, LARGE = 1_000, 5_000
AGENCIES = 500


def calibration() -> float:
    """Return the seconds that a loop takes that only hashes."""
    block = b"0" * 1_000_000
    started = time.process_time()
    for _ in range(20):
        hashlib.sha256(block).digest()
    return time.process_time() - started


def grow(world: World, user: str, start: int, stop: int) -> None:
    """Grow a persona's agency from `start` to `stop` generated people and update the planner's statistics."""
    with progress(f"{stop} people", stop - start) as tick:
        grown.build(world, {user: range(start, stop)}, tick)
    with world.owner() as owner:
        owner.execute("analyze")


def rows(world: World) -> Iterator[Row]:
    """Yield every figure, in the order of the budget table."""
    with world.owner() as owner:
        owner.execute(CLOCK)  # the production clock, because the tests' movable clock reads a table each time
    grow(world, "alma", 0, 40)
    with world.as_("alma") as alma:
        (*hers, last) = [card.ref for card in people_queries.my_people(actor=alma)]
    activated = [measures.activate(world, ref) for ref in hers[: measures.WARM + 9]][measures.WARM :]
    shared = measures.take_up(world)
    grow(world, "adele", 0, SMALL)
    with world.as_("adele") as adele:
        own = people_queries.my_people(actor=adele, size=1)[0].ref
    ids = {"alma": str(last), "own": str(own), "shared": str(shared)}
    small = measures.pages(world, ids)
    grow(world, "adele", SMALL, LARGE)
    large = measures.pages(world, ids)
    for what, (taken, statements) in large.items():
        yield Row(f"page: {what}", taken.processor, 0.050, note=taken.note(statements))
    for what, (taken, _) in large.items():
        yield Row(f"page: {what}, {LARGE} to {SMALL} people", taken.processor / small[what][0].processor, 1.3, "x")
    yield from measures.floor(world, own)
    taken, statements = measures.middle([each for each, _ in activated]), activated[-1][1]
    yield Row("activating a release of five kinds", taken.processor, 0.020, note=taken.note(statements))
    yield _long(f"half-year totals of {LARGE} people", measures.half_year, world)
    measures.submissions(world, AGENCIES)
    yield _long(f"sum of {AGENCIES} submissions, with its protection", measures.sum_of_all, world)
    first, later = measures.weight(world, f"/people/{last}/")
    yield Row("a page over the wire, first visit", first, 150, "KB")
    yield Row("a page over the wire, later", later, 30, "KB")
    most = int(os.environ.get("ACCORD_BENCH_PEOPLE", LARGE))
    if most > LARGE:
        grow(world, "adele", LARGE, most)
    found = measures.median(measures.search(world, grown.name(most // 2)), 5)
    yield Row(f"search by name among {most} people", found.processor, 0.100, note=found.note())


def _long(what: str, work: Callable[[World], None], world: World) -> Row:
    """Return the row for work that is done once."""
    taken = measures.once(lambda: work(world))
    return Row(what, taken.processor, 1.0, note=taken.note())


def shown(row: Row, unit: float) -> str:
    """Return a figure with its budget, its ratio to the calibration loop, and whether the budget is met."""
    value, budget = (
        (f"{row.value * 1000:.1f} ms", f"{row.budget * 1000:.0f} ms")
        if row.unit == "s"
        else (f"{row.value:.2f} {row.unit}", f"{row.budget:g} {row.unit}")
    )
    ratio = f"{row.value / unit:.2f}" if row.unit == "s" else ""
    verdict = "MISSED" if row.value > row.budget else ""
    return f"{row.what:<52}{value:>12}{ratio:>8}{budget:>10}  {verdict:<8}{row.note}"


def _cause(row: Row) -> str:
    return next((cause for start, cause in CAUSES.items() if row.what.startswith(start)), "not profiled yet")


def main() -> int:
    """Print every row, and list each missed budget again at the end with its cause."""
    teardown_test_environment()  # tests record every rendered template, which a real response does not
    unit = statistics.median(calibration() for _ in range(5))
    sys.stdout.write(
        f"calibration loop: {unit * 1000:.1f} ms\n\n{'what':<52}{'median':>12}{'ratio':>8}{'budget':>10}\n"
    )
    missed: list[Row] = []
    with region.copy_of_template("bench") as world:
        for row in rows(world):
            sys.stdout.write(shown(row, unit).rstrip() + "\n")
            sys.stdout.flush()
            missed += [row] if row.value > row.budget else []
    lines = [f"  {row.what}: {_cause(row)}\n" for row in missed]
    sys.stdout.write("\nmissed:\n" + "".join(lines or ["  none\n"]))
    return 0


if __name__ == "__main__":
    main()
    region.databases().cluster().stop()
