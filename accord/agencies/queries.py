"""Who is in the coalition, who acts for whom, and what is agreed."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import BooleanField, F, Func, OuterRef, Subquery

from accord.access.acting import Actor, Trail
from accord.access.codes import (
    COMMUNITY,
    KINDS,
    MEETS_PEOPLE,
    ROLES,
    STATISTICS,
    SURVIVOR_LED,
    SYSTEMS,
    codes_opened_by,
)
from accord.accounts import sessions
from accord.accounts.sessions import SessionState
from accord.agencies import machines
from accord.agencies.models import Agency, Agreement, Invitation, Membership, Permit, Pin, RecoveryKey, Signature
from accord.agencies.rules import agreement_state, waits
from accord.core import clock
from accord.core.errors import Hidden
from accord.law.codes import Side, Trait
from accord.law.rules import AgencyFacts, Law, law_for
from accord.vault import queries as vault
from accord.vault import sealing
from accord.vault.ring import Ring, key_set_fingerprint

INVITATION_LASTS = timedelta(days=7)


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
    keys_due: int = 0
    waits: str = (
        ""  # "sign_in" after a reset until she has signed in, "officer" until she is let back in, "closed" unused
    )


@dataclass(frozen=True)
class Invited:
    """What a one-time code invites to."""

    name: str
    roles: tuple[str, ...]
    agency: str


@dataclass(frozen=True)
class HubAgency:
    """An agency as the hub's operator knows it."""

    id: uuid.UUID
    name: str
    kind: str
    since: datetime
    begun: bool


@dataclass(frozen=True)
class FirstDay:
    """What a new agency has done already."""

    officers: int
    keys_ready: bool
    agreed: bool


@dataclass(frozen=True)
class Party:
    """One side of an agreement."""

    agency: uuid.UUID
    name: str
    signed_at: datetime | None
    reviewed_at: datetime | None
    left_at: datetime | None


@dataclass(frozen=True)
class PartnerKeys:
    """A partner's keys: its fingerprint now, and how it stands to what was pinned (see `vault.queries.standing`)."""

    agency: uuid.UUID
    name: str
    words: str
    state: str


@dataclass(frozen=True)
class AgreementCard:
    """An agreement with where it stands."""

    id: uuid.UUID
    title: str
    state: str
    starts_at: datetime
    review_due_at: datetime
    parties: tuple[Party, ...]
    permits: tuple[tuple[str, str, str], ...]

    def party(self, agency: uuid.UUID) -> Party | None:
        """An agency's side of it, or None for one that is no party."""
        return next((party for party in self.parties if party.agency == agency), None)


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


def agency_field(*, column: str, name: str) -> Subquery:
    """For another room's statement: name or zone of the agency whose id stands in a column of that room's rows."""
    return Subquery(Agency.objects.filter(owner=OuterRef(column)).values(name))


def colleague_field(*, owner: str, membership: str) -> Subquery:
    """For another room's statement: the name of the colleague whose agency and membership stand in these columns."""
    return Subquery(Membership.objects.filter(owner=OuterRef(owner), id=OuterRef(membership)).values("name"))


def agreed_field(*, giver: str, taker: str, kind: str) -> Func:
    """For another room's statement: whether an agreement is in force between these columns. The floor's own function."""
    columns = (F(giver), F(taker), F(kind))
    return Func(*columns, function="accord.agreement_in_force", output_field=BooleanField())


def actor_of(session: SessionState, trail: Trail) -> Actor:
    """The Actor of a live session: membership and agency from the database, keys from the session's sealed state."""
    agency = Agency.objects.filter(owner=OuterRef("owner"))
    about = {f"agency_{name}": Subquery(agency.values(name)) for name in ("name", "kind", "zone")}
    rows = Membership.objects.annotate(**about, held=vault.held_by(owner="owner", membership="id"))
    row = rows.get(owner=session.agency, id=session.membership)
    roles = active_roles(row)
    rights = machines.rights_of(row=row) if machines.is_client(row) else None
    declared = session.secrets.get("purpose") if rights is None else rights.purpose
    return Actor(
        account=session.account,
        membership=row.id,
        agency=row.owner,
        agency_name=row.agency_name,
        agency_kind=row.agency_kind,
        zone=row.agency_zone,
        name=row.name,
        roles=roles,
        purpose=declared or default_purpose(roles),
        ring=_ring_of(session, row, vault.as_held(row.held))
        if rights is None
        else machines.ring_of(session, row, rights),
        trail=trail,
        trained=row.trained_until >= clock.today(row.agency_zone),
        factor_at=session.factor_at,
        waits=row.reset_at is not None,
        inward=None if rights is None else rights.writes,
    )


