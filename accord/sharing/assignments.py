"""Find out which colleague is assigned to which person, who is barred, and which records are joined."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from accord.access.actors import Actor
from accord.core import clock
from accord.core.statements import build_sql, fetch
from accord.membership import queries as membership_queries
from accord.sharing.rules import AssignmentRef


@dataclass(frozen=True)
class AssignmentCard:
    """A colleague's assignment to a person, with names, for supervisors."""

    id: uuid.UUID
    membership: uuid.UUID
    basis: str
    by: uuid.UUID
    at: datetime
    ended_at: datetime | None
    name: str
    by_name: str


@dataclass(frozen=True)
class JoinedRecord:
    """The other record of a person whose two records are joined."""

    person: uuid.UUID
    at: datetime


def running(now: datetime) -> Q:
    """Select assignments that have not been ended and have not expired."""
    return Q(ended_at=None) | Q(ended_at__gt=now)


RUNNING = "({row}.ended_at is null or {row}.ended_at > %(now)s)"
_BARS = """
select b.about from sharing_assignment b
where b.owner = %(agency)s and b.membership = any(%(human)s) and b.basis = 'barred' and {running}
"""
_NOT_BARRED = """{column} <> all(array({bars}
  union all select j.second from sharing_joining j where j.owner = %(agency)s and j.parted_at is null and j.first in ({bars})
  union all select j.first from sharing_joining j where j.owner = %(agency)s and j.parted_at is null and j.second in ({bars})
))"""


def not_barred(column: str) -> str:
    """Return a SQL condition that leaves out a person if the actor is barred from their record or from the record
    joined with it. The statement needs the parameters from `actor_params`. The bars are read once per statement, not
    once per row."""
    return _NOT_BARRED.format(column=column, bars=_BARS.format(running=RUNNING.format(row="b")))


_BARRED_ONES = "select r.ref from unnest(%(refs)s::uuid[]) r(ref) where not ({not_barred})"


def barred_from(*, actor: Actor, refs: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return the ids or handles in `refs` of people the actor is barred from."""
    wanted = list(refs)
    statement = build_sql(_BARRED_ONES, not_barred=not_barred("r.ref"))
    return {row.ref for row in fetch(statement, refs=wanted, **actor_params(actor))} if wanted else set()


def actor_params(actor: Actor) -> dict[str, Any]:
    """Return the actor and time parameters for statements about an actor's people. A bar applies to a colleague even if
    they left and came back with a new membership, so `human` holds all of their memberships."""
    human = [actor.membership, *actor.also]
    return {"agency": actor.agency, "membership": actor.membership, "human": human, "now": clock.now()}


_JOINED = """
select case j.first when %(person)s then j.second else j.first end as person, j.at from sharing_joining j
where j.owner = %(agency)s and j.parted_at is null and %(person)s in (j.first, j.second)
"""


def joined_with(*, actor: Actor, person: uuid.UUID) -> JoinedRecord | None:
    """Return the other record of one of the agency's own people, if two of their records are joined."""
    found = fetch(_JOINED, agency=actor.agency, person=person)
    return JoinedRecord(found[0].person, found[0].at) if found else None


_MY_ASSIGNMENTS = build_sql(
    """
    select w.about, w.id, w.basis from sharing_assignment w
    where w.owner = %(agency)s and w.membership = any(%(human)s) and w.about = any(%(refs)s) and {running}
      and (w.membership = %(membership)s or w.basis = 'barred')
    """,
    running=RUNNING.format(row="w"),
)


def my_assignments(*, actor: Actor, ref: uuid.UUID) -> list[AssignmentRef]:
    """Return the actor's own assignments to this person."""
    return my_assignments_many(actor=actor, refs=[ref])[ref]


def my_assignments_many(*, actor: Actor, refs: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[AssignmentRef]]:
    """Return the actor's own assignments, by person."""
    assignments: dict[uuid.UUID, list[AssignmentRef]] = defaultdict(list)
    wanted = list(refs)
    if not wanted:
        return assignments
    for row in fetch(_MY_ASSIGNMENTS, refs=wanted, **actor_params(actor)):
        assignments[row.about].append(AssignmentRef(row.id, row.basis))
    return assignments


def assigned_to(*, actor: Actor, ref: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """Return the actor's colleagues who work with this person, as pairs of a membership and a basis."""
    return [(assignment.membership, assignment.basis) for assignment in assignments_of(actor=actor, ref=ref)]


def assignments_of(*, actor: Actor, ref: uuid.UUID, ended: bool = False) -> list[AssignmentCard]:
    """Return every assignment of the actor's colleagues to this person, oldest first. `ended` includes past ones."""
    return assignments_of_many(actor=actor, refs=[ref], ended=ended)[ref]


_ASSIGNMENTS = build_sql(
    """
    select t.id, t.about, t.membership, t.basis, t.by, t.at, t.ended_at,
      coalesce(colleague.name, '') as name, coalesce(giver.name, '') as by_name
    from sharing_assignment t {colleague} {by}
    where t.owner = %(agency)s and t.about = any(%(refs)s) and (%(ended)s or {running}) order by t.at, t.id
    """,
    colleague=membership_queries.join_colleague("colleague", owner="t.owner", membership="t.membership"),
    by=membership_queries.join_colleague("giver", owner="t.owner", membership="t.by"),
    running=RUNNING.format(row="t"),
)


def assignments_of_many(
    *, actor: Actor, refs: Iterable[uuid.UUID], ended: bool = False
) -> dict[uuid.UUID, list[AssignmentCard]]:
    """Return what `assignments_of` returns, for several people, by person."""
    assignments: dict[uuid.UUID, list[AssignmentCard]] = defaultdict(list)
    for row in fetch(_ASSIGNMENTS, refs=list(refs), ended=ended, **actor_params(actor)):
        assignment = AssignmentCard(
            row.id, row.membership, row.basis, row.by, row.at, row.ended_at, row.name, row.by_name
        )
        assignments[row.about].append(assignment)
    return assignments


def not_ended(assignments: Iterable[AssignmentCard]) -> list[AssignmentCard]:
    """Return the assignments that have not ended."""
    now = clock.now()
    return [assignment for assignment in assignments if assignment.ended_at is None or assignment.ended_at > now]


_LEFT_BEHIND = build_sql(
    """
    select a.about, a.membership from sharing_assignment a
    where a.owner = %(agency)s and a.basis = 'assigned' and {running} and a.membership <> all(%(here)s)
      and not exists (
        select from sharing_assignment k where k.owner = a.owner and k.about = a.about and k.basis = 'assigned'
          and {kept} and k.membership = any(%(here)s)
      )
      and {not_barred}
    order by a.at, a.id
    """,
    running=RUNNING.format(row="a"),
    kept=RUNNING.format(row="k"),
    not_barred=not_barred("a.about"),
)


def left_behind(*, actor: Actor) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return people whose assigned colleague has left and who have no other assigned colleague, as (id or handle, the
    membership that ended)."""
    here = membership_queries.who_is_here(agency=actor.agency)
    return list({row.about: row.membership for row in fetch(_LEFT_BEHIND, here=here, **actor_params(actor))}.items())
