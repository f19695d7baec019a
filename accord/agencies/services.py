"""Agencies, memberships and agreements change here and nowhere else."""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from accord.access.acting import Actor, Trail, require
from accord.access.codes import (
    DRAFT_AGREEMENT,
    END_MEMBERSHIP,
    INVITE_AGENCY,
    INVITE_MEMBER,
    KINDS,
    ROLES,
    SIGN_AGREEMENT,
    codes_opened_by,
)
from accord.accounts.services import NewAccount
from accord.accounts.sessions import SessionState, proof_of
from accord.agencies.models import Agency, Membership, Permit, Pin, Signature
from accord.agencies.queries import actor_of
from accord.audit import services as audit
from accord.core import clock
from accord.core.errors import Hidden, Invalid, Refused
from accord.core.text import N_
from accord.vault import queries as vault_queries
from accord.vault import sealing
from accord.vault import services as vault
from accord.vault.ring import SIGNING_KEY, key_set_fingerprint


@dataclass(frozen=True)
class Joined:
    """An account's new place in an agency."""

    agency: uuid.UUID
    membership: uuid.UUID


def _call(function: str, *values: object) -> bool:
    """One of the named functions that write what binds an agency; they ask for the role once more."""
    marks = ", ".join(["%s::text[]" if _is_words(value) else "%s" for value in values])
    with connection.cursor() as cursor:
        cursor.execute(f"select accord.{function}({marks})", list(values))
        return bool(cursor.fetchone()[0])


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def invitation_hash(code: str) -> bytes:
    """What is kept of a one-time code, however it was typed."""
    clean = "".join(c for c in code.lower() if c.isalnum())
    return sealing.keyed_hash(settings.HOST_KEY, "invitation", clean)


def new_code() -> str:
    """A one-time code of 96 bits, in groups that can be read aloud."""
    return "-".join(secrets.token_hex(3) for _ in range(4))


def _check_roles(kind: str, roles: Iterable[str]) -> list[str]:
    chosen = sorted(set(roles))
    wrong = [code for code in chosen if code not in ROLES or kind not in ROLES[code].within]
    if wrong or not chosen:
        raise Invalid(
            N_("Choose at least one role, and only roles that this kind of agency has."), fields={"roles": ""}
        )
    return chosen


def invite_agency(
    *,
    actor: Actor,
    name: str,
    kind: str,
    zone: str,
    jurisdictions: Iterable[str],
    traits: Iterable[str],
    officer: str,
    roles: Iterable[str],
) -> tuple[uuid.UUID, str]:
    """The operator opens a place for an agency and gets a one-time code for its first officer. She holds no key of it."""
    require(actor, INVITE_AGENCY)
    chosen, owner, code = _check_roles(kind, roles), uuid.uuid4(), new_code()
    with connection.cursor() as cursor:
        cursor.execute(
            "select accord.agency_invite(%s, %s, %s, %s, %s::text[], %s::text[], %s, %s::text[], %s)",
            [
                owner,
                name,
                kind,
                zone,
                sorted(set(jurisdictions)),
                sorted(set(traits)),
                officer,
                chosen,
                invitation_hash(code),
            ],
        )
    actor.log("agency-invited", agency=str(owner))
    return owner, code


def invite_member(*, actor: Actor, name: str, roles: Iterable[str]) -> str:
    """A one-time code for a colleague, shown once; the officer hands it over in person."""
    require(actor, INVITE_MEMBER)
    chosen, code = _check_roles(actor.agency_kind, roles), new_code()
    if not name.strip():
        raise Invalid(N_("Write the colleague's name."), fields={"name": N_("Write the colleague's name.")})
    if not _call("member_invite", uuid.uuid4(), name.strip(), chosen, invitation_hash(code)):
        raise Refused(code="role")
    actor.log("member-invited", roles=chosen)
    return code


