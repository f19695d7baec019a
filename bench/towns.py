"""Riverbend in the sizes that are compared: Harbor House with a thousand people, and with five thousand in a larger
hub."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from accord.access.actors import Actor
from accord.cli._people import progress
from accord.core import clock
from accord.demo import grown
from accord.people import queries as people_queries
from accord.releases import queries as release_queries
from accord.releases import services as releases
from accord.releases.entries import Release
from accord.sharing import services as records
from accord.sharing.floor import CLOCK
from bench.rounds import ROUNDS, WARM, Seat, Taken, Work
from tests import region
from tests.region import World

OWN, ELSEWHERE = "adele", "finn"  # who opens the records of Harbor House, and of the County Hospital
SHARED = 9  # people of Harbor House with a release to Legal Aid


@dataclass(frozen=True)
class Town:
    """One size of Riverbend. `ids` are what the routes of pages name, and `more` are Alma's people without a
    release."""

    people: int
    seat: Seat
    ids: dict[str, str]
    more: list[UUID]

    @property
    def world(self) -> World:
        """Return the town's world."""
        return self.seat.world

    def grow(self, user: str, people: range) -> Taken:
        """Add generated people to a persona's agency and update the planner's statistics. Returns what the records
        took."""
        with progress(f"{len(people)} people", len(people)) as tick:
            taken = Work(self.seat, lambda _: grown.build(self.world, {user: people}, tick)).once()
        with self.world.owner() as owner:
            owner.execute("analyze")
        self.world.sessions.clear()  # sessions that waited are over by now
        return taken

    def first(self) -> str:
        """Return someone at Harbor House."""

        def look() -> str:
            with self.world.as_(OWN) as actor:
                return str(people_queries.my_people(actor=actor, size=1)[0].ref)

        return self.seat.do(look)


@contextmanager
def town(people: int) -> Iterator[Town]:
    """Yield Riverbend with this many people at Harbor House."""
    with region.copy_of_template(f"bench {people}") as world:
        with world.owner() as owner:
            owner.execute(CLOCK)  # the production clock, because the tests' movable clock reads a table each time
        seat = Seat(world)
        try:
            made = Town(people, seat, {}, [])
            seat.do(_settle, made)
            made.grow(OWN, range(people))
            made.ids["own"] = made.first() if people else ""
            yield made
        finally:
            seat.leave()


def draft(world: World, ref: UUID) -> Callable[[Actor], object]:
    """Draft a release of five kinds to Legal Aid, and return the function that signs it and puts it into effect."""
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
        series = releases.draft(actor=alma, ref=ref, release=release)
        said = tuple(s.value for s in release_queries.statements_needed(actor=alma, release=release))
    place: dict[str, Any] = {"ref": ref, "series": series, "revision": 1, "age": 30}
    signers = (releases.Signer("She", "self", ("en",), "typed"),)
    return lambda actor: releases.sign(actor=actor, **place, signers=signers, said=releases.Said(said, "Alma"))


def _settle(made: Town) -> None:
    """Give Alma a few people, and share some of them with Legal Aid."""
    grown.build(made.world, {"alma": range(SHARED + WARM + ROUNDS + 1)})
    with made.world.as_("alma") as alma:
        (last, *hers) = [card.ref for card in people_queries.my_people(actor=alma)]
    for ref in hers[:SHARED]:
        sign = draft(made.world, ref)
        with made.world.as_("alma") as alma:
            sign(alma)
    with made.world.as_("elena") as elena:
        handles = [each.handle for each in people_queries.intake_list(actor=elena)]
        for handle in handles:
            records.assign(actor=elena, ref=handle, membership=elena.membership)
    made.ids.update(alma=str(last), shared=str(handles[-1]))
    made.more.extend(hers[SHARED:])
