"""Read bodies, their seats, and their decisions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from accord.access.actors import Actor, require_role
from accord.access.codes import READ_DECISIONS
from accord.access.rules import Matter, may_see
from accord.agencies.queries import join_agency
from accord.bodies.rules import Term, as_matter, is_held
from accord.core import clock
from accord.core.errors import Hidden
from accord.core.statements import build_sql, fetch


@dataclass(frozen=True)
class SeatCard(Term):
    """A seat as shown on a body's page. `held` is True if the agency has the seat today."""

    id: uuid.UUID
    agency_name: str
    held: bool


@dataclass(frozen=True)
class BodyCard:
    """A body with its past, current, and future seats, except those that the office ended. `today` is today's date at
    its office."""

    id: uuid.UUID
    owner: uuid.UUID
    keeper: str  # the name of the agency `owner`
    name: str
    kind: str
    charge: str
    is_open: bool
    since: date
    ended_on: date | None
    today: date
    seats: tuple[SeatCard, ...]

    @property
    def held(self) -> tuple[SeatCard, ...]:
        """Return the seats that agencies have today."""
        return tuple(seat for seat in self.seats if seat.held)

    @property
    def matter(self) -> Matter:
        """Return the body as a matter, in the form that decisions need."""
        return as_matter(body=self.id, owner=self.owner, is_open=self.is_open, ended_on=self.ended_on, held=self.held)

    def seat(self, seat: uuid.UUID) -> SeatCard:
        """Return one of the body's seats. Raises Hidden."""
        found = [one for one in self.seats if one.id == seat]
        if not found:
            raise Hidden
        return found[0]


@dataclass(frozen=True)
class DecisionCard:
    """A decision as last corrected. `agency` recorded this revision."""

    series: uuid.UUID
    revision: int
    decided_on: date
    words: str
    by: uuid.UUID
    agency: str
    at: datetime


_BODIES = build_sql(
    """
    select b.id, b.owner, k.name as keeper, b.name, b.kind, b.charge, b.is_open, b.since, b.ended_on, k.zone
    from bodies_body b {keeper} where %(body)s::uuid is null or b.id = %(body)s
    order by coalesce(b.ended_on, 'infinity') desc, b.name, b.id
    """,
    keeper=join_agency("k", owner="b.owner"),
)
_SEATS = build_sql(
    """
    select s.body, s.agency, s.role, s.membership, s.for_anyone, s.since, s.until, s.id, a.name as agency_name
    from bodies_seat s {agency} where s.body = any(%(bodies)s) and s.ended_at is null order by a.name, s.since, s.id
    """,
    agency=join_agency("a", owner="s.agency"),
)


def bodies(*, actor: Actor, body: uuid.UUID | None = None) -> list[BodyCard]:
    """Return the bodies that the actor's agency may see, current ones first, or only the one given."""
    rows = fetch(_BODIES, body=body)
    days = {row.id: clock.today(row.zone) for row in rows}
    ends = {row.id: row.ended_on for row in rows}
    seats: dict[uuid.UUID, list[SeatCard]] = {row.id: [] for row in rows}
    for row in fetch(_SEATS, bodies=list(seats)) if seats else []:
        term = Term(row.agency, row.role, row.membership, row.for_anyone, row.since, row.until)
        held = is_held(seat=term, today=days[row.body], ended_on=ends[row.body])
        seats[row.body].append(SeatCard(*(*row[1:], held)))
    cards = [BodyCard(*(*row[:-1], days[row.id], tuple(seats[row.id]))) for row in rows]
    return [card for card in cards if may_see(actor, card.matter)]


def body(*, actor: Actor, body: uuid.UUID) -> BodyCard:
    """Return one body. Raises Hidden."""
    found = bodies(actor=actor, body=body)
    if not found:
        raise Hidden
    return found[0]


def names(*, body: uuid.UUID) -> dict[uuid.UUID, str]:
    """Return the names of people who have a seat on a body or recorded its decisions, keyed by membership. Names that
    the reader may not see are left out."""
    rows = fetch("select membership, name from accord.body_names(%(body)s)", body=body)
    return {row.membership: row.name for row in rows}


_DECISIONS = build_sql(
    """
    select d.series, d.revision, d.decided_on, d.words, d.by, a.name as agency, d.at
    from bodies_decision d {agency} where d.body = %(body)s order by d.decided_on desc, d.series, d.revision desc
    """,
    agency=join_agency("a", owner="d.owner"),
)


def decisions(*, actor: Actor, card: BodyCard) -> list[DecisionCard]:
    """Return a body's decisions, each as last corrected, from the newest day to the oldest. Raises Refused."""
    newest: dict[uuid.UUID, DecisionCard] = {}
    for one in _revisions(actor, card):
        if one.series not in newest or newest[one.series].revision < one.revision:
            newest[one.series] = one
    return sorted(newest.values(), key=lambda one: (one.decided_on, one.at), reverse=True)


def decision(*, actor: Actor, card: BodyCard, series: uuid.UUID) -> list[DecisionCard]:
    """Return all revisions of one decision, newest first. Raises Hidden or Refused."""
    found = [one for one in _revisions(actor, card) if one.series == series]
    if not found:
        raise Hidden
    return sorted(found, key=lambda one: one.revision, reverse=True)


def _revisions(actor: Actor, card: BodyCard) -> list[DecisionCard]:
    require_role(actor, READ_DECISIONS, on=card.matter)
    return [DecisionCard(*row) for row in fetch(_DECISIONS, body=card.id)]
