"""Connected systems: other systems that act for an agency. Their only secret is a token. By default, they can only add
data.

A system is a membership that no person signs in with. Its database ticket and key pair are derived from its token. The
database stores the ticket's hash and the pair's public half. A system has machine roles, kinds that it can add, and
kinds that a privacy officer allows it to read. A system loses a kind when that kind's key is retired or replaced
(acceptance line 82).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accord.access.actors import Actor, require_role
from accord.access.codes import CONNECT_SYSTEM, KINDS
from accord.access.trail import Trail
from accord.accounts.sessions import SessionState
from accord.core import clock
from accord.core.errors import Hidden
from accord.membership import queries as membership
from accord.membership.models import Membership
from accord.systems.models import System
from accord.vault import queries as vault_queries
from accord.vault import sealing
from accord.vault.ring import Ring


@dataclass(frozen=True)
class Rights:
    """A system's rights to kinds whose keys have not changed since it was connected."""

    writes: frozenset[str]
    reads: frozenset[str]
    purpose: str


@dataclass(frozen=True)
class SystemCard:
    """A system as its agency's privacy officers see it."""

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


def actor_of(session: SessionState, trail: Trail) -> Actor:
    """Return the Actor for a live session of a colleague or of a connected system."""
    if session.account is not None:
        return membership.actor_of(session, trail)
    row = membership.acting_row(session=session)
    rights = rights_of(row=row)
    ring = _ring_of(session, row, rights)
    return membership.actor_from(
        row=row, session=session, trail=trail, ring=ring, purpose=rights.purpose, inward=rights.writes
    )


def rights_of(*, row: Membership) -> Rights:
    """Return the kinds that a system can currently write and read, and its purpose."""
    system = System.objects.get(owner=row.owner, id=row.id)
    same = vault_queries.keys_as_on(agency=row.owner, day=system.made_at)
    return Rights(frozenset(system.writes) & same, frozenset(system.reads) & same, system.purpose)


def _ring_of(session: SessionState, row: Membership, rights: Rights) -> Ring:
    """Return a system's keys for the kinds it can still read, opened for this one request."""
    secret = sealing.derive(session.secret, "machine pair")
    ring = vault_queries.open_ring(agency=row.owner, membership=row.id, membership_secret=secret)
    return Ring(row.owner, {key: value for key, value in ring.secrets.items() if key[0] in rights.reads})


def opens(*, row: Membership, versions: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """Return which of these keys a system should have: every version of the kinds that it can still read."""
    reads = rights_of(row=row).reads
    return {key for key in versions if key[0] in reads}


def systems(*, actor: Actor) -> list[SystemCard]:
    """Return every system that was ever connected, active ones first. Raises Refused."""
    require_role(actor, CONNECT_SYSTEM)
    names = {row.id: row for row in Membership.objects.filter(owner=actor.agency)}
    held: dict[uuid.UUID, set[str]] = {}
    for system, code, _version in vault_queries.sealed_pairs(agency=actor.agency):
        held.setdefault(system, set()).add(code)
    rows = System.objects.filter(owner=actor.agency).order_by("-made_at", "id")
    cards = [_card(row, names[row.id], held.get(row.id, set())) for row in rows]
    return sorted(cards, key=lambda card: card.state != "acts")


def _card(system: System, row: Membership, held: set[str]) -> SystemCard:
    same = vault_queries.keys_as_on(agency=system.owner, day=system.made_at)
    state = "ended" if row.ended_at else "expired" if system.expires_at <= clock.now() else "acts"
    return SystemCard(
        id=row.id,
        name=row.name,
        roles=tuple(row.roles),
        writes=tuple(code for code in KINDS if code in system.writes),
        reads=tuple(code for code in KINDS if code in system.reads),
        lapsed=tuple(code for code in KINDS if code in {*system.writes, *system.reads} - same),
        waiting=tuple(code for code in KINDS if code in system.reads and code in same - held),
        made_at=system.made_at,
        expires_at=system.expires_at,
        used_at=system.used_at,
        ended_at=row.ended_at,
        state=state,
    )


def system(*, actor: Actor, system: uuid.UUID) -> SystemCard:
    """Return one system that has not been disconnected. Raises Hidden."""
    found = [card for card in systems(actor=actor) if card.id == system and card.ended_at is None]
    if not found:
        raise Hidden
    return found[0]


def kinds_without_key(*, actor: Actor) -> set[str]:
    """Return the kinds without a key to encrypt to, because no one at the agency can open them yet."""
    return set(KINDS) - {code for code, _version in vault_queries.public_keys(agency=actor.agency)}
