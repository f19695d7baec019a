"""Who is in the coalition, who acts for whom, and what is agreed."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from accord.access.acting import Actor, Trail
from accord.access.codes import COMMUNITY, KINDS, MEETS_PEOPLE, ROLES, SURVIVOR_LED, SYSTEMS, codes_opened_by
from accord.accounts.sessions import SessionState
from accord.agencies.models import Agency, Agreement, Membership, Permit, Pin, Signature
from accord.core import clock
from accord.law.codes import Side, Trait
from accord.law.rules import AgencyFacts, Law, law_for
from accord.vault import queries as vault
from accord.vault.ring import Ring


@dataclass(frozen=True)
class MembershipChoice:
    """One of the agencies that an account may act for."""

    id: uuid.UUID
    agency: str
    roles: tuple[str, ...]
    sealed: bytes
    owner: uuid.UUID


@dataclass(frozen=True)
class Colleague:
    """Somebody of the actor's own agency, with whether her keys are there yet."""

    id: uuid.UUID
    name: str
    roles: tuple[str, ...]
    since: datetime
    ended_at: datetime | None
    keys_waiting: int


@dataclass(frozen=True)
class AgreementCard:
    """An agreement with where it stands."""

    id: uuid.UUID
    title: str
    state: str
    starts_at: datetime
    review_due_at: datetime
    parties: tuple[tuple[uuid.UUID, str, datetime | None], ...]
    permits: tuple[tuple[str, str, str], ...]


def memberships_of(*, account: uuid.UUID) -> list[MembershipChoice]:
    """The agencies that this account may act for, by name."""
    rows = list(Membership.objects.filter(account=account, ended_at=None))
    names = agency_names({row.owner for row in rows})
    choices = [
        MembershipChoice(row.id, names[row.owner], tuple(row.roles), bytes(row.sealed), row.owner) for row in rows
    ]
    return sorted(choices, key=lambda choice: choice.agency)


