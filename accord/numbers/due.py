"""Find out which totals each agency still has to submit. This module reads only states and dates, not figures."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accord.access.actors import Actor, require_role
from accord.access.codes import MEETS_PEOPLE, REVIEW_TOTALS, SUM_TOTALS
from accord.access.rules import may
from accord.core import clock
from accord.core.errors import Refused
from accord.core.statements import fetch
from accord.numbers import rules
from accord.numbers.codes import PEOPLE_SERVED
from accord.numbers.rules import Period
from accord.numbers.workflows import SubmissionState


def topic_of(period: Period) -> str:
    """Return the topic of a submission for this half-year, which both sides can read."""
    return " ".join(map(str, period.which.values()))


@dataclass(frozen=True)
class Unit:
    """The last finished half-year at the statistics unit: the agencies that have not submitted, and the newest combined
    totals."""

    period: Period
    expected: int
    late: tuple[str, ...]
    sum_state: str
    sum_at: datetime | None
    sum_by: uuid.UUID | None


@dataclass(frozen=True)
class NewestTable:
    """The newest published table: its half-year, when it was published, and how many agencies are in it."""

    period: Period
    at: datetime
    agencies: int
    expected: int


_OWN = """
select a.since, u.owner as unit, (
  select s.state from exchange_step s where s.asker = a.owner and s.code = 'totals' and s.topic = %(topic)s
  order by s.step desc limit 1) as state
from agencies_agency a left join agencies_agency u on u.kind = 'statistics'
where a.owner = %(agency)s limit 1
"""
_EXPECTED = """
select e.agency, e.name, e.state, e.at from accord.totals_expected(%(measure)s, %(version)s, %(period)s) e
order by e.name, e.agency
"""
_JOINED = "select a.since from agencies_agency a where a.owner = %(agency)s"
_SUM = """
select s.state, s.at, s.by from numbers_sum s where s.owner = %(agency)s and s.measure = %(measure)s
  and s.version = %(version)s and s.period = %(period)s order by s.at desc limit 1
"""
_NEWEST = """
select t.period, t.at, t.agencies, t.expected from numbers_table t
where t.measure = %(measure)s and t.version = %(version)s order by t.period desc, t.revision desc limit 1
"""


def finished(today: date) -> Period:
    """Return the last half-year that has ended."""
    return rules.period_of(today).before()


def owes(*, actor: Actor) -> Period | None:
    """Return the last finished half-year if the actor's agency still owes its totals. Returns None if the agency has
    submitted them, joined after that half-year, or does not serve people directly. Also returns None if there is no
    statistics unit."""
    if actor.agency_kind not in MEETS_PEOPLE:
        return None
    period = finished(clock.today(actor.zone))
    (row,) = fetch(_OWN, agency=actor.agency, topic=topic_of(period))
    owed = row.unit is not None and row.state != SubmissionState.SUBMITTED and row.since.date() <= period.last
    return period if owed else None


def joined(*, actor: Actor) -> date:
    """Return the day the actor's agency joined the hub. It owes no totals for a half-year that was over by then."""
    (row,) = fetch(_JOINED, agency=actor.agency)
    day: date = row.since.date()
    return day


def expected(*, actor: Actor, period: Period) -> list[Any]:
    """Return the agencies whose totals the actor's unit expects for a half-year, sorted by name: `agency`, `name`, and
    the `state` and time (`at`) of their newest submission, or None. An agency that joined later is included only if it
    submitted totals anyway."""
    return fetch(_EXPECTED, **period.which)


def unit(*, actor: Actor) -> Unit:
    """Return the last finished half-year at the actor's statistics unit. Raises Refused unless the actor may combine or
    review totals."""
    if not may(actor, SUM_TOTALS):
        require_role(actor, REVIEW_TOTALS)
    period = finished(clock.today(actor.zone))
    lines = expected(actor=actor, period=period)
    made = fetch(_SUM, agency=actor.agency, **period.which)
    late = tuple(row.name for row in lines if row.state != SubmissionState.SUBMITTED)
    newest = (made[0].state, made[0].at, made[0].by) if made else ("", None, None)
    return Unit(period, len(lines), late, *newest)


def newest_table(*, actor: Actor) -> NewestTable | None:
    """Return the newest published table for anyone who is signed in. Raises Refused for a program."""
    if actor.inward is not None:
        raise Refused(code="role")
    rows = fetch(_NEWEST, measure=PEOPLE_SERVED.code, version=PEOPLE_SERVED.version)
    return NewestTable(rules.parse_period(rows[0].period), *rows[0][1:]) if rows else None
