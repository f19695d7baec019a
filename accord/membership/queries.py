"""Colleagues: who acts for which agency, in which roles, and with which keys."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accord.access.actors import Actor
from accord.access.codes import DRAFT_AGREEMENT, INVITE_AGENCY, KINDS, ROLES, codes_opened_by
from accord.access.rules import may
from accord.access.trail import Trail
from accord.accounts import sessions
from accord.accounts.sessions import SessionState
from accord.agencies.queries import agency_names, facts_from, join_agency
from accord.core import clock
from accord.core.errors import Hidden, Refused
from accord.core.statements import build_sql, fetch
from accord.membership.models import Invitation, Membership, RecoveryKey
from accord.membership.rules import waits
from accord.vault import queries as vault
from accord.vault.ring import Ring

INVITATION_LASTS = timedelta(days=7)


@dataclass(frozen=True)
class MembershipChoice:
    """One of the agencies that an account can act for."""

    id: uuid.UUID
    agency: str
    roles: tuple[str, ...]
    sealed: bytes
    owner: uuid.UUID


@dataclass(frozen=True)
class Colleague:
    """A colleague in the actor's own agency, with the number of their keys that are still missing."""

    id: uuid.UUID
    name: str
    roles: tuple[str, ...]
    since: datetime
    ended_at: datetime | None
    keys_waiting: int
    keys_due: int = 0
    waits: str = (
        ""  # "sign_in" after a reset until they sign in, then "officer" until access is restored; "closed" if unused
    )


@dataclass(frozen=True)
class Invited:
    """The invited person's name and roles, and the agency that invited them."""

    name: str
    roles: tuple[str, ...]
    agency: str


@dataclass(frozen=True)
class FirstDay:
    """The first steps that a new agency has completed."""

    officers: int
    keys_ready: bool
    agreed: bool


def memberships_of(*, account: uuid.UUID) -> list[MembershipChoice]:
    """Return the agencies that this account can act for, sorted by name."""
    rows = list(Membership.objects.filter(account=account, ended_at=None))
    names = agency_names({row.owner for row in rows})
    choices = [
        MembershipChoice(row.id, names[row.owner], tuple(row.roles), bytes(row.sealed), row.owner) for row in rows
    ]
    return sorted(choices, key=lambda choice: choice.agency)


def join_colleague(alias: str, *, owner: str, membership: str) -> str:
    """Return the SQL that other rooms use to join the colleague whose agency and membership are in these columns."""
    return f"left join membership_membership {alias} on {alias}.owner = {owner} and {alias}.id = {membership}"


def who_is_here(*, agency: uuid.UUID) -> list[uuid.UUID]:
    """Return an agency's current memberships, without its connected systems."""
    rows = Membership.objects.filter(owner=agency, ended_at=None).exclude(account=None)
    return list(rows.values_list("id", flat=True))


_ACTOR = build_sql(
    """
    select m.owner, m.id, m.account, m.name, m.roles, m.trained_until, m.reset_at,
      a.name as agency_name, a.kind as agency_kind, a.zone as agency_zone, {held} as held, a.traits, a.jurisdictions,
      array(select t.id from membership_membership t
        where t.owner = m.owner and t.account = m.account and t.id <> m.id) as also
    from membership_membership m {agency} where m.owner = %(agency)s and m.id = %(membership)s
    """,
    agency=join_agency("a", owner="m.owner"),
    held=vault.held_by(owner="m.owner", membership="m.id"),
)


def actor_of(session: SessionState, trail: Trail) -> Actor:
    """Return the Actor for a colleague's live session. The membership and the agency come from the database, and the
    keys come from the session."""
    assert session.account is not None  # a connected system's rights are in systems/queries.py
    row = acting_row(session=session)
    ring = _ring_of(session, row, vault.as_held(row.held))
    return actor_from(row=row, session=session, trail=trail, ring=ring, purpose=session.secrets.get("purpose"))


def acting_row(*, session: SessionState) -> Any:
    """Return the membership that a session acts as, along with its agency. A connected system's `account` is None."""
    (row,) = fetch(_ACTOR, agency=session.agency, membership=session.membership)
    return row


