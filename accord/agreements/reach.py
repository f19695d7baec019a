"""The agencies that the actor's agency can share with now, and the reasons why it can't share with the others."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accord.access.actors import Actor
from accord.access.codes import BACKBONE, MEETS_PEOPLE
from accord.agencies.models import Agency
from accord.agreements.models import Agreement, Permit, Signature
from accord.agreements.queries import Party, party_of, permitted_by_partner
from accord.agreements.rules import REVIEW_GRACE, REVIEW_OPENS, agreement_state
from accord.agreements.workflows import AgreementState
from accord.core import clock
from accord.membership import queries as membership

RUNS = (AgreementState.IN_FORCE, AgreementState.REVIEW_DUE)
CLOSEST = (
    *RUNS,
    AgreementState.COMING,
    AgreementState.KEYS,
    AgreementState.WAITING,
    AgreementState.LAPSED,
    AgreementState.ENDED,
)
"""Agreement states, with those closest to sharing first."""


@dataclass(frozen=True)
class Reach:
    """Another agency that works with people, with the kinds that can be shared with it now or the reason why none can.

    `state` is the state of the agreement that comes closest to sharing, or "none". `missing` lists the agencies that
    still have to sign it, check keys by phone, or confirm its yearly review. `until` is when sharing pauses unless the
    review is confirmed.
    """

    agency: uuid.UUID
    name: str
    kind: str
    traits: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    kinds: tuple[str, ...]
    state: str
    starts_at: datetime | None = None
    until: datetime | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Help:
    """The people who can start an agreement: the agency's privacy officers, and the coalition's office."""

    officers: tuple[str, ...]
    office: str


def reach(*, actor: Actor) -> list[Reach]:
    """Return every other agency that works with people, sorted by name, with what can be shared with it now."""
    kinds, found = permitted_by_partner(actor=actor), _agreements(actor)
    rows = Agency.objects.filter(kind__in=MEETS_PEOPLE).exclude(owner=actor.agency).order_by("name")
    return [_reach(row, tuple(kinds.get(row.owner, ())), found.get(row.owner, [])) for row in rows]


def who_can_help(*, actor: Actor) -> Help:
    """Return who can help when there is no agreement."""
    here = membership.officers(agency=actor.agency)
    office = Agency.objects.filter(kind=BACKBONE).order_by("name").values_list("name", flat=True).first()
    return Help(tuple(row.name for row in here), office or "")


def _reach(row: Agency, kinds: tuple[str, ...], known: list[_Known]) -> Reach:
    facts = (row.owner, row.name, row.kind, tuple(row.traits), tuple(row.jurisdictions), kinds)
    runs = [one.until for one in known if one.state in RUNS]
    first = min(known, key=lambda one: CLOSEST.index(one.state), default=None)
    if first is None:
        return Reach(*facts, "none")
    return Reach(*facts, first.state, first.starts_at, max(runs, default=None), first.missing)


@dataclass(frozen=True)
class _Known:
    """One agreement under which something can be shared with another agency."""

    state: AgreementState
    starts_at: datetime
    until: datetime
    missing: tuple[str, ...]


def _agreements(actor: Actor) -> dict[uuid.UUID, list[_Known]]:
    ways = list(Permit.objects.filter(giver=actor.agency).values_list("taker", "agreement").distinct())
    if not ways:
        return {}
    ids = {agreement for _taker, agreement in ways}
    parties = _parties(ids)
    known = {row.id: _known(row, parties[row.id]) for row in Agreement.objects.filter(id__in=ids)}
    found: dict[uuid.UUID, list[_Known]] = {}
    for taker, agreement in ways:
        found.setdefault(taker, []).append(known[agreement])
    return found


def _known(row: Agreement, parties: list[Party]) -> _Known:
    state = agreement_state(row, parties, clock.now())
    late = [one for one in parties if one.reviewed_at is None or one.reviewed_at < row.review_due_at - REVIEW_OPENS]
    missing = {
        AgreementState.WAITING: [one for one in parties if one.signed_at is None],
        AgreementState.KEYS: [one for one in parties if one.checked_at is None],
        AgreementState.LAPSED: late,
    }
    names = tuple(one.name for one in missing.get(state, ()))
    return _Known(state, row.starts_at, row.review_due_at + REVIEW_GRACE, names)


def _parties(agreements: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Party]]:
    """Return the parties of each agreement, with their signatures."""
    ids = list(agreements)
    sides: dict[uuid.UUID, set[uuid.UUID]] = {}
    for agreement, giver, taker in Permit.objects.filter(agreement__in=ids).values_list("agreement", "giver", "taker"):
        sides.setdefault(agreement, set()).update((giver, taker))
    names = dict(Agency.objects.filter(owner__in=set().union(*sides.values())).values_list("owner", "name"))
    signed = {(row.agreement, row.owner): row for row in Signature.objects.filter(agreement__in=ids)}
    return {
        agreement: [
            party_of(agency=agency, name=names[agency], signature=signed.get((agreement, agency)))
            for agency in agencies
        ]
        for agreement, agencies in sides.items()
    }
