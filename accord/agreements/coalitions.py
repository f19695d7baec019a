"""Coalition agreements: one set of terms, and the status of each pair of members. Every pair is a separate
agreement."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accord.access.actors import Actor
from accord.access.rules import AGREEMENT, Matter, may_see
from accord.agencies.models import Agency
from accord.agreements.models import AgreementRequest, CoalitionAgreement
from accord.agreements.rules import REVIEW_GRACE, REVIEW_OPENS
from accord.agreements.workflows import AgreementState
from accord.core import clock
from accord.core.errors import Hidden
from accord.core.statements import fetch


@dataclass(frozen=True)
class Pair:
    """Two members of a coalition agreement, as one of them sees it. Fields that begin with `they_` describe the
    partner's side."""

    id: uuid.UUID
    coalition: uuid.UUID
    agency: uuid.UUID
    partner: uuid.UUID
    name: str
    review_due_at: datetime
    signed_at: datetime | None
    checked_at: datetime | None
    left_at: datetime | None
    they_signed_at: datetime | None
    they_checked_at: datetime | None
    they_left_at: datetime | None
    ours_to_review: bool
    review_late: bool
    lapsed: bool

    @property
    def over(self) -> bool:
        """Return True if one of the two members has left."""
        return self.left_at is not None or self.they_left_at is not None

    @property
    def in_force(self) -> bool:
        """Return True if both members have signed and checked keys, neither has left, and the yearly review's grace
        period has not ended."""
        done = self.signed_at and self.checked_at and self.they_signed_at and self.they_checked_at
        return bool(done) and not self.over and not self.lapsed


@dataclass(frozen=True)
class Member:
    """One member of a coalition agreement, with all of its pairs."""

    agency: uuid.UUID
    name: str
    pairs: tuple[Pair, ...]

    @property
    def left(self) -> bool:
        """Return True if the member has left every pair."""
        return all(pair.left_at for pair in self.pairs)

    @property
    def signed(self) -> bool:
        """Return True if the member has signed at least one pair."""
        return any(pair.signed_at for pair in self.pairs)

    @property
    def live(self) -> tuple[Pair, ...]:
        """Return the member's pairs that neither side has left."""
        return tuple(pair for pair in self.pairs if not pair.over)


@dataclass(frozen=True)
class CoalitionCard:
    """A coalition agreement with its members. `ours` is the reader's agency, or None for the coalition's office."""

    id: uuid.UUID
    owner: uuid.UUID
    keeper: str  # `owner`'s name
    title: str
    kinds: tuple[str, ...]
    starts_at: datetime
    started: bool
    members: tuple[Member, ...]
    ours: Member | None

    @property
    def matter(self) -> Matter:
        """Return the matter that access rules decide on."""
        return Matter(AGREEMENT, self.id, self.owner, frozenset(member.agency for member in self.members))

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Return the live pairs of the reader's agency, or all of them (from both sides) for the coalition's office."""
        members = [self.ours] if self.ours else self.members
        return tuple(pair for member in members for pair in member.live)

    @property
    def review_due_at(self) -> datetime:
        """Return the date when the first of the pairs' yearly reviews is due."""
        return min((pair.review_due_at for pair in self.pairs), default=self.starts_at)

    @property
    def to_sign(self) -> tuple[Pair, ...]:
        """Return the pairs that the reader's agency hasn't signed yet."""
        return tuple(pair for pair in self.ours.live if pair.signed_at is None) if self.ours else ()

    @property
    def to_check(self) -> tuple[Pair, ...]:
        """Return the pairs that the reader's agency has signed but whose keys it hasn't checked yet."""
        found = self.ours.live if self.ours else ()
        return tuple(pair for pair in found if pair.signed_at and not pair.checked_at)

    @property
    def to_review(self) -> bool:
        """Return True if the reader's agency has a yearly review to confirm for at least one pair."""
        return any(pair.ours_to_review for pair in self.ours.live) if self.ours else False

    @property
    def state(self) -> AgreementState:
        """Return the state of the pair that is furthest from being complete."""
        pairs = self.pairs
        if not pairs:
            return AgreementState.ENDED
        if not all(pair.signed_at and pair.they_signed_at for pair in pairs):
            return AgreementState.WAITING
        if not all(pair.checked_at and pair.they_checked_at for pair in pairs):
            return AgreementState.KEYS
        if not self.started:
            return AgreementState.COMING
        if any(pair.lapsed for pair in pairs):
            return AgreementState.LAPSED
        late = any(pair.review_late for pair in pairs)
        return AgreementState.REVIEW_DUE if late else AgreementState.IN_FORCE