def agency_names(agencies: set[uuid.UUID] | frozenset[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names by id."""
    return dict(Agency.objects.filter(owner__in=agencies).values_list("owner", "name"))


def agency_zones(agencies: set[uuid.UUID] | frozenset[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Time zones by id."""
    return dict(Agency.objects.filter(owner__in=agencies).values_list("owner", "zone"))


def actor_of(session: SessionState, trail: Trail) -> Actor:
    """The Actor of a live session: membership and agency from the database, keys from the session's sealed state."""
    row = Membership.objects.get(owner=session.agency, id=session.membership)
    agency = Agency.objects.get(owner=session.agency)
    secrets = {}
    for name, value in session.secrets.get("ring", {}).items():
        code, version = name.rsplit(":", 1)
        secrets[code, int(version)] = base64.b64decode(value)
    roles = frozenset(row.roles)
    return Actor(
        account=session.account,
        membership=row.id,
        agency=agency.owner,
        agency_name=agency.name,
        agency_kind=agency.kind,
        zone=agency.zone,
        name=row.name,
        roles=roles,
        purpose=session.secrets.get("purpose") or default_purpose(roles),
        ring=Ring(agency.owner, secrets),
        trail=trail,
        trained=row.trained_until >= clock.today(agency.zone),
        factor_at=session.factor_at,
    )


def law_of(*, agency: uuid.UUID, today: date) -> Law:
    """The law that binds an agency on a day."""
    return law_for(law_facts(agency=agency), today)


def law_facts(*, agency: uuid.UUID) -> AgencyFacts:
    """What the law packs ask about an agency."""
    row = Agency.objects.get(owner=agency)
    side = {COMMUNITY: Side.COMMUNITY, SURVIVOR_LED: Side.COMMUNITY, SYSTEMS: Side.SYSTEMS}.get(
        row.kind, Side.COALITION
    )
    traits = frozenset(Trait(code) for code in row.traits)
    return AgencyFacts(side=side, traits=traits, jurisdictions=frozenset(row.jurisdictions))


def default_purpose(roles: frozenset[str]) -> str:
    """What somebody in these roles works for unless she declares another purpose."""
    purposes = [purpose for code in sorted(roles) for purpose in ROLES[code].purposes]
    return purposes[0] if purposes else ""


def partners(*, actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """Agencies that meet people, other than the actor's own, with which an agreement is in force for some kind."""
    others = Agency.objects.filter(kind__in=MEETS_PEOPLE).exclude(owner=actor.agency).order_by("name")
    return [(a.owner, a.name) for a in others if permitted_kinds(actor=actor, partner=a.owner)]


def permitted_kinds(*, actor: Actor, partner: uuid.UUID) -> list[str]:
    """The kinds that may pass from the actor's agency to this one now, in the order of the dictionary."""
    listed = set(Permit.objects.filter(giver=actor.agency, taker=partner).values_list("kind", flat=True))
    return [code for code in KINDS if code in listed and agreement_in_force(actor.agency, partner, code)]


def agreement_in_force(giver: uuid.UUID, taker: uuid.UUID, kind: str) -> bool:
    """The same function that the floor asks."""
    with connection.cursor() as cursor:
        cursor.execute("select accord.agreement_in_force(%s, %s, %s)", [giver, taker, kind])
        return bool(cursor.fetchone()[0])


def pinned_key(*, actor: Actor, partner: uuid.UUID, code: str) -> tuple[int, bytes, bytes]:
    """Version, public key and pinned hash of a partner's newest pinned inbound key. Raises LookupError without one."""
    pin = Pin.objects.filter(owner=actor.agency, partner=partner, code=code).order_by("-version").first()
    if pin is None:
        raise LookupError(code)
    public = vault.public_keys(agency=partner)[code, pin.version]
    return pin.version, public, bytes(pin.public_hash)


def colleagues(*, actor: Actor) -> list[Colleague]:
    """Everybody of the actor's agency; those who left last."""
    have = vault.sealed_pairs(agency=actor.agency)
    keys = set(vault.public_keys(agency=actor.agency))
    rows = Membership.objects.filter(owner=actor.agency).order_by("name")
    people = []
    for row in rows:
        due = {(code, version) for code, version in keys if code in codes_opened_by(frozenset(row.roles))}
        waiting = 0 if row.ended_at else sum((row.id, code, version) not in have for code, version in due)
        people.append(Colleague(row.id, row.name, tuple(row.roles), row.since, row.ended_at, waiting))
    return sorted(people, key=lambda person: (person.ended_at is not None, person.name))


def colleague_names(*, actor: Actor) -> dict[uuid.UUID, str]:
    """Names of the actor's agency's people by membership."""
    return dict(Membership.objects.filter(owner=actor.agency).values_list("id", "name"))


def agreements(*, actor: Actor) -> list[AgreementCard]:
    """Every agreement that the actor's agency is a party to, or all of them for the coalition's office."""
    rows = list(Agreement.objects.order_by("-starts_at"))
    signatures = list(Signature.objects.all())
    permits = list(Permit.objects.all())
    names = dict(Agency.objects.values_list("owner", "name"))
    now = clock.now()
    cards = []
    for row in rows:
        lines = [p for p in permits if p.agreement == row.id]
        parties = sorted({p.giver for p in lines} | {p.taker for p in lines}, key=lambda a: names[a])
        if actor.agency not in parties and actor.agency != row.owner:
            continue
        signed = {s.owner: s.at for s in signatures if s.agreement == row.id and s.left_at is None}
        cards.append(
            AgreementCard(
                row.id,
                row.title,
                agreement_state(row, all(party in signed for party in parties), now),
                row.starts_at,
                row.review_due_at,
                tuple((party, names[party], signed.get(party)) for party in parties),
                tuple((names[p.giver], names[p.taker], p.kind) for p in lines),
            )
        )
    return cards


def agreement_state(row: Agreement, signed: bool, now: datetime) -> str:
    """ended, waiting (a signature is missing), coming, lapsed (review 30 days late), review_due, in_force."""
    if row.ended_at:
        return "ended"
    if not signed:
        return "waiting"
    if row.starts_at > now:
        return "coming"
    if row.review_due_at + timedelta(days=30) <= now:
        return "lapsed"
    return "review_due" if row.review_due_at <= now else "in_force"
