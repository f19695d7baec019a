"""Sign-in, the second factor, and accounts. A passphrase is checked only by opening the account's key, not by a
hash."""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import secrets
import uuid
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from django.conf import settings
from django.db import connection, transaction

from accord.accounts import passkeys, sessions
from accord.accounts.models import NoticeSeen
from accord.accounts.passkeys import Site
from accord.accounts.queries import notices_for
from accord.accounts.rules import passphrase_problem, recovery_code_text
from accord.accounts.sessions import SessionState
from accord.core import clock
from accord.core.errors import Invalid, Refused
from accord.core.statements import call_sql
from accord.core.text import N_
from accord.vault import sealing

RECOVERY_CODES = 10
LOCKED_OR_WRONG = N_("The user name or passphrase is incorrect. After 5 tries, you'll have to wait 15 minutes.")
TOO_MANY_WRONG_CODES = N_(
    "After 100 incorrect codes in a row, you can no longer sign in to this account with a code. Ask a "
    "privacy officer for a reset code."
)
CODE_DOES_NOT_FIT = N_("That code is incorrect or was already used. Wait for the next one.")
NAME_TAKEN = N_("This user name is taken. Choose another.")
NAME_MISSING = N_("Enter a user name.")


@dataclass(frozen=True)
class NewAccount:
    """A new account and the secret that its key pair is derived from."""

    id: uuid.UUID
    secret: bytes
    user_name: str


def create_account(*, user_name: str, passphrase: str, language: str = "en") -> NewAccount:
    """Create an account with its key pair. Raises Invalid for a weak passphrase or a user name that is taken."""
    return keep_account(made=make_account(user_name=user_name, passphrase=passphrase, language=language))


@dataclass(frozen=True)
class MadeAccount:
    """An account that is ready to be stored, with its passphrase processed."""

    account: NewAccount
    language: str
    salt: bytes
    cost: str
    wrapped: bytes


def make_account(*, user_name: str, passphrase: str, language: str) -> MadeAccount:
    """Process the passphrase outside any transaction, and store nothing. Raises Invalid for a weak passphrase."""
    name = user_name.strip().lower()
    if not name:
        raise Invalid(NAME_MISSING, fields={"user_name": NAME_MISSING})
    _check_passphrase(passphrase, name)
    secret, identity = sealing.new_secret(), uuid.uuid4()
    return MadeAccount(NewAccount(identity, secret, name), language, *_wrap(identity, passphrase, secret))


def keep_account(*, made: MadeAccount) -> NewAccount:
    """Store the new account. Raises Invalid if the user name is taken."""
    new = made.account
    public, proof = sealing.KeyPair(new.secret).public, sessions.proof_of(new.secret)
    wrap = (made.salt, made.cost, made.wrapped)
    if not call_sql("account_create", new.id, new.user_name, made.language, public, *wrap, proof):
        raise Invalid(NAME_TAKEN, fields={"user_name": NAME_TAKEN})
    return new


def _check_passphrase(passphrase: str, user_name: str) -> None:
    generated = sealing.is_proposal(passphrase)
    problem = passphrase_problem(passphrase, banned_passphrases(), user_name, generated)
    if problem:
        raise Invalid(problem, fields={"passphrase": problem})


