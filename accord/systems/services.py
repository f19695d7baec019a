"""Connect and disconnect other systems, and give them their keys."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from accord.access.actors import Actor, require
from accord.access.codes import CONNECT_SYSTEM, KINDS, MACHINE_ROLES, MACHINES_NEVER_READ, MACHINES_WRITE, MEETS_PEOPLE
from accord.accounts import sessions
from accord.core import clock
from accord.core.errors import Hidden, Invalid, Refused
from accord.core.statements import call_sql
from accord.core.text import N_
from accord.membership.models import Membership
from accord.membership.queries import machine_names
from accord.membership.services import renew_keys
from accord.systems.queries import kinds_without_key, opens
from accord.vault import queries as vault_queries
from accord.vault import sealing
from accord.vault import services as vault

LONGEST = timedelta(days=365)
NOBODY_OPENS = N_("At least one of these kinds of information can't be opened by anyone at your agency yet.")


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
    """Connect a system. Return its token, which is shown once and stored nowhere.

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
    _seal_waiting(actor, Membership.objects.get(owner=actor.agency, id=identity))
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


def seal_waiting(*, actor: Actor, rows: Iterable[Membership]) -> int:
    """Seal this session's keys to these systems, if they should have those keys but don't have them yet. Return how
    many keys were sealed."""
    return sum(_seal_waiting(actor, row) for row in rows)


def _seal_waiting(actor: Actor, row: Membership) -> int:
    have = vault_queries.held_keys(agency=row.owner, membership=row.id)
    due = opens(row=row, versions=actor.ring.secrets) - have
    secrets = {key: actor.ring.secrets[key] for key in due}
    vault.seal_ring_keys(agency=row.owner, membership=row.id, public=bytes(row.public), secrets=secrets)
    return len(secrets)


def disconnect(*, actor: Actor, system: uuid.UUID) -> None:
    """Disconnect a system. Its token stops working on its next request, and the keys it held are renewed."""
    require(actor, CONNECT_SYSTEM)
    if system not in machine_names(actor=actor) or not call_sql("membership_end", system):
        raise Hidden
    renew_keys(actor=actor)
    actor.log("system-ended", to=str(system))