def actor_from(
    *,
    row: Any,
    session: SessionState,
    trail: Trail,
    ring: Ring,
    purpose: str | None,
    inward: frozenset[str] | None = None,
) -> Actor:
    """Return the Actor for a row from `acting_row`. `inward` lists the kinds that a connected system may add."""
    roles = active_roles(row)
    return Actor(
        account=session.account or row.id,  # a connected system has no account, and no account has its id
        membership=row.id,
        agency=row.owner,
        agency_name=row.agency_name,
        agency_kind=row.agency_kind,
        zone=row.agency_zone,
        name=row.name,
        roles=roles,
        purpose=purpose or default_purpose(roles),
        ring=ring,
        trail=trail,
        trained=row.trained_until >= clock.today(row.agency_zone),
        factor_at=session.factor_at,
        also=tuple(row.also),
        waits=row.reset_at is not None,
        inward=inward,
        facts=facts_from(kind=row.agency_kind, traits=row.traits, jurisdictions=row.jurisdictions),
    )


def active_roles(row: Membership) -> frozenset[str]:
    """Return a membership's roles. After a reset, there are none until access is restored."""
    return frozenset(row.roles) if row.reset_at is None else frozenset()


def _ring_of(session: SessionState, row: Membership, held: set[tuple[str, int]]) -> Ring:
    """Return the session's open ring, updated with keys that were added or removed since it was stored."""
    known = {}
    for name, value in session.secrets.get("ring", {}).items():
        code, version = name.rsplit(":", 1)
        known[code, int(version)] = base64.b64decode(value)
    closed = frozenset(vault.as_held(session.secrets.get("closed", ())))
    if set(known) | closed == held:
        return Ring(row.owner, known, closed)
    secret = base64.b64decode(session.secrets["membership"])
    ring = vault.open_ring(agency=row.owner, membership=row.id, membership_secret=secret, known=known)
    put_ring(session=session, ring=ring)
    sessions.keep(session)
    return ring


def put_ring(*, session: SessionState, ring: Ring) -> None:
    """Put the ring into the session's secrets, which the caller encrypts and saves."""
    session.secrets["ring"] = {
        f"{code}:{version}": base64.b64encode(value).decode() for (code, version), value in ring.secrets.items()
    }
    session.secrets["closed"] = [f"{code}:{version}" for code, version in ring.closed]


def default_purpose(roles: frozenset[str]) -> str:
    """Return the default purpose for these roles, which is used until another one is chosen."""
    purposes = [purpose for code in sorted(roles) for purpose in ROLES[code].purposes]
    return purposes[0] if purposes else ""


def in_role(*, actor: Actor, role: str) -> list[uuid.UUID]:
    """Return active memberships of the actor's agency with this role."""
    rows = Membership.objects.filter(owner=actor.agency, ended_at=None, reset_at=None, roles__contains=[role])
    return list(rows.exclude(account=None).values_list("id", flat=True))


def colleagues(*, actor: Actor) -> list[Colleague]:
    """Return everyone in the actor's agency, former colleagues last. A key that no one holds is not counted as missing."""
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


def colleagues_back(*, actor: Actor) -> list[Membership]:
    """Return colleagues who set a new passphrase after a reset and whose access has not been restored yet."""
    rows = Membership.objects.filter(owner=actor.agency, ended_at=None, reset_at__isnull=False).exclude(sealed=b"")
    return list(rows.order_by("name"))


def closed_accounts() -> set[uuid.UUID]:
    """Return memberships of the actor's agency whose account was closed after 90 days without signing in."""
    with connection.cursor() as cursor:
        cursor.execute("select * from accord.memberships_closed()")
        return {membership for (membership,) in cursor.fetchall()}


def recovery_key(*, agency: uuid.UUID) -> RecoveryKey | None:
    """Return the current recovery key (its public half), or None."""
    return RecoveryKey.objects.filter(owner=agency, ended_at=None).first()


