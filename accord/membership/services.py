"""All changes to memberships and their keys. See `returning.py` for resets and the recovery key."""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from accord.access.actors import Actor, require
from accord.access.codes import END_MEMBERSHIP, INVITE_AGENCY, INVITE_MEMBER, KINDS, ROLES, codes_opened_by
from accord.access.trail import Trail
from accord.accounts import services as accounts
from accord.accounts import sessions
from accord.accounts.services import NewAccount
from accord.accounts.sessions import SessionState, proof_of
from accord.audit import services as audit
from accord.core import clock, rooms
from accord.core.errors import Hidden, Invalid, Refused
from accord.core.statements import call_sql
from accord.core.text import N_
from accord.membership.models import Membership
from accord.membership.queries import Invited, active_roles, actor_of, invitation, put_ring, recovery_key
from accord.vault import queries as vault_queries
from accord.vault import sealing
from accord.vault import services as vault
from accord.vault.ring import SIGNING_KEY, Ring

MEMBER_ALREADY = N_(
    "You already work for this agency with this account. Ask a privacy officer there to change your roles."
)
NOT_OPEN = N_(
    "This code doesn't work. It may be mistyped, already used or more than 7 days old. Check it, or ask for a new one."
)


@dataclass(frozen=True)
class Joined:
    """An account's new membership in an agency."""

    agency: uuid.UUID
    membership: uuid.UUID


def invitation_hash(code: str) -> bytes:
    """Return the hash stored for a one-time code, no matter how the code was spaced or capitalized."""
    clean = "".join(c for c in code.lower() if c.isalnum())
    return sealing.keyed_hash(settings.HOST_KEY, "invitation", clean)


def new_code() -> str:
    """Return a 96-bit one-time code, in groups that can be read aloud."""
    return "-".join(secrets.token_hex(3) for _ in range(4))