_PAIRS = """
select a.id, a.coalition, p.giver as agency, p.taker as partner, n.name, a.review_due_at,
  g.at as signed_at, g.checked_at, g.left_at,
  t.at as they_signed_at, t.checked_at as they_checked_at, t.left_at as they_left_at,
  (g.at is not null and g.left_at is null and t.left_at is null and a.review_due_at - %(opens)s <= %(now)s
    and coalesce(g.reviewed_at, '-infinity') < a.review_due_at - %(opens)s) as ours_to_review,
  a.review_due_at <= %(now)s as review_late, a.review_due_at + %(grace)s <= %(now)s as lapsed
from agreements_agreement a
join agreements_coalitionagreement c on c.owner = a.owner and c.id = a.coalition
join agreements_permit p on p.owner = a.owner and p.agreement = a.id and p.kind = c.kinds[1]
join agencies_agency n on n.owner = p.taker
left join agreements_signature g on g.owner = p.giver and g.agreement = a.id
left join agreements_signature t on t.owner = p.taker and t.agreement = a.id
where a.coalition = any(%(coalitions)s)
order by n.name, a.id
"""


def _pairs(rows: Sequence[CoalitionAgreement]) -> list[Pair]:
    """Return each pair twice, once from each side. The query checks only the first kind of information, because all
    pairs have the same terms."""
    asked = [row.id for row in rows]
    found = fetch(_PAIRS, coalitions=asked, now=clock.now(), opens=REVIEW_OPENS, grace=REVIEW_GRACE)
    return [Pair(*row) for row in found]


def own_pairs(*, actor: Actor, coalition: uuid.UUID) -> list[Pair]:
    """Return the actor's agency's pairs in a coalition agreement, sorted by partner name."""
    rows = list(CoalitionAgreement.objects.filter(id=coalition))
    return [pair for pair in _pairs(rows) if pair.agency == actor.agency] if rows else []


def coalitions(*, actor: Actor) -> list[CoalitionCard]:
    """Return the actor's agency's coalition agreements, or all of them for the coalition's office, newest first."""
    rows = list(CoalitionAgreement.objects.order_by("-starts_at", "title", "id"))
    return _cards(actor, rows) if rows else []


def coalition(*, actor: Actor, coalition: uuid.UUID) -> CoalitionCard:
    """Return one coalition agreement. Raises Hidden."""
    rows = list(CoalitionAgreement.objects.filter(id=coalition))
    cards = _cards(actor, rows) if rows else []
    if not cards:
        raise Hidden
    return cards[0]


def _cards(actor: Actor, rows: Sequence[CoalitionAgreement]) -> list[CoalitionCard]:
    names = dict(Agency.objects.values_list("owner", "name"))
    sides: dict[uuid.UUID, dict[uuid.UUID, list[Pair]]] = {row.id: {} for row in rows}
    for pair in _pairs(rows):
        sides[pair.coalition].setdefault(pair.agency, []).append(pair)
    now, cards = clock.now(), []
    for row in rows:
        members = [Member(agency, names[agency], tuple(pairs)) for agency, pairs in sides[row.id].items()]
        members.sort(key=lambda member: member.name)
        ours = next((member for member in members if member.agency == actor.agency), None)
        terms = (row.id, row.owner, names[row.owner], row.title, tuple(row.kinds), row.starts_at, row.starts_at <= now)
        cards.append(CoalitionCard(*terms, tuple(members), ours))
    return [card for card in cards if may_see(actor, card.matter)]


def can_join(*, card: CoalitionCard, agencies: Sequence[Any]) -> list[Any]:
    """Return the agencies that aren't currently members."""
    there = {member.agency for member in card.members if not member.left}
    return [agency for agency in agencies if agency.owner not in there]


@dataclass(frozen=True)
class Asked:
    """An open agreement request. A request without a partner is a request to join the coalition agreement."""

    id: uuid.UUID
    agency: uuid.UUID
    name: str
    partner: uuid.UUID | None
    partner_name: str
    at: datetime


def requests(*, actor: Actor) -> list[Asked]:
    """Return open agreement requests: the actor's agency's own, or all of them for the coalition's office."""
    rows = list(AgreementRequest.objects.filter(closed_at=None).order_by("at", "id"))
    names = dict(Agency.objects.values_list("owner", "name")) if rows else {}
    return [Asked(row.id, row.owner, names[row.owner], row.partner, names.get(row.partner, ""), row.at) for row in rows]
