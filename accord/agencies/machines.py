"""Machine clients: other systems that act for an agency. Their only secret is a token. By default, they can only add
data.

A client is a membership that no person signs in with. Its database ticket and key pair are derived from its token. The
database stores the ticket's hash and the pair's public half. A client has machine roles, kinds that it can add, and
kinds that a privacy officer allows it to read. A client loses a kind when that kind's key is retired or replaced
(acceptance line 82).
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from accord.access.actors import Actor, require
from accord.access.codes import CONNECT_SYSTEM, KINDS, MACHINE_ROLES, MACHINES_NEVER_READ, MACHINES_WRITE, MEETS_PEOPLE
from accord.accounts import sessions
from accord.accounts.sessions import SessionState
from accord.agencies.models import MachineClient, Membership
from accord.core import clock
from accord.core.errors import Hidden, Invalid, Refused
from accord.core.text import N_
from accord.vault import queries as vault_queries
from accord.vault import sealing
from accord.vault import services as vault
from accord.vault.ring import Ring

LONGEST = timedelta(days=365)
NOBODY_OPENS = N_("At least one of these kinds of information can't be opened by anyone at your agency yet.")


@dataclass(frozen=True)
class Rights:
    """A client's rights to kinds whose keys have not changed since it was connected."""

    writes: frozenset[str]
    reads: frozenset[str]
    purpose: str


@dataclass(frozen=True)
class ClientCard:
    """A client as its agency's privacy officers see it."""

    id: uuid.UUID
    name: str
    roles: tuple[str, ...]
    writes: tuple[str, ...]
    reads: tuple[str, ...]
    lapsed: tuple[str, ...]
    waiting: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    ended_at: datetime | None
    state: str


def is_client(row: Membership) -> bool:
    """Return True if this membership is a machine client, which no person signs in with."""
    return row.account is None


def rights_of(*, row: Membership) -> Rights:
    """Return a client's current rights to kinds."""
    client = MachineClient.objects.get(owner=row.owner, id=row.id)
    same = vault_queries.keys_as_on(agency=row.owner, day=client.made_at)
    return Rights(frozenset(client.writes) & same, frozenset(client.reads) & same, client.purpose)


def ring_of(session: SessionState, row: Membership, rights: Rights) -> Ring:
    """Return a client's keys for the kinds it can still read, opened for this one request."""
    secret = sealing.derive(session.secret, "machine pair")
    ring = vault_queries.open_ring(agency=row.owner, membership=row.id, membership_secret=secret)
    return Ring(row.owner, {key: value for key, value in ring.secrets.items() if key[0] in rights.reads})


