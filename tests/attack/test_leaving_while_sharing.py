"""An agreement is left at the moment a share under it begins: one transaction blocks the other.

Otherwise both would be written: a share that was never in force, although its recipient sees from its first day that
there was one.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from django.db import connections

from accord.access.actors import Actor
from accord.agreements import queries as partners
from accord.agreements import services as signing
from accord.core import clock
from accord.core.errors import Refused
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.queries import PersonRef
from tests.region import World
from tests.steps.membership import later
from tests.steps.records import open_record

WAITING = (
    "select count(*) from pg_locks join pg_stat_activity using (pid) where datname = current_database() and not granted"
)


def beside(world: World, pool: ThreadPoolExecutor, step: Callable[[], object]) -> Future[object]:
    """Run a step on its own connection; returns when it is over or blocked by a lock."""

    def run() -> object:
        try:
            return step()
        finally:
            connections.close_all()

    other = pool.submit(run)
    with world.owner() as owner:
        while not wait([other], timeout=0.02).done and owner.execute(WAITING).fetchone() == (0,):
            pass
    return other


def leave(actor: Actor, partner: uuid.UUID) -> None:
    """Leave every agreement with this partner."""
    for card in partners.agreements(actor=actor):
        if card.party(partner):
            signing.end_agreement(actor=actor, agreement=card.id)


def start(actor: Actor, known: PersonRef, partner: uuid.UUID, *, days_ahead: int) -> None:
    """Start a share of needs in so many days."""
    starts = clock.now() + timedelta(days=days_ahead)
    records.begin_shares(
        actor=actor,
        known=known,
        kinds=["needs"],
        recipient=partner,
        purposes=["legal_help"],
        starts_at=starts,
        ends_at=starts + timedelta(days=30),
        additions=False,
        basis="release",
        basis_id=uuid.uuid4(),
    )


def seen_by_elena(world: World) -> tuple[int, int]:
    """Return how many shares Elena sees, and notices that one has begun."""
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("elena").ticket])
        told = "select (select count(*) from sharing_share), (select count(*) from accounts_notice where code = 'share-begun')"
        return web.execute(told).fetchone()


@pytest.fixture
def known(fresh_world: World) -> PersonRef:
    """Return a person of Harbor House; the personas who act are signed in."""
    for user in ("alma", "emil", "elena"):
        fresh_world.session(user)
    return open_record(fresh_world)


@pytest.mark.parametrize(("leaves", "partner"), [("emil", "harbor"), ("adele", "legal")])
def test_what_begins_while_the_agreement_is_being_left_is_refused(
    fresh_world: World, known: PersonRef, leaves: str, partner: str
) -> None:
    world = fresh_world
    world.session(leaves)

    def step() -> None:
        with world.as_("alma") as alma:
            start(alma, known, world.agencies["legal"], days_ahead=0)

    with ThreadPoolExecutor(1) as pool:
        with world.as_(leaves) as officer:
            leave(officer, world.agencies[partner])
            begun = beside(world, pool, step)
        with pytest.raises(Refused):
            begun.result(20)
    assert seen_by_elena(world) == (0, 0)


def test_leaving_sees_what_has_just_begun(fresh_world: World, known: PersonRef) -> None:
    """It begins in five days: it is suspended before that, and no one is ever told."""
    world = fresh_world

    def step() -> None:
        with world.as_("emil") as emil:
            leave(emil, world.agencies["harbor"])

    with ThreadPoolExecutor(1) as pool:
        with world.as_("alma") as alma:
            start(alma, known, world.agencies["legal"], days_ahead=5)
            left = beside(world, pool, step)
        left.result(20)
    later(world, days=6)
    assert seen_by_elena(world) == (0, 0)


def test_what_was_paused_when_the_agreement_ended_does_not_come_back(fresh_world: World, known: PersonRef) -> None:
    """Paused before its first day, then the agreement is left, then the pause is lifted: it never was."""
    world = fresh_world
    with world.as_("alma") as alma:
        start(alma, known, world.agencies["legal"], days_ahead=3)
        [card] = sharing.shares_of(actor=alma, known=known)
        records.suspend_shares_undecided(actor=alma, known=known, since={card.id: clock.now()})
    with world.as_("emil") as emil:
        leave(emil, world.agencies["harbor"])
    with world.as_("alma") as alma:
        records.suspend_shares_undecided(actor=alma, known=known, since={card.id: None})
    later(world, days=4)
    assert seen_by_elena(world) == (0, 0)


def test_ending_one_and_beginning_another_does_not_deadlock(fresh_world: World, known: PersonRef) -> None:
    """A future share ends, the partner starts to leave, the next share begins: leaving is blocked until both are
    done."""
    world, legal = fresh_world, fresh_world.agencies["legal"]
    with world.as_("alma") as alma:
        start(alma, known, legal, days_ahead=5)

    def step() -> None:
        with world.as_("emil") as emil:
            leave(emil, world.agencies["harbor"])

    with ThreadPoolExecutor(1) as pool:
        with world.as_("alma") as alma:
            [card] = sharing.shares_of(actor=alma, known=known)
            records.end_shares(actor=alma, known=known, shares=[card.id])
            left = beside(world, pool, step)
            start(alma, known, legal, days_ahead=6)
        left.result(20)
    later(world, days=7)
    assert seen_by_elena(world) == (0, 0)


def test_a_pause_that_waited_for_the_leaving_sees_what_it_did(fresh_world: World, known: PersonRef) -> None:
    """A pause from the seventh day on would let the share begin on the third: leaving has stopped it before that."""
    world = fresh_world
    with world.as_("alma") as alma:
        start(alma, known, world.agencies["legal"], days_ahead=3)
        [card] = sharing.shares_of(actor=alma, known=known)

    def step() -> None:
        with world.as_("alma") as alma:
            records.suspend_shares_undecided(actor=alma, known=known, since={card.id: clock.now() + timedelta(days=7)})

    with ThreadPoolExecutor(1) as pool:
        with world.as_("emil") as emil:
            leave(emil, world.agencies["harbor"])
            rests = beside(world, pool, step)
        rests.result(20)
    later(world, days=4)
    assert seen_by_elena(world) == (0, 0)