@lru_cache(maxsize=1)
def banned_passphrases() -> frozenset[str]:
    """Return the passwords that attackers try first: Django's list of common passwords (Royce Williams, 2018)."""
    packed = resources.files("django.contrib.auth").joinpath("common-passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().split())


def _wrap(account: uuid.UUID, passphrase: str, secret: bytes) -> tuple[bytes, str, bytes]:
    salt, cost = os.urandom(16), sealing.Argon.parse(settings.ACCORD_ARGON)
    key = _key(passphrase, salt, cost)
    return salt, cost.text(), sealing.encrypt(key, secret, sealing.bind("account wrap", account.hex))


def _key(passphrase: str, salt: bytes, cost: sealing.Argon) -> bytes:
    """Derive a passphrase's key. Raises RuntimeError inside a transaction.

    Deriving takes a while, especially if other requests are ahead. A transaction would hold locks and rows during that
    time. While this function waits, it holds no connection.
    """
    if connection.in_atomic_block:
        raise RuntimeError("Process a passphrase before the transaction begins, never inside it.")
    if sealing.is_deriving():
        connection.close()
    return sealing.passphrase_key(passphrase, salt, cost)


def open_session(*, user_name: str, passphrase: str) -> SessionState:
    """Do the first sign-in step, in which the passphrase opens the key. The session is pending and has no ticket.

    Five failed attempts in fifteen minutes lock a name, whether or not it exists, with the same message (acceptance
    line 93).
    """
    name = user_name.strip().lower()
    name_hash = sealing.keyed_hash(settings.HOST_KEY, "sign-in", name)
    with transaction.atomic():
        call_sql("accounts_disable_idle")
        free = bool(call_sql("sign_in_try", name_hash))
        with connection.cursor() as cursor:
            cursor.execute("select id, wrap_salt, wrap_cost, wrapped from accord.account_wrap(%s)", [name])
            row = cursor.fetchone()
    secret = _try_open(row, passphrase, name_hash)
    if not free or secret is None:
        call_sql("sign_in_failed", name)
        raise Invalid(LOCKED_OR_WRONG, code="sign_in")
    return begin_session(account=NewAccount(row[0], secret, name))


def begin_session(*, account: NewAccount) -> SessionState:
    """Begin a pending session for an account whose key is open. Raises Invalid if the account was closed in the
    meantime."""
    cookie = sealing.new_secret()
    opened = {"account": base64.b64encode(account.secret).decode()}
    state = SessionState(cookie, account.id, None, None, True, None, opened)
    proof = sessions.proof_of(account.secret)
    with transaction.atomic():
        call_sql("sign_in_clear", sealing.keyed_hash(settings.HOST_KEY, "sign-in", account.user_name))
        if not call_sql("session_open", sessions.row_of(cookie), account.id, proof, state.seal()):
            raise Invalid(LOCKED_OR_WRONG, code="sign_in")
    return state


def _try_open(row: tuple[uuid.UUID, bytes, str, bytes] | None, passphrase: str, decoy: bytes) -> bytes | None:
    """Open the wrapped key. This takes just as long for a name that doesn't exist."""
    account, salt, cost, wrapped = row or (uuid.UUID(int=0), decoy[:16], settings.ACCORD_ARGON, b"")
    key = _key(passphrase, bytes(salt), sealing.Argon.parse(cost))
    try:
        return sealing.decrypt(key, bytes(wrapped), sealing.bind("account wrap", account.hex))
    except sealing.CannotOpen:
        return None


# Second factor ----------------------------------------------------------------------------------------------------


def _factor_bound(account: uuid.UUID) -> bytes:
    return sealing.bind("second factor", account.hex)


def enrol_factor(*, account: uuid.UUID, secret: bytes, factor: bytes) -> list[str]:
    """Store the authenticator's secret and return ten recovery codes, which are shown once."""
    codes, hashes = _recovery_codes(account)
    sealed = sealing.encrypt(settings.HOST_KEY, factor, _factor_bound(account))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "select accord.account_set_factor(%s, %s, %s, %s::bytea[])",
            [account, sessions.proof_of(secret), sealed, hashes],
        )
        if not cursor.fetchone()[0]:
            raise Refused(
                N_("Complete two-step verification with your current method before you set up another one."),
                code="enrolled",
            )
    return codes


def _recovery_codes(account: uuid.UUID) -> tuple[list[str], list[bytes]]:
    codes = ["-".join(secrets.token_hex(2) for _ in range(3)) for _ in range(RECOVERY_CODES)]
    return codes, [sealing.keyed_hash(settings.HOST_KEY, "recovery", account.hex, code) for code in codes]


def enrolled(state: SessionState) -> bool:
    """Return True if this account has a second factor."""
    return _own_factor(state) is not None or bool(passkeys.of_account(state=state))


def _own_factor(state: SessionState) -> bytes | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select accord.account_factor(%s, %s)", [state.human, sessions.proof_of(state.account_secret)])
        sealed = cursor.fetchone()[0]
    if sealed is None:
        return None
    return sealing.decrypt(settings.HOST_KEY, bytes(sealed), _factor_bound(state.human))