def opens(*, row: Membership, versions: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """Return which of these keys a client should have: every version of the kinds that it can still read."""
    reads = rights_of(row=row).reads
    return {key for key in versions if key[0] in reads}


def clients(*, actor: Actor) -> list[ClientCard]:
    """Return every system that was ever connected, active ones first. Raises Refused."""
    require_officer(actor)
    names = {row.id: row for row in Membership.objects.filter(owner=actor.agency)}
    held: dict[uuid.UUID, set[str]] = {}
    for membership, code, _version in vault_queries.sealed_pairs(agency=actor.agency):
        held.setdefault(membership, set()).add(code)
    rows = MachineClient.objects.filter(owner=actor.agency).order_by("-made_at", "id")
    cards = [_card(row, names[row.id], held.get(row.id, set())) for row in rows]
    return sorted(cards, key=lambda card: card.state != "acts")


def _card(client: MachineClient, row: Membership, held: set[str]) -> ClientCard:
    same = vault_queries.keys_as_on(agency=client.owner, day=client.made_at)
    state = "ended" if row.ended_at else "expired" if client.expires_at <= clock.now() else "acts"
    kinds = {code: None for code in KINDS if code in {*client.writes, *client.reads}}
    return ClientCard(
        id=row.id,
        name=row.name,
        roles=tuple(row.roles),
        writes=tuple(code for code in KINDS if code in client.writes),
        reads=tuple(code for code in KINDS if code in client.reads),
        lapsed=tuple(code for code in kinds if code not in same),
        waiting=tuple(code for code in KINDS if code in client.reads and code in same - held),
        made_at=client.made_at,
        expires_at=client.expires_at,
        used_at=client.used_at,
        ended_at=row.ended_at,
        state=state,
    )


def client(*, actor: Actor, client: uuid.UUID) -> ClientCard:
    """Return one client that has not been disconnected. Raises Hidden."""
    found = [card for card in clients(actor=actor) if card.id == client and card.ended_at is None]
    if not found:
        raise Hidden
    return found[0]


def kinds_without_key(*, actor: Actor) -> set[str]:
    """Return the kinds without a key to encrypt to, because no one at the agency can open them yet."""
    return set(KINDS) - {code for code, _version in vault_queries.public_keys(agency=actor.agency)}


def require_officer(actor: Actor) -> None:
    """Refuse anyone but a privacy officer."""
    if "officer" not in actor.roles:
        raise Refused(code="role")


def connect(
    *,
    actor: Actor,
    name: str,
    roles: Iterable[str],
    writes: Iterable[str],
    reads: Iterable[str],
    purpose: str,
    last_day: date,
) -> str:
    """Connect a client. Return its token, which is shown once and stored nowhere.

    Raises Invalid, StepUpNeeded, or Refused.
    """
    require(actor, CONNECT_SYSTEM)
    chosen, adds, reading = sorted(set(roles)), sorted(set(writes)), sorted(set(reads))
    _check(actor, name, chosen, adds, reading, last_day)
    token, identity = sealing.new_secret(), uuid.uuid4()
    until = datetime.combine(last_day + timedelta(days=1), time(), ZoneInfo(actor.zone))
    pair = sealing.KeyPair(sealing.derive(token, "machine pair"))
    with connection.cursor() as cursor:
        cursor.execute(
            "select accord.machine_connect(%s, %s, %s::text[], %s, %s, %s::text[], %s::text[], %s, %s)",
            [
                *(identity, name.strip(), chosen, pair.public, hashlib.sha256(sessions.ticket_of(token)).digest()),
                *(adds, reading, purpose, until),
            ],
        )
        if not cursor.fetchone()[0]:
            raise Refused(code="role")
    seal_waiting(actor=actor, row=Membership.objects.get(owner=actor.agency, id=identity))
    actor.log("system-connected", to=str(identity), roles=chosen, kinds=[*adds, *reading])
    return sessions.TOKEN_PREFIX + base64.urlsafe_b64encode(token).decode().rstrip("=")


def _check(actor: Actor, name: str, roles: list[str], writes: list[str], reads: list[str], last_day: date) -> None:
    fields = {}
    if not name.strip():
        fields["name"] = N_("Enter a name.")
    if not roles or set(roles) - set(MACHINE_ROLES):
        fields["roles"] = N_("Choose at least one option.")
    if set(writes) - MACHINES_WRITE:
        fields["writes"] = N_("Choose only kinds of information that a system can add.")
    if set(reads) - (set(KINDS) - MACHINES_NEVER_READ):
        fields["reads"] = N_("Connected systems can't read this kind of information.")
    today = clock.today(actor.zone)
    if not today < last_day <= today + LONGEST:
        fields["last_day"] = N_("Choose a date after today and within one year.")
    keyless = kinds_without_key(actor=actor)
    for name, chosen in (("writes", writes), ("reads", reads)):
        if keyless & set(chosen):
            fields[name] = NOBODY_OPENS
    if fields:
        raise Invalid(fields=fields)
    if actor.agency_kind not in MEETS_PEOPLE:
        raise Refused(
            N_("Only agencies that work directly with clients can connect other systems."), code="agency_kind"
        )


def seal_waiting(*, actor: Actor, row: Membership) -> int:
    """Seal to a client the keys in this session that it should have but doesn't have yet. Return how many were
    sealed."""
    have = vault_queries.held_keys(agency=row.owner, membership=row.id)
    due = opens(row=row, versions=actor.ring.secrets) - have
    secrets = {key: actor.ring.secrets[key] for key in due}
    vault.seal_ring_keys(agency=row.owner, membership=row.id, public=bytes(row.public), secrets=secrets)
    return len(secrets)
