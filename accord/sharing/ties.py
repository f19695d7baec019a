"""Who of an agency works with whom: ties, bars, and records that are joined."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from accord.access.actors import Actor
from accord.agencies import queries as agencies
from accord.core import clock
from accord.sharing.models import Assignment, Joining
from accord.sharing.rules import ASSIGNED, BARRED, Work


@dataclass(frozen=True)
class Tie:
    """A colleague's tie to a person, as those see it who decide about it."""

    id: uuid.UUID
    membership: uuid.UUID
    basis: str
    by: uuid.UUID
    at: datetime
    ended_at: datetime | None
    name: str
    by_name: str


@dataclass(frozen=True)
class Other:
    """The other record of a person whose two records are joined."""

    person: uuid.UUID
    at: datetime


def running(now: datetime) -> Q:
    """Ties that have not ended, by hand or by their date."""
    return Q(ended_at=None) | Q(ended_at__gt=now)


def not_barred(actor: Actor, rows: Any, column: str) -> Any:
    """Those rows of people from whom the actor is not barred, neither in their record nor in the one joined with it."""
    mine = {"owner": actor.agency, "membership": actor.membership, "basis": BARRED}
    bars = Assignment.objects.filter(running(clock.now()), **mine)
    joined = Joining.objects.filter(owner=actor.agency, parted_at=None)
    first = joined.filter(first=OuterRef(column), second__in=bars.values("about"))
    second = joined.filter(second=OuterRef(column), first__in=bars.values("about"))
    return rows.filter(~Exists(bars.filter(about=OuterRef(column))), ~Exists(first), ~Exists(second))


def joined_with(*, actor: Actor, person: uuid.UUID) -> Other | None:
    """The other record of an own person, if two of hers are joined."""
    rows = Joining.objects.filter(Q(first=person) | Q(second=person), owner=actor.agency, parted_at=None)
    row = rows.first()
    return Other(row.second if row.first == person else row.first, row.at) if row else None


_WORKS = """
select about, id, basis from sharing_assignment
where owner = %s and membership = %s and about = any(%s) and (ended_at is null or ended_at > %s)
"""


def works(*, actor: Actor, ref: uuid.UUID) -> list[Work]:
    """The actor's own ties to this person."""
    return works_many(actor=actor, refs=[ref])[ref]


def works_many(*, actor: Actor, refs: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Work]]:
    """The actor's own ties, by person."""
    ties: dict[uuid.UUID, list[Work]] = defaultdict(list)
    wanted = list(refs)
    if not wanted:
        return ties
    with connection.cursor() as cursor:  # asked by every decision: writing the statement takes longer than its answer
        cursor.execute(_WORKS, [actor.agency, actor.membership, wanted, clock.now()])
        for about, tie, basis in cursor.fetchall():
            ties[about].append(Work(tie, basis))
    return ties


def assigned_to(*, actor: Actor, ref: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """Who of the actor's agency works with this person: (membership, basis)."""
    return [(tie.membership, tie.basis) for tie in ties_of(actor=actor, ref=ref)]


def ties_of(*, actor: Actor, ref: uuid.UUID, ended: bool = False) -> list[Tie]:
    """Every tie of the actor's colleagues to this person, oldest first; with `ended`, those of the past too."""
    return ties_of_many(actor=actor, refs=[ref], ended=ended)[ref]


def ties_of_many(*, actor: Actor, refs: Iterable[uuid.UUID], ended: bool = False) -> dict[uuid.UUID, list[Tie]]:
    """The same for several, by person."""
    ties: dict[uuid.UUID, list[Tie]] = defaultdict(list)
    rows = Assignment.objects.filter(owner=actor.agency, about__in=list(refs)).order_by("at")
    named = (rows if ended else rows.filter(running(clock.now()))).annotate(
        name=agencies.colleague_field(owner="owner", membership="membership"),
        by_name=agencies.colleague_field(owner="owner", membership="by"),
    )
    for row in named:
        tie = Tie(row.id, row.membership, row.basis, row.by, row.at, row.ended_at, row.name or "", row.by_name or "")
        ties[row.about].append(tie)
    return ties


def still(ties: Iterable[Tie]) -> list[Tie]:
    """Those that have not ended."""
    now = clock.now()
    return [tie for tie in ties if tie.ended_at is None or tie.ended_at > now]


def left_behind(*, actor: Actor) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """People whose colleague has left and whom nobody else of the agency has: (id or handle, the membership that ended)."""
    now = {one.id for one in agencies.colleagues(actor=actor) if one.ended_at is None}
    rows = Assignment.objects.filter(running(clock.now()), owner=actor.agency, basis=ASSIGNED)
    kept = rows.filter(about=OuterRef("about"), membership__in=now)
    left = not_barred(actor, rows.exclude(membership__in=now).filter(~Exists(kept)), "about").order_by("at")
    return list(dict(left.values_list("about", "membership")).items())