def active_roles(row: Membership) -> frozenset[str]:
    """The roles of a membership; none while it waits for being let back in after a reset."""
    return frozenset(row.roles) if row.reset_at is None else frozenset()


def _ring_of(session: SessionState, row: Membership, held: set[tuple[str, int]]) -> Ring:
    """The session's opened ring, brought up to date: keys that were sealed to her or taken from her meanwhile."""
    known = {}
    for name, value in session.secrets.get("ring", {}).items():
        code, version = name.rsplit(":", 1)
        known[code, int(version)] = base64.b64decode(value)
    if set(known) == held:
        return Ring(row.owner, known)
    secret = base64.b64decode(session.secrets["membership"])
    ring = vault.open_ring(agency=row.owner, membership=row.id, membership_secret=secret, known=known)
    put_ring(session=session, ring=ring)
    sessions.keep(session)
    return ring


def put_ring(*, session: SessionState, ring: Ring) -> None:
    """Into the session's secrets, which the caller seals and keeps."""
    session.secrets["ring"] = {
        f"{code}:{version}": base64.b64encode(value).decode() for (code, version), value in ring.secrets.items()
    }


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
    return [(agency, name) for agency, name, _kinds in partners_with_kinds(actor=actor)]


def partners_with_kinds(*, actor: Actor) -> list[tuple[uuid.UUID, str, list[str]]]:
    """The same by name, each with the kinds that may pass to it now."""
    others = Agency.objects.filter(kind__in=MEETS_PEOPLE).exclude(owner=actor.agency).order_by("name")
    names = dict(others.values_list("owner", "name"))
    kinds = permitted_by_partner(actor=actor, partners=names)
    return [(agency, name, kinds[agency]) for agency, name in names.items() if agency in kinds]


def permitted_kinds(*, actor: Actor, partner: uuid.UUID) -> list[str]:
    """The kinds that may pass from the actor's agency to this one now, in the order of the dictionary."""
    return permitted_by_partner(actor=actor, partners={partner}).get(partner, [])


def permitted_by_partner(*, actor: Actor, partners: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, list[str]]:
    """The plural twin of `permitted_kinds`, for these agencies or for all; one to which nothing may pass is left out."""
    lines = Permit.objects.filter(giver=actor.agency)
    if partners is not None:
        lines = lines.filter(taker__in=partners)
    agreed = agreements_in_force(set(lines.values_list("giver", "taker", "kind")))
    found: dict[uuid.UUID, list[str]] = {}
    for taker, kind in sorted(((taker, kind) for _, taker, kind in agreed), key=lambda way: list(KINDS).index(way[1])):
        found.setdefault(taker, []).append(kind)
    return found


def agreement_in_force(giver: uuid.UUID, taker: uuid.UUID, kind: str) -> bool:
    """The same function that the floor asks."""
    return bool(agreements_in_force({(giver, taker, kind)}))


Way = tuple[uuid.UUID, uuid.UUID, str]  # giver, taker, kind


