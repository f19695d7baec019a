"""Regaining access: forgotten passphrases, closed accounts, and the printed recovery key that two privacy officers use.

A key whose passphrase was forgotten is lost. A reset gives the account a new key, which opens nothing at first. When a
privacy officer restores access, the keys that colleagues hold are sealed to the new key. Every key that anyone at the
agency holds is also sealed to the printed recovery key, so nothing is lost when a key's last holder leaves.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import connection

from accord.access.actors import Actor, require
from accord.access.codes import END_MEMBERSHIP, INVITE_MEMBER, KEEP_RECOVERY
from accord.accounts import services as accounts
from accord.accounts.sessions import SessionState
from accord.core import clock
from accord.core.errors import Hidden, Invalid, Refused
from accord.core.statements import call_sql
from accord.core.text import N_
from accord.membership.models import Membership, RecoveryStart
from accord.membership.queries import officers, recovery_key
from accord.membership.services import make_due_keys, new_code, seal_to_role
from accord.vault import queries as vault_queries
from accord.vault import sealing
from accord.vault import services as vault
from accord.vault.ring import Ring

START_LASTS = timedelta(hours=1)
NO_RESET = N_(
    "This code doesn't work. It may be mistyped, already used or more than a day old. Check it, or ask "
    "your privacy officer for a new one."
)
NOT_THESE = N_("These aren't the words on your agency's newest recovery sheet. Check each word against the sheet.")


# A reset ------------------------------------------------------------------------------------------------------------


def reset_hash(code: str) -> bytes:
    """Return the hash stored for a reset code, no matter how the code was spaced or capitalized."""
    clean = "".join(c for c in code.lower() if c.isalnum())
    return sealing.keyed_hash(settings.HOST_KEY, "reset", clean)


def make_reset(*, actor: Actor, membership: uuid.UUID, factor: bool) -> str:
    """Create a one-time code for a colleague who forgot their passphrase. `factor` is true if the second factor is
    lost, too."""
    require(actor, INVITE_MEMBER)
    code = new_code()
    if not call_sql("member_reset", uuid.uuid4(), membership, reset_hash(code), factor):
        raise Hidden
    actor.log("reset-code-made", to=str(membership))
    return code


def check_reset(*, code: str) -> str:
    """Return the user name of the account that a code resets. Raises Invalid."""
    with connection.cursor() as cursor:
        cursor.execute("select user_name from accord.reset_by_code(%s)", [reset_hash(code)])
        row = cursor.fetchone()
    if row is None:
        raise Invalid(NO_RESET, fields={"code": NO_RESET})
    return str(row[0])


def reset(*, code: str, passphrase: str) -> SessionState:
    """Set a new passphrase. The new session still needs the second factor. Raises Invalid."""
    try:
        return accounts.reset_account(code_hash=reset_hash(code), passphrase=passphrase)
    except LookupError:
        raise Invalid(NO_RESET, fields={"code": NO_RESET}) from None


def readmit(*, actor: Actor, membership: uuid.UUID) -> None:
    """Restore a colleague's access after a reset.

    Every key in this session that the colleague's roles may use is sealed to their new key.
    """
    require(actor, INVITE_MEMBER)
    insist_on_another(membership=membership)
    with connection.cursor() as cursor:
        cursor.execute("select accord.membership_readmit(%s)", [membership])
        alone = cursor.fetchone()[0]
    if alone is None:
        raise Refused(N_("First, they have to sign in once with their new passphrase."), code="not_back")
    seal_to_role(row=Membership.objects.get(owner=actor.agency, id=membership), secrets=actor.ring.secrets)
    if alone:
        actor.log("readmitted-alone", to=str(membership))
    else:
        actor.log("readmitted", to=str(membership))


def insist_on_another(*, membership: uuid.UUID) -> None:
    """Refuse the person who created this colleague's reset code, if another privacy officer can restore access."""
    if call_sql("readmit_takes_another", membership):
        raise Refused(
            N_("You created their reset code, so another privacy officer has to restore their access."),
            code="second_person",
            remedy=N_(
                "The other privacy officers were notified. One of them will speak with your colleague and restore "
                "their access."
            ),
        )


def open_again(*, actor: Actor, membership: uuid.UUID) -> None:
    """Reopen an account that was closed after 90 days without signing in. The passphrase stays the same."""
    require(actor, END_MEMBERSHIP)
    if not call_sql("membership_open_again", membership):
        raise Hidden
    actor.log("account-opened-again", to=str(membership))


# The printed recovery key --------------------------------------------------------------------------------------------


def held_on_recovery_sheet(*, actor: Actor) -> set[str]:
    """Return the codes of the keys that the printed recovery key opens."""
    sheet = recovery_key(agency=actor.agency)
    return (
        {code for code, _version in vault_queries.on_recovery_sheet(agency=actor.agency, recovery=sheet.id)}
        if sheet
        else set()
    )