def accept_invitation(*, account: NewAccount, code: str) -> Joined:
    """Take up an invitation: the membership's key pair is made here and sealed to the account. Raises Hidden."""
    membership, secret = uuid.uuid4(), sealing.new_secret()
    sealed = sealing.seal_to(sealing.KeyPair(account.secret).public, secret, membership_info(membership))
    with connection.cursor() as cursor:
        cursor.execute(
            "select accord.invitation_accept(%s, %s, %s, %s, %s, %s)",
            [
                invitation_hash(code),
                account.id,
                proof_of(account.secret),
                membership,
                sealing.KeyPair(secret).public,
                sealed,
            ],
        )
        agency = cursor.fetchone()[0]
    if agency is None:
        raise Hidden(N_("This invitation is not open: it was used, or it is older than seven days."))
    return Joined(agency, membership)


def membership_info(membership: uuid.UUID) -> bytes:
    """What a membership's sealed secret is bound to."""
    return sealing.bind("membership", membership.hex)


def act_for(*, session: SessionState, membership: uuid.UUID, trail: Trail) -> Actor:
    """Choose the agency to act for: opens the membership's key and its ring into the session's sealed state.

    On the way the ring is completed: a key that her role opens and nobody made yet is made now, and colleagues who wait
    for a key that she holds get it.
    """
    row = Membership.objects.filter(account=session.account, id=membership, ended_at=None).first()
    with connection.cursor() as cursor:
        cursor.execute("select accord.session_act_for(%s)", [membership])
        if row is None or not cursor.fetchone()[0]:
            raise Hidden
    secret = sealing.KeyPair(session.account_secret).open(bytes(row.sealed), membership_info(row.id))
    session.membership, session.agency = row.id, row.owner
    session.secrets["membership"] = base64.b64encode(secret).decode()
    session.secrets.pop("purpose", None)
    _make_missing_keys(row)
    ring = vault_queries.open_ring(agency=row.owner, membership=row.id, membership_secret=secret)
    session.secrets["ring"] = {
        f"{code}:{version}": base64.b64encode(value).decode() for (code, version), value in ring.secrets.items()
    }
    with connection.cursor() as cursor:
        cursor.execute("select accord.session_keep(%s)", [session.seal()])
    actor = actor_of(session, trail)
    if SIGNING_KEY in ring.codes():  # a new colleague holds no key before another one signs in and hands it on
        version = ring.latest(SIGNING_KEY)
        audit.sign_head(owner=row.owner, key_version=version, secret=ring.secret(SIGNING_KEY, version))
    actor.log("signed-in")
    admit_waiting(actor=actor)
    return actor


def _make_missing_keys(row: Membership) -> None:
    made = {code for code, _ in vault_queries.public_keys(agency=row.owner)}
    missing = codes_opened_by(frozenset(row.roles)) - made
    secrets_made = vault.make_ring_keys(agency=row.owner, codes=sorted(missing))
    vault.seal_ring_keys(agency=row.owner, membership=row.id, public=bytes(row.public), secrets=secrets_made)


def declare_purpose(*, actor: Actor, session: SessionState, purpose: str) -> None:
    """Say what one works for now; only purposes of one's roles."""
    if purpose not in {p for code in actor.roles for p in ROLES[code].purposes}:
        raise Refused(N_("Your role does not work for this purpose."), code="purpose")
    session.secrets["purpose"] = purpose
    with connection.cursor() as cursor:
        cursor.execute("select accord.session_keep(%s)", [session.seal()])
    actor.log("purpose-declared", purpose=purpose)


def admit_waiting(*, actor: Actor) -> int:
    """Seal what this session holds to colleagues whose role opens it and who have no seal yet. Returns how many seals."""
    have, count = vault_queries.sealed_pairs(agency=actor.agency), 0
    for row in Membership.objects.filter(owner=actor.agency, ended_at=None):
        opens = codes_opened_by(frozenset(row.roles))
        missing = {
            key: secret for key, secret in actor.ring.secrets.items() if key[0] in opens and (row.id, *key) not in have
        }
        vault.seal_ring_keys(agency=actor.agency, membership=row.id, public=bytes(row.public), secrets=missing)
        count += len(missing)
    if count:
        actor.log("ring-sealed", seals=count)
    return count


