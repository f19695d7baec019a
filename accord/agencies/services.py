"""Agencies, memberships and their keys change here and nowhere else. Agreements: `signing.py`; coming back: `returning.py`."""

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
from accord.access.codes import (
    CONNECT_SYSTEM,
    END_MEMBERSHIP,
    INVITE_AGENCY,
    INVITE_MEMBER,
    KINDS,
    ROLES,
    codes_opened_by,
)
from accord.access.trail import Trail
from accord.accounts import services as accounts
from accord.accounts import sessions
from accord.accounts.services import NewAccount
from accord.accounts.sessions import SessionState, proof_of
from accord.agencies import machines
from accord.agencies.models import Membership
from accord.agencies.queries import (
    Invited,
    active_roles,
    actor_of,
    invitation,
    machine_names,
    put_ring,
    recovery_key,
)
from accord.audit import services as audit
from accord.core import clock
from accord.core.errors import Hidden, Invalid, Refused
from accord.core.statements import named
from accord.core.text import N_
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
    """An account's new place in an agency."""

    agency: uuid.UUID
    membership: uuid.UUID


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
            N_("Choose at least one role. Choose only roles that this kind of agency has."), fields={"roles": ""}
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
    actor.log("agency-invited", to=str(owner))
    return owner, code


def invite_member(*, actor: Actor, name: str, roles: Iterable[str]) -> str:
    """A one-time code for a colleague, shown once; the officer hands it over in person."""
    require(actor, INVITE_MEMBER)
    chosen, code = _check_roles(actor.agency_kind, roles), new_code()
    if not name.strip():
        raise Invalid(N_("Enter the colleague's name."), fields={"name": N_("Enter the colleague's name.")})
    if not named("member_invite", uuid.uuid4(), name.strip(), chosen, invitation_hash(code)):
        raise Refused(code="role")
    actor.log("member-invited", roles=chosen)
    return code


def invite_agency_again(*, actor: Actor, agency: uuid.UUID, officer: str, roles: Iterable[str], kind: str) -> str:
    """Another one-time code for an agency that nobody has joined yet; the one before it ends."""
    require(actor, INVITE_AGENCY)
    chosen, code = _check_roles(kind, roles), new_code()
    if not named("agency_invite_again", agency, officer, chosen, invitation_hash(code)):
        raise Refused(
            N_("Someone has already joined this agency. Its own privacy officer invites people now."), code="begun"
        )
    actor.log("agency-invited", to=str(agency))
    return code


def withdraw_invitation(*, actor: Actor, invitation: uuid.UUID) -> None:
    """A code that went to the wrong hands opens nothing any more."""
    require(actor, INVITE_MEMBER)
    if not named("invitation_withdraw", invitation):
        raise Hidden
    actor.log("invitation-withdrawn")


def join(*, code: str, user_name: str, passphrase: str, language: str) -> SessionState:
    """A newcomer makes an account with her one-time code. The session waits for its second factor. Raises Invalid."""
    check_invitation(code=code)  # first: whoever has none learns no user name, and costs no Argon2id
    made = accounts.make_account(user_name=user_name, passphrase=passphrase, language=language)
    with transaction.atomic():  # a code that someone else took up meanwhile leaves no account behind
        account = accounts.keep_account(made=made)
        accept_invitation(account=account, code=code)
    return accounts.begin_session(account=account)


def join_with(*, session: SessionState, code: str) -> Joined:
    """Somebody who has an account takes up one more invitation with it. Raises Invalid."""
    account = NewAccount(session.account, session.account_secret, "")
    return accept_invitation(account=account, code=code)


def check_invitation(*, code: str) -> Invited:
    """What a code invites to. Raises Invalid, in the same words for an unknown, a used and an old code."""
    found = invitation(code_hash=invitation_hash(code))
    if found is None:
        raise Invalid(NOT_OPEN, fields={"code": NOT_OPEN})
    return found


def accept_invitation(*, account: NewAccount, code: str) -> Joined:
    """Take up an invitation: the membership's key pair is made here and sealed to the account. Raises Invalid."""
    check_invitation(code=code)
    membership, secret = uuid.uuid4(), sealing.new_secret()
    sealed = sealing.seal_to(sealing.KeyPair(account.secret).public, secret, membership_info(membership))
    public = sealing.KeyPair(secret).public
    given = [invitation_hash(code), account.id, proof_of(account.secret), membership, public, sealed]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select accord.invitation_accept(%s, %s, %s, %s, %s, %s)", given)
            agency = cursor.fetchone()[0]
    except IntegrityError:
        raise Invalid(MEMBER_ALREADY, code="member_already", fields={"code": MEMBER_ALREADY}) from None
    if agency is None:
        raise Invalid(NOT_OPEN, fields={"code": NOT_OPEN})
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
    if SIGNING_KEY in actor.ring.codes():  # a new colleague holds no key before another one signs in and hands it on
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
    """After a reset the old pair cannot be opened by anybody: a new one, which opens nothing yet. Sealed to the account."""
    secret = sealing.new_secret()
    own = sealing.KeyPair(session.account_secret).public
    sealed = sealing.seal_to(own, secret, membership_info(membership))
    if not named("membership_rekey", membership, sealing.KeyPair(secret).public, sealed):
        raise Hidden
    return sealed


def make_due_keys(*, agency: uuid.UUID, roles: Iterable[str], ring: Ring) -> int:
    """Make what these roles open and nobody made yet, or what is due again because a holder left; seal it to everybody
    whose role opens it. Each is signed by the version before it, where `ring` holds that. Returns how many keys."""
    if not _due(agency, roles):
        return 0
    with connection.cursor() as cursor:  # two sign-ins at once would make two keys of one version
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ring {agency}"])
    made = vault.make_ring_keys(agency=agency, versions=_due(agency, roles), held=ring.secrets)
    for row in Membership.objects.filter(owner=agency, ended_at=None, reset_at=None):
        seal_to_role(row=row, secrets=made)
    _seal_to_paper(agency, made)
    return len(made)