def officers(*, agency: uuid.UUID) -> list[Membership]:
    """Return an agency's current privacy officers."""
    rows = Membership.objects.filter(owner=agency, ended_at=None, reset_at=None, roles__contains=["officer"])
    return list(rows.order_by("name"))


def colleague(*, actor: Actor, membership: uuid.UUID) -> Colleague:
    """Return one current colleague of the actor. Raises Hidden."""
    found = [one for one in colleagues(actor=actor) if one.id == membership and one.ended_at is None]
    if not found:
        raise Hidden
    return found[0]


def machine_names(*, actor: Actor) -> dict[uuid.UUID, str]:
    """Return the names of active connected systems of the actor's agency, by membership."""
    rows = Membership.objects.filter(owner=actor.agency, account=None, ended_at=None)
    return dict(rows.values_list("id", "name"))


def held_alone(*, actor: Actor, membership: uuid.UUID) -> list[str]:
    """Return the kinds that no one else could open if this membership ended now, in the order of `KINDS`."""
    held = {code for code, _version in vault.held_keys(agency=actor.agency, membership=membership)}
    others = {code for other, code, _v in vault.sealed_pairs(agency=actor.agency) if other != membership}
    return [code for code in KINDS if code in held - others]


def keys_to_renew(*, actor: Actor) -> tuple[list[str], int]:
    """Return the ring codes that need a new version because a holder left, and the total number of codes."""
    newest = vault.newest_versions(agency=actor.agency)
    return sorted(code for code, (_version, retired) in newest.items() if retired), len(newest)


def newest_ring(*, actor: Actor) -> dict[str, int]:
    """Return the newest version of each key of the actor's agency."""
    return {code: version for code, (version, _retired) in vault.newest_versions(agency=actor.agency).items()}


def open_invitations(*, actor: Actor) -> list[Invitation]:
    """Return invitations that are neither used nor expired."""
    since = clock.now() - INVITATION_LASTS
    return list(Invitation.objects.filter(owner=actor.agency, used_at=None, at__gt=since).order_by("name"))


def open_invitation(*, actor: Actor, invitation: uuid.UUID) -> Invitation:
    """Return one of the agency's open invitations. Raises Hidden."""
    for each in open_invitations(actor=actor):
        if each.id == invitation:
            return each
    raise Hidden


def invitation(*, code_hash: bytes) -> Invited | None:
    """Return the invitation for an unused code from the last seven days. Works before anyone signs in."""
    with connection.cursor() as cursor:
        cursor.execute("select name, roles, agency from accord.invitation_by_code(%s)", [code_hash])
        row = cursor.fetchone()
    return Invited(row[0], tuple(row[1]), row[2]) if row else None


def first_day(*, actor: Actor, agreed: bool) -> FirstDay:
    """Return a new agency's progress on its first steps. `agreed` is True if the agency can share with a partner."""
    now = [one for one in colleagues(actor=actor) if one.ended_at is None]
    renew, _total = keys_to_renew(actor=actor)
    return FirstDay(
        officers=len({row.account for row in officers(agency=actor.agency)}),
        keys_ready=not renew and not any(one.keys_waiting for one in now),
        agreed=agreed,
    )


def colleague_names(*, actor: Actor) -> dict[uuid.UUID, str]:
    """Return the names of the actor's colleagues, including former ones, by membership."""
    return dict(Membership.objects.filter(owner=actor.agency).values_list("id", "name"))


@dataclass(frozen=True)
class Absent:
    """An agency whose first privacy officer has not joined yet."""

    id: uuid.UUID
    name: str
    since: datetime


_ABSENT = """
select a.owner as id, a.name, a.since from agencies_agency a
where not exists (select from vault_ringkey k where k.owner = a.owner) order by a.since, a.name limit 12
"""


def without_officer(*, actor: Actor) -> list[Absent]:
    """Return agencies whose first privacy officer has not joined, for the operator and the coalition's office. Raises
    Refused.
    """
    if not (may(actor, INVITE_AGENCY) or may(actor, DRAFT_AGREEMENT)):
        raise Refused(code="role")
    return [Absent(row.id, row.name, row.since) for row in fetch(_ABSENT)]