def check_factor(*, state: SessionState, code: str = "", passkey: str = "", site: Site | None = None) -> None:
    """Check the second factor or a step-up: an authenticator code, recovery code, or passkey answer. Each works once.
    Raises Invalid.
    """
    name_hash = sealing.keyed_hash(settings.HOST_KEY, "second factor", state.human.hex)
    proof = sessions.proof_of(state.account_secret)
    with transaction.atomic():
        # An attempt is counted before it is checked, so parallel attempts can't get around the limit.
        accepted = bool(call_sql("sign_in_try", name_hash)) and bool(call_sql("factor_try", state.human, proof))
        if accepted and passkey and site is not None:
            accepted = passkeys.accepts(state=state, site=site, answer=passkey)
        elif accepted:
            accepted = _code_accepted(state, code)
    if not accepted:
        call_sql("factor_failed", state.human, proof)
        if call_sql("factor_is_blocked", state.human, proof):
            raise Invalid(TOO_MANY_WRONG_CODES, fields={"code": TOO_MANY_WRONG_CODES})
        words = passkeys.DOES_NOT_FIT if passkey else CODE_DOES_NOT_FIT
        raise Invalid(words, fields={"code": words})
    with transaction.atomic():
        call_sql("sign_in_clear", name_hash)
        give_ticket(state=state)


def _code_accepted(state: SessionState, code: str) -> bool:
    factor, proof = _own_factor(state), sessions.proof_of(state.account_secret)
    step = sealing.totp_step(factor, code, clock.now().timestamp()) if factor else None
    if step is not None and bool(call_sql("account_use_step", state.human, proof, step)):
        return True
    hashed = sealing.keyed_hash(settings.HOST_KEY, "recovery", state.human.hex, recovery_code_text(code))
    return bool(call_sql("account_use_recovery_code", state.human, proof, hashed))


def give_ticket(*, state: SessionState) -> None:
    """Give the session its database ticket. Call it only after `check_factor`. Tests call it to sign in quickly.

    A pending session is replaced by a new one with a new cookie, which the caller gives to the browser. Raises Invalid
    if the session has ended in the meantime.
    """
    proof, row = sessions.proof_of(state.account_secret), sessions.row_of(state.secret)
    if state.pending:
        state.secret = sealing.new_secret()
        stored = call_sql("session_renew", row, proof, sessions.row_of(state.secret), state.seal(), _ticket_hash(state))
    else:
        stored = call_sql("session_ticket", row, proof, _ticket_hash(state))
    if not stored:
        raise Invalid(CODE_DOES_NOT_FIT, fields={"code": CODE_DOES_NOT_FIT})
    state.pending, state.factor_at = False, clock.now()


def _ticket_hash(state: SessionState) -> bytes:
    return hashlib.sha256(sessions.ticket_of(state.secret)).digest()


def current_code(*, state: SessionState, ahead: int = 0) -> str:
    """Return the code that this account's authenticator shows now or in `ahead` seconds, or '' outside the demo."""
    factor = _own_factor(state) if settings.ACCORD_DEMO else None
    return demo_code(factor, ahead=ahead) if factor else ""


def close_session(*, state: SessionState) -> None:
    """Sign out. End the session and delete the keys it had opened."""
    with transaction.atomic():
        call_sql("session_close", sessions.row_of(state.secret))


def offered_factor(*, state: SessionState) -> bytes:
    """Return the secret offered to an authenticator during setup. It lasts for one session and is not stored."""
    return sealing.derive(state.secret, "offered factor", 20)


def confirm_factor(*, state: SessionState, factor: bytes, code: str) -> list[str]:
    """Set up the authenticator once a code proves that it has the secret. Return the recovery codes. Raises Invalid."""
    step = sealing.totp_step(factor, code, clock.now().timestamp())
    if step is None:
        raise Invalid(N_("That code is incorrect. Wait for the next one."), fields={"code": ""})
    codes = enrol_factor(account=state.human, secret=state.account_secret, factor=factor)
    call_sql("account_use_step", state.human, sessions.proof_of(state.account_secret), step)
    give_ticket(state=state)
    return codes


def begin_with_passkey(*, state: SessionState, site: Site, name: str, answer: str) -> list[str]:
    """Set up a passkey as the account's first second factor. Return the recovery codes. Raises Invalid."""
    codes, hashes = _recovery_codes(state.human)
    passkeys.add(state=state, site=site, name=name, answer=answer, first_codes=hashes)
    give_ticket(state=state)
    return codes


def demo_code(factor: bytes, *, ahead: int = 0) -> str:
    """Return a factor's current code, or '' outside the demo."""
    at = int(clock.now().timestamp()) + ahead
    return sealing.totp(factor).generate(at).decode() if settings.ACCORD_DEMO else ""