def renew_access(*, actor: Actor) -> None:
    """The yearly access agreement, signed again for a year (acceptance line 91)."""
    until = clock.today(actor.zone) + timedelta(days=365)
    _call("membership_renew", until)
    actor.log("access-renewed")


def end_membership(*, actor: Actor, membership: uuid.UUID) -> None:
    """A colleague leaves: her sessions and seals go now, in this transaction."""
    require(actor, END_MEMBERSHIP)
    if membership == actor.membership:
        raise Refused(N_("Another officer has to end your own membership."), code="own_membership")
    if not _call("membership_end", membership):
        raise Hidden
    actor.log("membership-ended", membership=str(membership))


# Agreements -------------------------------------------------------------------------------------------------------


def draft_agreement(
    *, actor: Actor, title: str, starts_at: datetime, permits: Iterable[tuple[uuid.UUID, uuid.UUID, str]]
) -> uuid.UUID:
    """The coalition's office writes what may pass between whom; it binds nobody before both have signed."""
    require(actor, DRAFT_AGREEMENT)
    lines, agreement = set(permits), uuid.uuid4()
    wrong = [kind for _, _, kind in lines if kind not in KINDS or KINDS[kind].never_shared]
    if not lines or wrong:
        raise Invalid(N_("Name at least one kind of information, and only kinds that may ever be shared."))
    columns = [list(column) for column in zip(*sorted(lines, key=str), strict=True)]
    if not _call("agreement_draft", agreement, title, starts_at, starts_at + timedelta(days=365), *columns):
        raise Refused(code="role")
    actor.log("agreement-drafted", agreement=str(agreement))
    return agreement


def sign_agreement(*, actor: Actor, agreement: uuid.UUID) -> dict[str, str]:
    """Sign for the actor's agency and pin every partner's inbound keys. Returns each partner's fingerprint as words."""
    require(actor, SIGN_AGREEMENT)
    lines = list(Permit.objects.filter(agreement=agreement))
    parties = {line.giver for line in lines} | {line.taker for line in lines}
    if actor.agency not in parties:
        raise Hidden
    if Signature.objects.filter(owner=actor.agency, agreement=agreement).exists():
        raise Refused(N_("Your agency has signed this already."), code="signed")
    if not _call("agreement_sign", agreement):
        raise Refused(code="role")
    actor.log("agreement-signed", agreement=str(agreement))
    return {name: pin_partner(actor=actor, partner=partner) for partner, name in _names(parties - {actor.agency})}


def _names(agencies: set[uuid.UUID]) -> list[tuple[uuid.UUID, str]]:
    return list(Agency.objects.filter(owner__in=agencies).order_by("name").values_list("owner", "name"))


def pin_partner(*, actor: Actor, partner: uuid.UUID) -> str:
    """Pin a partner's present inbound keys; keys pinned before stay as they were. Returns the words to compare."""
    keys = vault_queries.public_keys(agency=partner)
    known = set(Pin.objects.filter(owner=actor.agency, partner=partner).values_list("code", "version"))
    at = clock.now()
    Pin.objects.bulk_create(
        Pin(owner=actor.agency, partner=partner, code=code, version=version, public_hash=sealing.digest(public), at=at)
        for (code, version), public in keys.items()
        if (code, version) not in known
    )
    return fingerprint_of(keys)


def fingerprint_of(keys: dict[tuple[str, int], bytes]) -> str:
    """A key set's fingerprint as six words, for two officers on the telephone."""
    return sealing.fingerprint_words(
        key_set_fingerprint((code, version, public) for (code, version), public in keys.items())
    )


def end_agreement(*, actor: Actor, agreement: uuid.UUID) -> None:
    """Leave an agreement: sharing under it stops with this commit."""
    require(actor, SIGN_AGREEMENT)
    if not _call("agreement_leave", agreement):
        raise Hidden
    actor.log("agreement-left", agreement=str(agreement))
