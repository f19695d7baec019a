"""The session cookie and the values derived from it.

Three values are derived from the cookie's 32 random bytes, each with its own label: the session row's id, the key to
the row's encrypted state, and the database ticket. None of them is stored next to another. Without the cookie, the row
is meaningless.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import InternalError, OperationalError, connection, transaction
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, rotate_token
from django.utils.module_loading import import_string

from accord.accounts.requests import AccountRequest, begin
from accord.core.errors import Conflict, Invalid
from accord.core.rooms import listening
from accord.core.statements import call_sql
from accord.core.text import N_
from accord.vault import sealing

# Over TLS, the prefix makes the browser accept the cookie only from this exact host, so another site on the same domain
# can't plant its own session.
COOKIE = "__Host-accord_session" if settings.SESSION_COOKIE_SECURE else "accord_session"
TOKEN_PREFIX = "accord_"  # noqa: S105 - the start of every token, so that a leaked token can be recognized


@dataclass(frozen=True)
class Handed:
    """A device handed to a survivor: the path of the only page that responds, and its language."""

    path: str
    language: str


LONGEST_CODE = 60


@dataclass
class SessionState:
    """A live session: its account, the agency it acts for, and the opened secrets that its row holds encrypted."""

    secret: bytes
    account: uuid.UUID | None  # None for a connected system
    membership: uuid.UUID | None
    agency: uuid.UUID | None
    pending: bool
    factor_at: datetime | None
    secrets: dict[str, Any] = field(default_factory=dict)
    handed: Handed | None = None

    @property
    def ticket(self) -> str:
        """Return the database ticket in hex, or '' until the second factor is verified."""
        return "" if self.pending else ticket_of(self.secret).hex()

    @property
    def human(self) -> uuid.UUID:
        """Return the account of the person who signed in. Raises LookupError for a connected system."""
        if self.account is None:
            raise LookupError("a connected system has no account")
        return self.account

    @property
    def account_secret(self) -> bytes:
        """Return the 32 bytes that the account's key pair is derived from."""
        return base64.b64decode(self.secrets["account"])

    def seal(self) -> bytes:
        """Return the opened secrets, encrypted for the session's row."""
        text = json.dumps(self.secrets).encode()
        return sealing.encrypt(
            sealing.derive(self.secret, "session state"), text, sealing.bind("session", row_of(self.secret).hex)
        )


def keep(state: SessionState) -> None:
    """Save the session's opened secrets, encrypted again, in the current transaction."""
    call_sql("session_keep", state.seal())


def row_of(secret: bytes) -> uuid.UUID:
    """Return the session row's id."""
    return uuid.UUID(bytes=sealing.derive(secret, "session row", 16))


def ticket_of(secret: bytes) -> bytes:
    """Return the database ticket (the table holds its SHA-256)."""
    return sealing.derive(secret, "database ticket")


def proof_of(account_secret: bytes) -> bytes:
    """Return the value that proves to the database that the account's key was opened (the table holds its SHA-256)."""
    return sealing.derive(account_secret, "database proof")


def load(secret: bytes) -> SessionState | None:
    """Return the live session for this cookie, or None. Updates the session's idle time in a separate transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select * from accord.session_load(%s)", [row_of(secret)])
        row = cursor.fetchone()
    if row is None:
        return None
    account, membership, agency, pending, sealed, factor_at, _created, handed = row
    bound = sealing.bind("session", row_of(secret).hex)
    state = json.loads(sealing.decrypt(sealing.derive(secret, "session state"), bytes(sealed), bound))
    return SessionState(secret, account, membership, agency, pending, factor_at, state, _handed(secret, handed))


# Handing the device over --------------------------------------------------------------------------------------------


def _handed_key(secret: bytes) -> tuple[bytes, bytes]:
    return sealing.derive(secret, "session handed"), sealing.bind("session handed", row_of(secret).hex)


def _handed(secret: bytes, sealed: bytes | None) -> Handed | None:
    if sealed is None:
        return None
    key, bound = _handed_key(secret)
    return Handed(**json.loads(sealing.decrypt(key, bytes(sealed), bound)))


def hand_over(state: SessionState, handed: Handed) -> None:
    """Limit this session to one page. Raises Conflict if it is already limited."""
    key, bound = _handed_key(state.secret)
    sealed = sealing.encrypt(key, json.dumps(asdict(handed)).encode(), bound)
    with connection.cursor() as cursor:
        cursor.execute("select accord.session_hand_over(%s)", [sealed])
        if not cursor.fetchone()[0]:
            raise Conflict(N_("This device has already been handed over."), code="handed_over")
    state.handed = handed


def take_back(state: SessionState) -> None:
    """Return the session to its staff member. Call this only after a code was checked (`services.check_factor`)."""
    with connection.cursor() as cursor:
        proof = proof_of(state.account_secret)
        cursor.execute("select accord.session_take_back(%s, %s)", [row_of(state.secret), proof])
    state.handed = None


def from_header(header: str) -> bytes | None:
    """Return the bytes of a connected system's token from an Authorization header, or None if the token is not one of
    ours."""
    scheme, _space, token = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip().startswith(TOKEN_PREFIX):
        return None
    return from_cookie(token.strip().removeprefix(TOKEN_PREFIX) + "=")


def load_machine(token: bytes) -> SessionState | None:
    """Return a session for this request from a connected system's token, or None if the token does not work.

    The session has no row, no cookie, and no recent second factor.
    """
    ticket = ticket_of(token).hex()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('accord.ticket', %s, true)", [ticket])
        cursor.execute("select membership, agency from accord.machine_load()")
        row = cursor.fetchone()
    return None if row is None else SessionState(token, None, row[0], row[1], False, None)


def from_cookie(value: str | None) -> bytes | None:
    """Return the cookie's bytes, or None if the cookie is not one of ours."""
    try:
        secret = base64.urlsafe_b64decode((value or "").encode())
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) == sealing.SECRET_BYTES else None


