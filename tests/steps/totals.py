"""Steps to serve people in a half-year and count them, without the demo's calendar."""

from __future__ import annotations

import uuid
from typing import Any

from accord.access.actors import Actor
from accord.access.codes import SUBMISSIONS_KEY
from accord.core import clock
from accord.demo import totals
from accord.exchange import services
from accord.exchange.services import Body
from accord.numbers import due, queries
from accord.numbers.rules import Period
from accord.numbers.workflows import SubmissionStep
from accord.people import services as people
from accord.vault import queries as vault
from tests.region import World


def joined_long_ago(world: World) -> None:
    """Let every agency be in the hub since before the half-years that a test counts."""
    with world.owner() as owner:
        owner.execute("update agencies_agency set since = since - interval '3 years'")


def last_half_year(world: World) -> Period:
    """Return the most recent half-year that has ended."""
    with world.as_("ines") as analyst:
        return queries.current_periods(today=clock.today(analyst.zone))[1]


def forget(world: World, period: Period) -> None:
    """Delete everything that was counted, submitted, combined and published for a half-year."""
    with world.owner() as owner:
        owner.execute("delete from exchange_step where topic = %s", [due.topic_of(period)])
        for table in ("draft", "sum", "table"):
            owner.execute(f"delete from numbers_{table} where period = %s", [period.code])


def submit_nothing(officer: Actor, unit: uuid.UUID, period: Period) -> None:
    """Submit totals without a figure, encrypted to the unit's newest key."""
    keys = vault.newest_public(agencies=[unit], code=SUBMISSIONS_KEY)
    body = Body(b"{}", b"{}", keys)
    lane = queries.new_submission(actor=officer, period=period)
    services.take(actor=officer, lanes=[lane], action=SubmissionStep.SUBMIT, body=body)


def help_people(world: World, period: Period) -> None:
    """Open a record for everyone that the six agencies served."""
    for place in totals.AGENCIES:
        served = [_record(*one, period) for one in totals.everyone() if one[0] is place]
        with world.as_(place.user) as officer:
            people.open_records(actor=officer, people=served)


def _record(place: totals.Served, number: int, name: str, period: Period) -> list[Any]:
    return [*totals.identity(place, period, number, name), *totals.services_of(number, totals.days_of(period, number))]