def user_name(*, state: SessionState) -> str:
    """Return the user name of the session's own account."""
    return str(call_sql("account_name", state.human, sessions.proof_of(state.account_secret)))


# The account's own page -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewWrap:
    """The account's key, wrapped with a new passphrase and ready to be stored."""

    salt: bytes
    cost: str
    wrapped: bytes


def new_wrap(*, state: SessionState, old: str, passphrase: str) -> NewWrap:
    """Open the account's key with the old passphrase and wrap it with the new one, outside any transaction.

    Stores nothing. A wrong old passphrase is counted as a failed sign-in (acceptance line 93). Raises Invalid.
    """
    name = user_name(state=state)
    _check_passphrase(passphrase, name)
    name_hash = sealing.keyed_hash(settings.HOST_KEY, "sign-in", name)
    with connection.cursor() as cursor:
        cursor.execute("select id, wrap_salt, wrap_cost, wrapped from accord.account_wrap(%s)", [name])
        row = cursor.fetchone()
    free = bool(call_sql("sign_in_try", name_hash))  # counted before it is checked
    secret = _try_open(row, old, name_hash)
    if not free or secret is None:
        wrong = N_("That isn't your current passphrase. After 5 tries, you'll have to wait 15 minutes.")
        raise Invalid(wrong, fields={"old": wrong})
    return NewWrap(*_wrap(state.human, passphrase, secret))


def change_passphrase(*, state: SessionState, wrap: NewWrap) -> None:
    """Store the new wrapped key, and end every other session of the account."""
    name_hash = sealing.keyed_hash(settings.HOST_KEY, "sign-in", user_name(state=state))
    call_sql("sign_in_clear", name_hash)
    proof, here = sessions.proof_of(state.account_secret), sessions.row_of(state.secret)
    call_sql("account_rewrap", state.human, proof, wrap.salt, wrap.cost, wrap.wrapped, here)


def new_recovery_codes(*, state: SessionState) -> list[str]:
    """Return ten new recovery codes, which are shown once. The old codes stop working. The authenticator still
    works."""
    codes, hashes = _recovery_codes(state.human)
    marks = [state.human, sessions.proof_of(state.account_secret), hashes]
    with connection.cursor() as cursor:
        cursor.execute("select accord.account_set_recovery_codes(%s, %s, %s::bytea[])", marks)
    return codes


def failed_tries() -> int:
    """Return how many attempts to sign in have failed since the last sign-in, and reset the count."""
    return int(str(call_sql("failed_tries_taken") or 0))


def close_other_sessions() -> None:
    """Sign out everywhere else (acceptance line 108)."""
    call_sql("session_close_others")


def set_language(*, language: str) -> None:
    """Write the account's messages in this language from now on."""
    call_sql("account_set_language", language)


def see_notices(*, owner: uuid.UUID, membership: uuid.UUID, only: uuid.UUID | None = None) -> None:
    """Mark all notices that are new for this membership as seen, or only the notice with the id `only`."""
    at = clock.now()
    NoticeSeen.objects.bulk_create(
        NoticeSeen(owner=owner, membership=membership, notice=notice.id, at=at)
        for notice in notices_for(owner=owner, membership=membership, limit=1000)
        if only in (None, notice.id)
    )


# Forgotten passphrase -----------------------------------------------------------------------------------------------


def reset_account(*, code_hash: bytes, passphrase: str) -> SessionState:
    """Set a new key and passphrase with a privacy officer's one-time code.

    Every session ends. The second factor stays, unless the officer said that it is lost, too. The new key can't open
    data that the old key opened. Raises Invalid, or LookupError for a bad code.
    """
    with connection.cursor() as cursor:
        cursor.execute("select account, user_name from accord.reset_by_code(%s)", [code_hash])
        found = cursor.fetchone()
    if found is None:
        raise LookupError
    account, name = found
    _check_passphrase(passphrase, name)
    secret = sealing.new_secret()
    salt, cost, wrapped = _wrap(account, passphrase, secret)
    public, proof = sealing.KeyPair(secret).public, sessions.proof_of(secret)
    if not call_sql("reset_accept", code_hash, public, salt, cost, wrapped, proof):
        raise LookupError
    return begin_session(account=NewAccount(account, secret, name))
