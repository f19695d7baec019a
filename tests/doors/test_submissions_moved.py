"""An update from a version before there were exchanges: submissions come along with all their steps, and still open."""

from __future__ import annotations

import json
from typing import Any

import psycopg
from django.core.management import call_command

from accord.access.codes import SUBMISSIONS_KEY
from accord.config import install, verify
from accord.demo import totals
from accord.numbers import queries, services
from accord.numbers.rules import Period
from accord.vault import queries as vault
from accord.vault import sealing
from tests import region
from tests.region import World
from tests.steps.totals import joined_long_ago, last_half_year

COUNTS = {"cells": [["25_59", "sex", "new", 12], ["25_59", "labour", "new", 3]]}
ROW = (
    "insert into numbers_submission (owner, submitted_to, measure, version, period, revision, state, ring_version, sealed, "
    "own_ring_version, sealed_own, at, by) values (%s, %s, 'people_served', 1, %s, %s, %s, %s, %s, %s, %s, "
    "accord.now() - interval '1 day' + %s * interval '1 minute', %s)"
)


def as_it_was(world: World, owner: psycopg.Connection, period: Period, revision: int, state: str, said: Any) -> None:
    """Add a step as the earlier version sealed it."""
    unit = world.agencies["statistics"]
    with world.as_("adele") as adele:
        told, public = vault.newest_public(agencies=[unit], code=SUBMISSIONS_KEY)[unit]
        version, kept = told if state == "submitted" else 0, adele.ring.latest(SUBMISSIONS_KEY)
        bound = sealing.bind(
            *("totals submission", adele.agency.hex, unit.hex, "people_served", 1, period.code),
            *(revision, state, version, kept),
        )
        text = sealing.pad(json.dumps(said).encode())
        sealed = sealing.seal_to(public, text, bound) if version else b""
        own = sealing.encrypt(adele.ring.kind_key(SUBMISSIONS_KEY, kept), text, bound)
        values = (revision, state, version, sealed, kept, own, revision, adele.membership)
        owner.execute(ROW, [adele.agency, unit, period.code, *values])


def test_an_update_moves_submissions_with_all_their_steps(fresh_world: World) -> None:
    world, period = fresh_world, last_half_year(fresh_world)
    joined_long_ago(world)
    with install.owner_alias(NAME=world.name):
        for app, before in (("numbers", "0002"), ("exchange", "zero")):
            call_command("migrate", app, before, database="owner", verbosity=0)
    with world.owner() as owner:
        for said, (period_of, steps) in ((COUNTS, (period, 3)), (COUNTS, (period.before(), 1))):
            for number in range(1, steps + 1):
                is_reopened = number == 2
                state = "reopened" if is_reopened else "submitted"
                as_it_was(world, owner, period_of, number, state, {"reason": "a date"} if is_reopened else said)
    with region.time_goes_on(world):
        install.migrate(NAME=world.name)
    world.sessions.clear()
    with world.as_("adele") as adele:
        look = queries.own_totals(actor=adele, period=period)
        assert (look.state, look.revision, sum(look.counts.values())) == ("submitted", 3, 15)
    with world.as_("ines") as ines:
        (step,) = queries.newest_submissions(actor=ines, period=period)
        assert step.step == 3 and sum(queries.open_submission(actor=ines, step=step).values()) == 15
    with world.owner() as owner:
        assert verify.exchange_breaks(owner) == []
    with world.as_("adele") as adele:
        services.reopen(actor=adele, period=period, reason="Two people were counted twice")
    totals.submit(world, "adele", period)
    with world.as_("adele") as adele:
        assert queries.own_totals(actor=adele, period=period).revision == 5
    with world.owner() as owner:
        assert verify.exchange_breaks(owner) == [] and verify.floor_differences(owner) == region.CLOCK_FOUND