def recovery_sheet_reach(*, actor: Actor) -> tuple[int, int]:
    """Return how many of the agency's keys the recovery key opens, and how many there are."""
    held = {(code, version) for _membership, code, version in vault_queries.sealed_pairs(agency=actor.agency)}
    sheet = recovery_key(agency=actor.agency)
    opened = vault_queries.on_recovery_sheet(agency=actor.agency, recovery=sheet.id) if sheet else set()
    return len(opened), len(held | opened)


def print_recovery(*, actor: Actor) -> str:
    """Create a new recovery key and return its words, which are shown once. The previous key stops working.

    The new key opens the keys that this session holds, and each colleague's keys once that colleague signs in.
    """
    require(actor, KEEP_RECOVERY)
    sheet = recovery_key(agency=actor.agency)
    have = vault_queries.on_recovery_sheet(agency=actor.agency, recovery=sheet.id) if sheet else set()
    if have - actor.ring.secrets.keys() - _held_by_somebody(actor):
        raise Refused(
            N_(
                "Some keys can be recovered only with the current recovery sheet. Before you print a new one, use "
                "the current one with a second privacy officer."
            ),
            code="only_recovery_sheet",
        )
    words = _new_recovery_sheet(actor, actor.ring)
    actor.log("recovery-printed")
    return words


def _held_by_somebody(actor: Actor) -> set[tuple[str, int]]:
    return {(code, version) for _m, code, version in vault_queries.sealed_pairs(agency=actor.agency)}


def _new_recovery_sheet(actor: Actor, ring: Ring) -> str:
    secret, identity = sealing.new_secret(), uuid.uuid4()
    public = sealing.KeyPair(secret).public
    if not call_sql("recovery_make", identity, public):
        raise Refused(code="role")
    vault.seal_to_recovery_sheet(agency=actor.agency, recovery=identity, public=public, secrets=ring.secrets)
    return sealing.spell(secret)


def start_recovery(*, actor: Actor, words: str) -> None:
    """Accept the recovery words from the first of two privacy officers.

    The words are stored for one hour, encrypted to each other officer. Raises Invalid.
    """
    require(actor, KEEP_RECOVERY)
    sheet = recovery_key(agency=actor.agency)
    if sheet is None:
        raise Hidden
    read = [secret for secret in sealing.unspell(words) if sealing.KeyPair(secret).public == bytes(sheet.public)]
    if not read:
        raise Invalid(NOT_THESE, fields={"recovery_words": NOT_THESE})
    others = [row for row in officers(agency=actor.agency) if row.account != actor.account]
    if not others:
        raise Refused(
            N_("This requires a second privacy officer, and your agency doesn't have one right now."), code="alone"
        )
    seals = [sealing.seal_to(bytes(o.public), read[0], _start_info(actor.agency, sheet.id, o.id)) for o in others]
    with connection.cursor() as cursor:
        marks = [sheet.id, [row.id for row in others], seals]
        cursor.execute("select accord.recovery_start(%s, %s::uuid[], %s::bytea[])", marks)
    actor.log("recovery-started")


def _start_info(agency: uuid.UUID, recovery: uuid.UUID, membership: uuid.UUID) -> bytes:
    return sealing.bind("recovery start", agency.hex, recovery.hex, membership.hex)


def started(*, actor: Actor) -> RecoveryStart | None:
    """Return the recovery that another privacy officer started in the last hour, if the actor can confirm it."""
    since = clock.now() - START_LASTS
    return RecoveryStart.objects.filter(owner=actor.agency, membership=actor.membership, at__gt=since).first()


def confirm_recovery(*, actor: Actor, membership_secret: bytes) -> str:
    """Confirm as the second privacy officer. Return the words of a new recovery key, which are shown once.

    Everyone gets the keys for their roles, any keys that are due are created, and the recovery key is replaced.
    """
    require(actor, KEEP_RECOVERY)
    begun = started(actor=actor)
    if begun is None or actor.is_own(begun.by):
        raise Refused(
            N_(
                "You have nothing to confirm here. The second privacy officer has to confirm the recovery within 1 "
                "hour."
            ),
            code="not_started",
        )
    info = _start_info(actor.agency, begun.recovery, actor.membership)
    secret = sealing.KeyPair(membership_secret).open(bytes(begun.sealed), info)
    found = vault_queries.open_from_recovery_sheet(agency=actor.agency, recovery=begun.recovery, secret=secret)
    whole = Ring(actor.agency, {**found.secrets, **actor.ring.secrets})
    _give(actor, whole)
    words = _new_recovery_sheet(actor, whole)
    roles = {code for row in _living(actor) for code in row.roles}
    make_due_keys(agency=actor.agency, roles=roles, ring=whole)
    actor.log("recovery-used")
    return words


def _living(actor: Actor) -> list[Membership]:
    return list(Membership.objects.filter(owner=actor.agency, ended_at=None, reset_at=None))


def _give(actor: Actor, ring: Ring) -> None:
    have = vault_queries.sealed_pairs(agency=actor.agency)
    for row in _living(actor):
        seal_to_role(row=row, secrets=ring.secrets, have=have)