def agreements_in_force(ways: Collection[Way]) -> set[Way]:
    """Those of these ways for which an agreement is in force: the same function that the floor asks, in one statement."""
    if not ways:
        return set()
    givers, takers, kinds = (list(part) for part in zip(*ways, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "select giver, taker, kind from unnest(%s::uuid[], %s::uuid[], %s::text[]) as way(giver, taker, kind) "
            "where accord.agreement_in_force(giver, taker, kind)",
            [givers, takers, kinds],
        )
        return set(cursor.fetchall())


def pins_of(*, actor: Actor, partner: uuid.UUID) -> dict[tuple[str, int], bytes]:
    """Digests of a partner's keys as an officer accepted them, by code and version."""
    rows = Pin.objects.filter(owner=actor.agency, partner=partner).values_list("code", "version", "public_hash")
    return {(code, version): bytes(digest) for code, version, digest in rows}


def pinned_key(*, actor: Actor, partner: uuid.UUID, code: str) -> tuple[int, bytes, bytes]:
    """`pinned_keys` for one partner and code."""
    return pinned_keys(actor=actor, ways={(partner, code)})[partner, code]


def pinned_keys(
    *, actor: Actor, ways: Collection[tuple[uuid.UUID, str]]
) -> dict[tuple[uuid.UUID, str], tuple[int, bytes, bytes]]:
    """For each (partner, code): version, public key and expected digest of the partner's newest inbound key that is
    pinned, or signed by the one before it back to a pinned one. Raises LookupError when one of them has none; an
    exchanged key has another digest than expected."""
    partners, codes = {partner for partner, _ in ways}, {code for _, code in ways}
    pins: dict[uuid.UUID, dict[tuple[str, int], bytes]] = {partner: {} for partner in partners}
    for pin in Pin.objects.filter(owner=actor.agency, partner__in=partners, code__in=codes):
        pins[pin.partner][pin.code, pin.version] = bytes(pin.public_hash)
    trusted = vault.trusted_keys_of(pinned=pins, codes=codes)
    return {
        (partner, code): (*found, sealing.digest(found[1])) if found else _exchanged(partner, code, pins[partner])
        for partner, code in ways
        for found in [trusted.get((partner, code))]
    }


def _exchanged(partner: uuid.UUID, code: str, pins: Mapping[tuple[str, int], bytes]) -> tuple[int, bytes, bytes]:
    """The newest key that no longer is what was pinned. Raises LookupError when nothing was."""
    keys = vault.public_keys(agency=partner)
    held = [(v, keys[code, v], pin) for (of, v), pin in sorted(pins.items()) if of == code and (code, v) in keys]
    changed = [row for row in held if not sealing.same(sealing.digest(row[1]), row[2])]
    if not changed:
        raise LookupError(code)
    return changed[-1]


def colleagues(*, actor: Actor) -> list[Colleague]:
    """Everybody of the actor's agency; those who left last. A key that nobody holds any more is waited for by nobody."""
    have = vault.sealed_pairs(agency=actor.agency)
    keys = {(code, version) for _membership, code, version in have}
    rows = Membership.objects.filter(owner=actor.agency).exclude(account=None).order_by("name")
    people, closed = [], closed_accounts()
    for row in rows:
        due = {(code, version) for code, version in keys if code in codes_opened_by(active_roles(row))}
        waiting = 0 if row.ended_at else sum((row.id, code, version) not in have for code, version in due)
        total = 0 if row.ended_at else len(due)
        one = Colleague(row.id, row.name, tuple(row.roles), row.since, row.ended_at, waiting, total)
        people.append(replace(one, waits="" if row.ended_at else waits(row, closed)))
    return sorted(people, key=lambda person: (person.ended_at is not None, person.name))


def closed_accounts() -> set[uuid.UUID]:
    """Memberships of the actor's agency whose account was closed after ninety days without signing in."""
    with connection.cursor() as cursor:
        cursor.execute("select * from accord.memberships_closed()")
        return {membership for (membership,) in cursor.fetchall()}


def recovery_key(*, agency: uuid.UUID) -> RecoveryKey | None:
    """The public half of the key on paper, if there is one."""
    return RecoveryKey.objects.filter(owner=agency, ended_at=None).first()


def officers(*, agency: uuid.UUID) -> list[Membership]:
    """Those who are privacy officers of an agency now."""
    rows = Membership.objects.filter(owner=agency, ended_at=None, reset_at=None, roles__contains=["officer"])
    return list(rows.order_by("name"))


def colleague(*, actor: Actor, membership: uuid.UUID) -> Colleague:
    """One of those who act for the actor's agency now. Raises Hidden."""
    found = [one for one in colleagues(actor=actor) if one.id == membership and one.ended_at is None]
    if not found:
        raise Hidden
    return found[0]


def machine_names(*, actor: Actor) -> dict[uuid.UUID, str]:
    """Names of the connected systems that act for the actor's agency now, by membership."""
    rows = Membership.objects.filter(owner=actor.agency, account=None, ended_at=None)
    return dict(rows.values_list("id", "name"))


def held_alone(*, actor: Actor, membership: uuid.UUID) -> list[str]:
    """Kinds of information that nobody could open any more if this membership ended now, in the dictionary's order."""
    held = {code for code, _version in vault.held_keys(agency=actor.agency, membership=membership)}
    others = {code for other, code, _v in vault.sealed_pairs(agency=actor.agency) if other != membership}
    return [code for code in KINDS if code in held - others]


def keys_to_renew(*, actor: Actor) -> tuple[list[str], int]:
    """Ring codes whose next version is due because somebody who held them left, and how many codes there are."""
    newest = vault.newest_versions(agency=actor.agency)
    return sorted(code for code, (_version, retired) in newest.items() if retired), len(newest)


def newest_ring(*, actor: Actor) -> dict[str, int]:
    """The newest version of each key of the actor's agency."""
    return {code: version for code, (version, _retired) in vault.newest_versions(agency=actor.agency).items()}


def own_fingerprint(*, actor: Actor) -> str:
    """The six words that an officer of this agency reads out to a partner."""
    return fingerprint_of(vault.public_keys(agency=actor.agency))


def fingerprint_of(keys: Mapping[tuple[str, int], bytes]) -> str:
    """A key set's fingerprint as six words, for two officers on the telephone."""
    found = key_set_fingerprint((code, version, public) for (code, version), public in keys.items())
    return sealing.fingerprint_words(found)


def names_for_log(*, actor: Actor) -> dict[str, str]:
    """Names of colleagues and agencies by id as text, as the log's lines have them."""
    agencies = {str(owner): name for owner, name in Agency.objects.values_list("owner", "name")}
    return agencies | {str(one): name for one, name in colleague_names(actor=actor).items()}


def open_invitations(*, actor: Actor) -> list[Invitation]:
    """Codes that were handed out and neither used nor too old."""
    since = clock.now() - INVITATION_LASTS
    return list(Invitation.objects.filter(owner=actor.agency, used_at=None, at__gt=since).order_by("name"))


def invitation(*, code_hash: bytes) -> Invited | None:
    """What an unused code of the last seven days invites to. Asked before anybody is signed in."""
    with connection.cursor() as cursor:
        cursor.execute("select name, roles, agency from accord.invitation_by_code(%s)", [code_hash])
        row = cursor.fetchone()
    return Invited(row[0], tuple(row[1]), row[2]) if row else None


def hub_agencies() -> list[HubAgency]:
    """Every agency of the hub: what it is called and whether its first officer has come. Nothing about people."""
    begun = vault.agencies_with_keys()
    return [HubAgency(a.owner, a.name, a.kind, a.since, a.owner in begun) for a in Agency.objects.order_by("name")]


def hub_agency(*, owner: uuid.UUID) -> HubAgency:
    """One of them. Raises Hidden."""
    found = [row for row in hub_agencies() if row.id == owner]
    if not found:
        raise Hidden
    return found[0]


def agencies_that_agree() -> list[Agency]:
    """Who can be party to an agreement: agencies that meet people, and the statistics unit (for counting once)."""
    return list(Agency.objects.filter(kind__in=[*MEETS_PEOPLE, STATISTICS]).order_by("name"))


def first_day(*, actor: Actor) -> FirstDay:
    """How far a new agency has come before its first person."""
    now = [one for one in colleagues(actor=actor) if one.ended_at is None]
    renew, _total = keys_to_renew(actor=actor)
    return FirstDay(
        officers=sum("officer" in one.roles for one in now),
        keys_ready=not renew and not any(one.keys_waiting for one in now),
        agreed=any(card.state in ("in_force", "review_due") for card in agreements(actor=actor)),
    )


def colleague_names(*, actor: Actor) -> dict[uuid.UUID, str]:
    """Names of the actor's agency's people by membership."""
    return dict(Membership.objects.filter(owner=actor.agency).values_list("id", "name"))


def agreements(*, actor: Actor) -> list[AgreementCard]:
    """Every agreement that the actor's agency is a party to, or all of them for the coalition's office; newest first."""
    names = dict(Agency.objects.values_list("owner", "name"))
    signatures = {(row.agreement, row.owner): row for row in Signature.objects.all()}
    permits: dict[uuid.UUID, list[Permit]] = {}
    for line in Permit.objects.all():
        permits.setdefault(line.agreement, []).append(line)
    now, cards = clock.now(), []
    for row in Agreement.objects.order_by("-starts_at", "title"):
        lines = permits.get(row.id, [])
        agencies = sorted({p.giver for p in lines} | {p.taker for p in lines}, key=lambda agency: names[agency])
        if actor.agency not in agencies and actor.agency != row.owner:
            continue
        parties = tuple(_party(agency, names[agency], signatures.get((row.id, agency))) for agency in agencies)
        state = agreement_state(row, parties, now)
        ways = tuple((names[p.giver], names[p.taker], p.kind) for p in lines)
        cards.append(AgreementCard(row.id, row.title, state, row.starts_at, row.review_due_at, parties, ways))
    return cards


def _party(agency: uuid.UUID, name: str, signature: Signature | None) -> Party:
    if signature is None:
        return Party(agency, name, None, None, None)
    return Party(agency, name, signature.at, signature.reviewed_at, signature.left_at)


def agreement(*, actor: Actor, agreement: uuid.UUID) -> AgreementCard:
    """One of them. Raises Hidden."""
    found = [card for card in agreements(actor=actor) if card.id == agreement]
    if not found:
        raise Hidden
    return found[0]


def partner_keys(*, actor: Actor, card: AgreementCard) -> list[PartnerKeys]:
    """For each other party of an agreement: the words to compare on the telephone, and what they are good for."""
    found = []
    for party in card.parties:
        if party.agency == actor.agency:
            continue
        keys = vault.public_keys(agency=party.agency)
        state = vault.standing(agency=party.agency, pinned=pins_of(actor=actor, partner=party.agency))
        found.append(PartnerKeys(party.agency, party.name, fingerprint_of(keys) if keys else "", state))
    return found
