"""Counts for a supervisor's team, computed in the database. They contain no client names and leave out anyone the
supervisor is barred from."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accord.access.actors import Actor, require_role
from accord.access.codes import ERASE_PERSON, GRANT_ACCESS, READ_LEGAL_REQUESTS
from accord.access.rules import may
from accord.core import clock
from accord.core.statements import build_sql, fetch
from accord.people.queries import RECHECK_AFTER
from accord.sharing.assignments import RUNNING, actor_params, not_barred
from accord.work import queries as work

AHEAD = timedelta(days=7)
OLDEST_TASKS = 6
LEGAL_REQUEST = "answer_legal_request"


@dataclass(frozen=True)
class Load:
    """One colleague's work: assigned people, late tasks, and tasks due in the next seven days."""

    name: str
    people: int
    late: int
    soon: int


@dataclass(frozen=True)
class Pending:
    """A team task that is late or due within seven days. The person's record is given by id, without a name.

    `who` is a colleague's name, or "" for a former colleague. If the task is for everyone in a role, `role` is set
    instead. `escalated` is True if the task is so late that the supervisor has to act.
    """

    person: uuid.UUID | None
    code: str
    due_on: date
    who: str
    role: str
    escalated: bool


@dataclass(frozen=True)
class Counts:
    """Counts of other matters that a supervisor is responsible for, besides tasks."""

    unassigned: int  # the agency's unassigned clients
    ending: int  # releases with a share that ends within seven days
    stale: int  # assigned people with no safe contact saved in sixty days (the confirmation date is sealed)
    granted: int  # how many times a colleague was given access with a reason in the last seven days


@dataclass(frozen=True)
class Asked:
    """Erasures that need a second person: colleagues' requests and the actor's own."""

    theirs: int
    since: Any
    mine: int


_PLACES = {
    "running": RUNNING.format(row="a"),
    "not_barred": not_barred("a.about"),
    "task_not_barred": not_barred("t.about"),
    "share_not_barred": not_barred("s.person"),
    "person_not_barred": not_barred("p.id"),
}
_TEAM = build_sql(
    """
    with work as (
      select a.membership, count(distinct a.about) as people from sharing_assignment a
      where a.owner = %(agency)s and a.basis = 'assigned' and {running} and {not_barred} group by a.membership
    ), todo as (
      select t.assignee, count(*) filter (where t.due_on < %(today)s) as late,
        count(*) filter (where t.due_on >= %(today)s) as soon
      from work_task t where t.owner = %(agency)s and t.done_at is null and t.due_on <= %(ahead)s and {task_not_barred}
      group by t.assignee
    )
    select m.name, coalesce(work.people, 0) as people, coalesce(todo.late, 0) as late, coalesce(todo.soon, 0) as soon
    from membership_membership m left join work on work.membership = m.id left join todo on todo.assignee = m.id
    where m.owner = %(agency)s and m.ended_at is null and m.account is not null
      and (work.people is not null or todo.assignee is not null)
    order by late desc, soon desc, people desc, m.name
    """,
    **_PLACES,
)
_PENDING = build_sql(
    """
    with ours as (
      select t.id, t.about, t.code, t.due_on, t.role, m.name, m.ended_at,
        coalesce(t.due_on + e.days <= %(today)s, false) as escalated
      from work_task t
      left join membership_membership m on m.owner = t.owner and m.id = t.assignee
      left join unnest(%(codes)s::text[], %(days)s::integer[]) as e(code, days) on e.code = t.code
      where t.owner = %(agency)s and t.done_at is null and t.due_on <= %(ahead)s
        and (t.assignee <> %(membership)s or (t.role <> all(%(roles)s) and t.due_on + e.days <= %(today)s))
        and (t.about is null or {task_not_barred})
    ), placed as (
      select ours.*, row_number() over (partition by escalated order by due_on, id) as place from ours
    )
    select * from placed where place <= %(limit)s order by escalated desc, due_on, id
    """,
    **_PLACES,
)
_COUNTS = build_sql(
    """
    select
      (select count(*) from sharing_person p where p.owner = %(agency)s and {person_not_barred} and not exists (
        select from sharing_assignment a where a.owner = p.owner and a.about = p.id and a.basis = 'assigned' and {running}
      )) as unassigned,
      (select count(distinct s.basis_id) from sharing_share s
        where s.owner = %(agency)s and s.starts_at <= %(now)s and s.withdrawn_at is null
          and s.ends_at > %(now)s and s.ends_at <= %(soon)s and {share_not_barred}) as ending,
      (select count(*) from (
        select distinct a.about from sharing_assignment a join sharing_person p on p.owner = a.owner and p.id = a.about
        where a.owner = %(agency)s and a.basis = 'assigned' and {running} and {not_barred}) mine
        left join lateral (
          select e.at from sharing_entry e
          where e.owner = %(agency)s and e.person = mine.about and e.kind = 'contact.safe' order by e.at desc limit 1
        ) last on true where last.at is null or last.at < %(old)s) as stale,
      (select count(*) from sharing_assignment a
        where a.owner = %(agency)s and a.basis = 'granted' and a.at > %(week)s and {not_barred}
          and a.by <> all(%(human)s)) as granted
    """,
    **_PLACES,
)
_REQUESTS = build_sql(
    """
    select count(*) as open, min(t.due_on) as due, (array_agg(t.about order by t.due_on, t.id))[1] as first from work_task t
    where t.owner = %(agency)s and t.code = %(code)s and t.done_at is null and {task_not_barred}
    """,
    **_PLACES,
)
_ERASURES = build_sql(
    """
    select count(*) filter (where e.by <> all(%(human)s)) as theirs, min(e.at) filter (where e.by <> all(%(human)s)) as since,
      count(*) filter (where e.by = any(%(human)s)) as mine
    from sharing_erasure e where e.owner = %(agency)s and e.confirmed_at is null and {barred}
    """,
    barred=not_barred("e.person"),
)