def seal_to_role(
    *, row: Membership, secrets: Mapping[tuple[str, int], bytes], have: Collection[tuple[uuid.UUID, str, int]] = ()
) -> int:
    """Seal to a colleague what her roles open of these keys and she does not have yet. Returns how many."""
    opens = codes_opened_by(frozenset(row.roles))
    missing = {key: secret for key, secret in secrets.items() if key[0] in opens and (row.id, *key) not in have}
    vault.seal_ring_keys(agency=row.owner, membership=row.id, public=bytes(row.public), secrets=missing)
    return len(missing)


def _seal_to_paper(agency: uuid.UUID, secrets: Mapping[tuple[str, int], bytes]) -> None:
    """The key on paper opens whatever anybody holds; what it does not open yet is sealed to it."""
    paper = recovery_key(agency=agency)
    if paper is None:
        return
    have = vault_queries.on_paper(agency=agency, recovery=paper.id)
    missing = {key: secret for key, secret in secrets.items() if key not in have}
    vault.seal_to_paper(agency=agency, recovery=paper.id, public=bytes(paper.public), secrets=missing)


def _due(agency: uuid.UUID, roles: Iterable[str]) -> dict[str, int]:
    newest = vault_queries.newest_versions(agency=agency)
    opens = sorted(codes_opened_by(frozenset(roles)))
    found = {code: newest.get(code, (0, True)) for code in opens}
    return {code: version + 1 for code, (version, due) in found.items() if due}


def _renew(actor: Actor) -> None:
    """Somebody no longer holds her keys, and they are retired: what this session may use gets its next version now, the
    rest waits for the sign-in of a colleague who may. Old versions stay with those who stay: nothing gets unreadable."""
    made = make_due_keys(agency=actor.agency, roles=actor.roles, ring=actor.ring)
    if made:
        actor.log("ring-made", keys=made)


def drop_old_keys(*, actor: Actor) -> int:
    """Old versions of the kinds' keys under which nothing lies any more lose their seals: nobody opens them again. The
    database looks (accord.ring_drop_old). What else grows from a ring, the search and the totals, keeps its versions."""
    with connection.cursor() as cursor:
        cursor.execute("select accord.ring_drop_old(%s::text[])", [list(KINDS)])
        dropped = int(cursor.fetchone()[0])
    if dropped:
        actor.log("ring-dropped", keys=dropped)
    return dropped


def declare_purpose(*, actor: Actor, session: SessionState, purpose: str) -> None:
    """Say what one works for now; only purposes of one's roles."""
    if purpose not in {p for code in actor.roles for p in ROLES[code].purposes}:
        raise Refused(N_("Your role doesn't include this purpose."), code="purpose")
    session.secrets["purpose"] = purpose
    sessions.keep(session)
    actor.log("purpose-declared", purpose=purpose)


def admit_waiting(*, actor: Actor) -> int:
    """Seal what this session holds to colleagues whose role opens it and who have no seal yet. Returns how many seals."""
    have, count = vault_queries.sealed_pairs(agency=actor.agency), 0
    for row in Membership.objects.filter(owner=actor.agency, ended_at=None, reset_at=None):
        if machines.is_client(row):
            count += machines.seal_waiting(actor=actor, row=row)
        else:
            count += seal_to_role(row=row, secrets=actor.ring.secrets, have=have)
    _seal_to_paper(actor.agency, actor.ring.secrets)
    if count:
        actor.log("ring-sealed", seals=count)
    return count


def renew_access(*, actor: Actor) -> None:
    """The yearly access agreement, signed again for a year (acceptance line 91)."""
    until = clock.today(actor.zone) + timedelta(days=365)
    named("membership_renew", until)
    actor.log("access-renewed")


def end_membership(*, actor: Actor, membership: uuid.UUID) -> None:
    """A colleague leaves: her sessions and seals go now, in this transaction, and the keys that she held are renewed."""
    require(actor, END_MEMBERSHIP)
    if actor.is_own(membership):
        raise Refused(N_("You can't end your own access. Another privacy officer has to do it."), code="own_membership")
    if not named("membership_end", membership):
        raise Hidden
    _renew(actor)
    actor.log("membership-ended", to=str(membership))


def end_client(*, actor: Actor, client: uuid.UUID) -> None:
    """A connected system is ended: its token opens nothing from the next request on, and the keys that it held are
    renewed."""
    require(actor, CONNECT_SYSTEM)
    if client not in machine_names(actor=actor) or not named("membership_end", client):
        raise Hidden
    _renew(actor)
    actor.log("system-ended", to=str(client))


def change_roles(*, actor: Actor, membership: uuid.UUID, roles: Iterable[str]) -> None:
    """Other roles for a colleague. She signs in again; keys that the new roles do not open are taken from her and renewed,
    keys that they add wait for somebody who holds them."""
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
    if not named("membership_change_roles", membership, chosen, sorted(codes_opened_by(frozenset(chosen)))):
        raise Hidden
    _renew(actor)
    actor.log("roles-changed", to=str(membership), roles=chosen)


def sign_out_colleague(*, actor: Actor, membership: uuid.UUID) -> None:
    """A lost telephone or computer: her sessions end now, wherever they are. She may sign in again."""
    require(actor, END_MEMBERSHIP)
    if not named("membership_sign_out", membership):
        raise Hidden
    actor.log("colleague-signed-out", to=str(membership))