def set_cookie(response: HttpResponse, secret: bytes) -> None:
    """Set a cookie that lasts for this browser session, is sent only to this site, and can't be read by scripts."""
    response.set_cookie(
        COOKIE,
        base64.urlsafe_b64encode(secret).decode(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def begun(request: AccountRequest, state: SessionState, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Give the browser the cookie of a new or replaced session, and a new form token.

    The response is built after the token is replaced, because a page rendered earlier would send the old token.
    """
    rotate_token(request)
    response = answer()
    set_cookie(response, state.secret)
    return response


class _FormCheck(CsrfViewMiddleware):
    """Django's CSRF check, run early. It only answers yes or no. Django's own middleware shows the error page later."""

    def _reject(self, request: AccountRequest, reason: str) -> HttpResponse:
        return HttpResponse(status=403)


def is_our_form(request: AccountRequest) -> bool:
    """Return True if the request carries a form token from one of our pages. Used by code that runs before Django's
    own check."""
    check = _FormCheck(lambda _request: HttpResponse())
    return check.process_view(request, import_string(settings.CSRF_FAILURE_VIEW), (), {}) is None


def _step_up(request: AccountRequest) -> None:
    """Check a code sent with any form, before the request's own transaction begins.

    This way, a failed attempt still counts even if the form is refused. Only our own forms are checked, because another
    site could otherwise use up the user's attempts.
    """
    session = request.session_state
    if request.method != "POST" or session is None or session.pending:
        return
    code, passkey = request.POST.get("step_up_code", ""), request.POST.get("step_up_passkey", "")
    if len(code) > LONGEST_CODE:  # the form reports this; nothing here should handle text this long
        code = ""
    if (code or passkey) and is_our_form(request):
        site = import_string("accord.accounts.passkeys.Site").of(request)
        with contextlib.suppress(Invalid):
            import_string("accord.accounts.services.check_factor")(state=session, code=code, passkey=passkey, site=site)


def session_middleware(
    get_response: Callable[[AccountRequest], HttpResponse],
) -> Callable[[AccountRequest], HttpResponse]:
    """Set `session_state` (a SessionState or None) on every request, and keep every page out of every cache."""

    def middleware(request: AccountRequest) -> HttpResponse:
        response = respond(request)
        response["Cache-Control"] = "no-store"
        return response

    def respond(request: AccountRequest) -> HttpResponse:
        begin(request)
        if "Authorization" in request.headers and request.path_info.startswith("/api/v"):
            return respond_to_machine(request)
        secret = from_cookie(request.COOKIES.get(COOKIE))
        if secret is not None:
            try:
                request.session_state = load(secret)
                _step_up(request)
            except (OperationalError, InternalError):
                away: HttpResponse = listening("database-away")[0](request)
                return away
        return get_response(request)

    def respond_to_machine(request: AccountRequest) -> HttpResponse:
        """Respond to a connected system. A request with a token acts as that system or as no one.

        Any cookie sent with it is ignored, so another site has nothing to forge.
        """
        request._dont_enforce_csrf_checks = True
        token = from_header(request.headers["Authorization"])
        try:
            request.session_state = load_machine(token) if token else None
        except (OperationalError, InternalError):
            away: HttpResponse = listening("database-away")[0](request)
            return away
        return get_response(request)

    return middleware