def _check_roles(kind: str, roles: Iterable[str]) -> list[str]:
    chosen = sorted(set(roles))
    wrong = [code for code in chosen if code not in ROLES or kind not in ROLES[code].within]
    if wrong or not chosen:
        raise Invalid(
            N_("Choose at least one role. Choose only roles available to this type of agency."), fields={"roles": ""}
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
    """Add an agency to the hub. Return its id and a one-time code for its first privacy officer.

    The operator gets none of the agency's keys.
    """
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
    actor.log("agency-invited", to=str(owner))
    return owner, code


def invite_member(*, actor: Actor, name: str, roles: Iterable[str]) -> str:
    """Return a one-time code for a colleague. The code is shown once, and the privacy officer gives it to the colleague
    in person."""
    require(actor, INVITE_MEMBER)
    chosen, code = _check_roles(actor.agency_kind, roles), new_code()
    if not name.strip():
        raise Invalid(N_("Enter the colleague's name."), fields={"name": N_("Enter the colleague's name.")})
    if not call_sql("member_invite", uuid.uuid4(), name.strip(), chosen, invitation_hash(code)):
        raise Refused(code="role")
    actor.log("member-invited", roles=chosen)
    return code


def invite_agency_again(*, actor: Actor, agency: uuid.UUID, officer: str, roles: Iterable[str], kind: str) -> str:
    """Return another one-time code for an agency that no one has joined yet. The previous code stops working."""
    require(actor, INVITE_AGENCY)
    chosen, code = _check_roles(kind, roles), new_code()
    if not call_sql("agency_invite_again", agency, officer, chosen, invitation_hash(code)):
        raise Refused(
            N_(
                "Someone has already joined this agency. From now on, the agency's own privacy officer invites its "
                "staff."
            ),
            code="begun",
        )
    actor.log("agency-invited", to=str(agency))
    return code


def withdraw_invitation(*, actor: Actor, invitation: uuid.UUID) -> None:
    """Withdraw an invitation. Its code stops working."""
    require(actor, INVITE_MEMBER)
    if not call_sql("invitation_withdraw", invitation):
        raise Hidden
    actor.log("invitation-withdrawn")


def join(*, code: str, user_name: str, passphrase: str, language: str) -> SessionState:
    """Create an account with a one-time code. The new session still needs a second factor. Raises Invalid."""
    check_invitation(code=code)  # first, so that no one without a valid code can probe user names or trigger Argon2id
    made = accounts.make_account(user_name=user_name, passphrase=passphrase, language=language)
    with transaction.atomic():  # if someone else uses the code first, no account is left behind
        account = accounts.keep_account(made=made)
        accept_invitation(account=account, code=code)
    return accounts.begin_session(account=account)


def join_with(*, session: SessionState, code: str) -> Joined:
    """Accept another invitation with an existing account. Raises Invalid."""
    account = NewAccount(session.human, session.account_secret, "")
    return accept_invitation(account=account, code=code)


def check_invitation(*, code: str) -> Invited:
    """Return the invitation for a code. Raises Invalid, with the same message for an unknown, used, or expired code."""
    found = invitation(code_hash=invitation_hash(code))
    if found is None:
        raise Invalid(NOT_OPEN, fields={"code": NOT_OPEN})
    return found


def accept_invitation(*, account: NewAccount, code: str) -> Joined:
    """Accept an invitation. Create the membership's key pair and seal it to the account. Raises Invalid."""
    check_invitation(code=code)
    membership, secret = uuid.uuid4(), sealing.new_secret()
    sealed = sealing.seal_to(sealing.KeyPair(account.secret).public, secret, membership_info(membership))
    public = sealing.KeyPair(secret).public
    arguments = [invitation_hash(code), account.id, proof_of(account.secret), membership, public, sealed]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select accord.invitation_accept(%s, %s, %s, %s, %s, %s)", arguments)
            agency = cursor.fetchone()[0]
    except IntegrityError:
        raise Invalid(MEMBER_ALREADY, code="member_already", fields={"code": MEMBER_ALREADY}) from None
    if agency is None:
        raise Invalid(NOT_OPEN, fields={"code": NOT_OPEN})
    return Joined(agency, membership)


def membership_info(membership: uuid.UUID) -> bytes:
    """Return the bytes that a membership's sealed secret is bound to."""
    return sealing.bind("membership", membership.hex)


def act_for(*, session: SessionState, membership: uuid.UUID, trail: Trail) -> Actor:
    """Set the agency to act for, and open the membership's key and ring into the session's encrypted state.

    Also complete the ring: create keys that these roles may use and that don't exist yet, and give colleagues any keys
    they lack.
    """
    row = Membership.objects.filter(account=session.account, id=membership, ended_at=None).first()
    with connection.cursor() as cursor:
        cursor.execute("select accord.session_act_for(%s)", [membership])
        if row is None or not cursor.fetchone()[0]:
            raise Hidden
    sealed = bytes(row.sealed) or _new_membership_key(session, row.id)
    secret = sealing.KeyPair(session.account_secret).open(sealed, membership_info(row.id))
    session.membership, session.agency = row.id, row.owner
    session.secrets["membership"] = base64.b64encode(secret).decode()
    session.secrets.pop("purpose", None)
    ring = vault_queries.open_ring(agency=row.owner, membership=row.id, membership_secret=secret)
    put_ring(session=session, ring=ring)
    made = make_due_keys(agency=row.owner, roles=active_roles(row), ring=ring)
    actor = actor_of(session, trail)
    sessions.keep(session)
    if SIGNING_KEY in actor.ring.codes():  # a new colleague has no keys until another one signs in and shares them
        version = actor.ring.latest(SIGNING_KEY)
        audit.sign_head(owner=row.owner, key_version=version, secret=actor.ring.secret(SIGNING_KEY, version))
    actor.log("signed-in")
    if accounts.failed_tries():
        actor.log("failed-tries")
    if ring.closed:
        actor.log("false-seal", keys=len(ring.closed))
    if actor.waits:
        actor.log("came-back")
    if made:
        actor.log("ring-made", keys=made)
    admit_waiting(actor=actor)
    drop_old_keys(actor=actor)
    return actor


def _new_membership_key(session: SessionState, membership: uuid.UUID) -> bytes:
    """Create and return a new membership key, sealed to the account. After a reset, no one can open the old key."""
    secret = sealing.new_secret()
    own = sealing.KeyPair(session.account_secret).public
    sealed = sealing.seal_to(own, secret, membership_info(membership))
    if not call_sql("membership_rekey", membership, sealing.KeyPair(secret).public, sealed):
        raise Hidden
    return sealed


def make_due_keys(*, agency: uuid.UUID, roles: Iterable[str], ring: Ring) -> int:
    """Create missing or due keys that these roles may use, and seal them to everyone whose role may use them.

    Each key is signed with its previous version, if `ring` holds that version. Returns how many keys were created.
    """
    if not _due(agency, roles):
        return 0
    with connection.cursor() as cursor:  # otherwise two sign-ins at once could create two keys with the same version
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ring {agency}"])
    made = vault.make_ring_keys(agency=agency, versions=_due(agency, roles), held=ring.secrets)
    for row in Membership.objects.filter(owner=agency, ended_at=None, reset_at=None):
        seal_to_role(row=row, secrets=made)
    _seal_to_recovery_sheet(agency, made)
    return len(made)


def seal_to_role(
    *, row: Membership, secrets: Mapping[tuple[str, int], bytes], have: Collection[tuple[uuid.UUID, str, int]] = ()
) -> int:
    """Seal these keys to a colleague, if the colleague's roles may use them and the colleague lacks them. Return how
    many were sealed."""
    opens = codes_opened_by(frozenset(row.roles))
    missing = {key: secret for key, secret in secrets.items() if key[0] in opens and (row.id, *key) not in have}
    vault.seal_ring_keys(agency=row.owner, membership=row.id, public=bytes(row.public), secrets=missing)
    return len(missing)


def _seal_to_recovery_sheet(agency: uuid.UUID, secrets: Mapping[tuple[str, int], bytes]) -> None:
    """Seal these keys to the recovery key, except for those that it already opens."""
    sheet = recovery_key(agency=agency)
    if sheet is None:
        return
    have = vault_queries.on_recovery_sheet(agency=agency, recovery=sheet.id)
    missing = {key: secret for key, secret in secrets.items() if key not in have}
    vault.seal_to_recovery_sheet(agency=agency, recovery=sheet.id, public=bytes(sheet.public), secrets=missing)


def _due(agency: uuid.UUID, roles: Iterable[str]) -> dict[str, int]:
    newest = vault_queries.newest_versions(agency=agency)
    opens = sorted(codes_opened_by(frozenset(roles)))
    found = {code: newest.get(code, (0, True)) for code in opens}
    return {code: version + 1 for code, (version, due) in found.items() if due}


def renew_keys(*, actor: Actor) -> None:
    """Renew keys that a former holder had. This session creates the next version of each key that it may use.

    The others are renewed when a colleague who may use them signs in. Holders keep old versions, so nothing becomes
    unreadable.
    """
    made = make_due_keys(agency=actor.agency, roles=actor.roles, ring=actor.ring)
    if made:
        actor.log("ring-made", keys=made)


def drop_old_keys(*, actor: Actor) -> int:
    """Delete the sealed copies of old kind keys that no longer encrypt anything. Return how many were deleted.

    The database checks this (accord.ring_drop_old). A ring's other keys, for search and totals, keep all versions.
    """
    with connection.cursor() as cursor:
        cursor.execute("select accord.ring_drop_old(%s::text[])", [list(KINDS)])
        dropped = int(cursor.fetchone()[0])
    if dropped:
        actor.log("ring-dropped", keys=dropped)
    return dropped


def declare_purpose(*, actor: Actor, session: SessionState, purpose: str) -> None:
    """Set the purpose that the user is working for. It must belong to one of the user's roles."""
    if purpose not in {p for code in actor.roles for p in ROLES[code].purposes}:
        raise Refused(N_("Your role doesn't include this purpose."), code="purpose")
    session.secrets["purpose"] = purpose
    sessions.keep(session)
    actor.log("purpose-declared", purpose=purpose)


def admit_waiting(*, actor: Actor) -> int:
    """Seal this session's keys to colleagues who lack them and whose roles may use them. Return how many were
    sealed."""
    have, count = vault_queries.sealed_pairs(agency=actor.agency), 0
    rows = list(Membership.objects.filter(owner=actor.agency, ended_at=None, reset_at=None))
    for row in (row for row in rows if row.account is not None):
        count += seal_to_role(row=row, secrets=actor.ring.secrets, have=have)
    if systems := [row for row in rows if row.account is None]:
        count += sum(seal(actor=actor, rows=systems) for seal in rooms.listening("systems-wait-for-keys"))
    _seal_to_recovery_sheet(actor.agency, actor.ring.secrets)
    if count:
        actor.log("ring-sealed", seals=count)
    return count


def renew_access(*, actor: Actor) -> None:
    """Renew the access agreement for another year (acceptance line 91)."""
    until = clock.today(actor.zone) + timedelta(days=365)
    call_sql("membership_renew", until)
    actor.log("access-renewed")


def end_membership(*, actor: Actor, membership: uuid.UUID) -> None:
    """End a colleague's membership. Delete their sessions and seals right away, and renew the keys they held."""
    require(actor, END_MEMBERSHIP)
    if actor.is_own(membership):
        raise Refused(N_("You can't end your own access. Another privacy officer has to do it."), code="own_membership")
    if not call_sql("membership_end", membership):
        raise Hidden
    renew_keys(actor=actor)
    actor.log("membership-ended", to=str(membership))


def change_roles(*, actor: Actor, membership: uuid.UUID, roles: Iterable[str]) -> None:
    """Change a colleague's roles. They have to sign in again.

    Keys that the new roles don't include are removed and renewed. Added keys come from a colleague who holds them.
    """
    require(actor, INVITE_MEMBER)
    if actor.is_own(membership):
        raise Refused(
            N_("You can't change your own roles. Another privacy officer has to do it."), code="own_membership"
        )
    chosen = _check_roles(actor.agency_kind, roles)
    row = Membership.objects.filter(owner=actor.agency, id=membership, ended_at=None).first()
    if row is None:
        raise Hidden
    if chosen == sorted(row.roles):
        same = N_("This person already has these roles. Choose different ones.")
        raise Invalid(same, fields={"roles": same})
    if not call_sql("membership_change_roles", membership, chosen, sorted(codes_opened_by(frozenset(chosen)))):
        raise Hidden
    renew_keys(actor=actor)
    actor.log("roles-changed", to=str(membership), roles=chosen)


def sign_out_colleague(*, actor: Actor, membership: uuid.UUID) -> None:
    """End a colleague's sessions on every device, after a phone or computer was lost. They can sign in again."""
    require(actor, END_MEMBERSHIP)
    if not call_sql("membership_sign_out", membership):
        raise Hidden
    actor.log("colleague-signed-out", to=str(membership))


def alarm_unusual_reading() -> None:
    """Notify supervisors and privacy officers that a colleague is opening more records than their work explains."""
    call_sql("alarm_unusual_reading")
