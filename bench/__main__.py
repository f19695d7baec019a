"""`make bench`: the budgets of the design that exist so far, as medians beside a calibration loop of the same run.

Runs on a copy of Riverbend in the tests' own database folder. A time alone says little on a busy machine; the ratio to
the calibration loop (SHA-256 over 1 MB, 20 times) says more.
"""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import tests.conftest  # noqa: F401  (prepares the database folder before anything else is imported)
from accord.core import clock
from accord.people import queries as people_queries
from accord.people import services as people
from accord.people.codes import PersonName, SafeContact
from accord.releases import queries as release_queries
from accord.releases import services as releases
from accord.releases.entries import Release
from tests import region
from tests.region import World

PEOPLE = 200


def calibration() -> float:
    """Seconds of a loop that does nothing but hash."""
    block = b"0" * 1_000_000
    started = time.perf_counter()
    for _ in range(20):
        hashlib.sha256(block).digest()
    return time.perf_counter() - started


def median(work: Callable[[], object], rounds: int = 15) -> float:
    """The median of some rounds, in seconds, after one that warms up."""
    work()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def fill(world: World, count: int) -> list[UUID]:
    """People of Harbor House with a name and a safe contact."""
    refs = []
    with world.as_("alma") as alma:
        for number in range(count):
            name = PersonName(used=f"Person {number} Ashdown")
            known = people.open_record(actor=alma, name=name, contact=SafeContact(method="text", when="mornings"))
            refs.append(known.ref)
    return refs


def draft(world: World, ref: UUID) -> tuple[UUID, Release]:
    """A release of five kinds to Legal Aid, ready to be signed."""
    with world.as_("alma") as alma:
        today = clock.today(alma.zone)
        release = Release(
            recipient=str(world.agencies["legal"]),
            kinds=("identity.name", "identity.birth", "contact.safe", "needs", "services"),
            purposes=("legal_help",),
            start=today.isoformat(),
            last_day=(today + timedelta(days=30)).isoformat(),
            person_languages=("en",),
        )
        return releases.draft(actor=alma, ref=ref, release=release), release


def activate(world: World, ref: UUID) -> float:
    """Seconds to sign and activate one release of five kinds, without its PDF."""
    series, release = draft(world, ref)
    with world.as_("alma") as alma:
        said = tuple(s.value for s in release_queries.statements_needed(actor=alma, release=release))
        started = time.perf_counter()
        releases.sign(
            actor=alma,
            ref=ref,
            series=series,
            revision=1,
            age=30,
            signers=(releases.Signer("She", "self", ("en",), "typed"),),
            statements=said,
            witness="Alma",
        )
        return time.perf_counter() - started


def search(world: World) -> object:
    """One search by name."""
    with world.as_("alma") as alma:
        return people_queries.find_by_name(actor=alma, text="Ashdown")


def main() -> None:
    """Print every row."""
    unit = statistics.median(calibration() for _ in range(5))
    with region.copy_of_template("bench") as world:
        client = world.client("alma")
        refs = fill(world, PEOPLE)
        rows = [
            ("person page, server time", median(lambda: client.get(f"/people/{refs[0]}/")), 0.050),
            ("my people, server time", median(lambda: client.get("/people/"), 5), 0.050),
            ("search by name", median(lambda: search(world), 5), 0.100),
            ("activating a release of five kinds", statistics.median(activate(world, ref) for ref in refs[:9]), 0.020),
        ]
    print(f"calibration loop: {unit * 1000:.1f} ms; agency of {PEOPLE} people\n")
    print(f"{'what':<40}{'median':>10}{'ratio':>8}{'budget':>10}")
    for what, seconds, budget in rows:
        verdict = "" if seconds <= budget else "  over"
        print(f"{what:<40}{seconds * 1000:>7.1f} ms{seconds / unit:>8.2f}{budget * 1000:>7.0f} ms{verdict}")


if __name__ == "__main__":
    main()
    region.databases().cluster().stop()