def team(*, actor: Actor) -> list[Load]:
    """Return each colleague's workload, starting with the colleague who has the most late tasks. Raises Refused."""
    require_role(actor, GRANT_ACCESS)
    days = {"today": clock.today(actor.zone), "ahead": clock.today(actor.zone) + AHEAD}
    return [Load(row.name, row.people, row.late, row.soon) for row in fetch(_TEAM, **days, **actor_params(actor))]


def pending(*, actor: Actor) -> list[Pending]:
    """Return the team's tasks that are late or due soon, except the actor's own. Escalated tasks come first, then the
    oldest. Raises Refused."""
    require_role(actor, GRANT_ACCESS)
    today = clock.today(actor.zone)
    late = work.escalations_to(roles=actor.roles)
    asked: dict[str, Any] = {"codes": [*late], "days": [*late.values()], "roles": sorted(actor.roles)}
    asked |= {"today": today, "ahead": today + AHEAD, "limit": OLDEST_TASKS}
    rows = fetch(_PENDING, **asked, **actor_params(actor))
    return [
        Pending(row.about, row.code, row.due_on, "" if row.ended_at else row.name or "", row.role or "", row.escalated)
        for row in rows
    ]


def counts(*, actor: Actor) -> Counts:
    """Return counts of other team matters that need attention. Raises Refused."""
    require_role(actor, GRANT_ACCESS)
    now = clock.now()
    when = {"soon": now + AHEAD, "week": now - AHEAD, "old": now - RECHECK_AFTER}
    (row,) = fetch(_COUNTS, **when, **actor_params(actor))
    return Counts(row.unassigned, row.ending, row.stale, row.granted)


def legal_requests(*, actor: Actor) -> tuple[int, date | None, uuid.UUID | None]:
    """Return how many legal requests are open at the agency, and the due date and record of the one that is due first.
    Only privacy officers and supervisors may call this. Raises Refused."""
    if not may(actor, READ_LEGAL_REQUESTS):
        require_role(actor, GRANT_ACCESS)
    (row,) = fetch(_REQUESTS, code=LEGAL_REQUEST, **actor_params(actor))
    return row.open, row.due, row.first


def erasures_asked(*, actor: Actor) -> Asked:
    """Return how many erasures need a second person. Raises Refused."""
    require_role(actor, ERASE_PERSON)
    (row,) = fetch(_ERASURES, **actor_params(actor))
    return Asked(row.theirs, row.since, row.mine)
