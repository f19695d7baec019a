"""The cookie and what grows from it.

The cookie's 32 random bytes yield, by separate labels, the session row's id, the key that opens the row's sealed state
and the database ticket. None of the three is stored beside another; without the cookie the row is noise.
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
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, rotate_token
from django.utils.module_loading import import_string

from accord.core.errors import Conflict, Invalid
from accord.core.text import N_
from accord.vault import sealing

# Over TLS with the prefix by which a browser takes it from this very host only: a neighbour under the same domain cannot
# plant a session of its own.
COOKIE = "__Host-accord_session" if settings.SESSION_COOKIE_SECURE else "accord_session"
TOKEN_PREFIX = "accord_"  # noqa: S105 - what stands before a token, so that one left in the open is recognised


@dataclass(frozen=True)
class Handed:
    """The device is in a survivor's hands: the address of the one page that answers, and its language."""

    path: str
    language: str


LONGEST_CODE = 60


@dataclass
class SessionState:
    """A live session: who, acting for whom, and the opened secrets that the row keeps sealed under the cookie's key."""

    secret: bytes
    account: uuid.UUID | None  # None for a machine client
    membership: uuid.UUID | None
    agency: uuid.UUID | None
    pending: bool
    factor_at: datetime | None
    secrets: dict[str, Any] = field(default_factory=dict)
    handed: Handed | None = None

    @property
    def ticket(self) -> str:
        """The database ticket, hex; '' while the second factor is outstanding."""
        return "" if self.pending else ticket_of(self.secret).hex()

    @property
    def account_secret(self) -> bytes:
        """The 32 bytes that the account's key pair grows from."""
        return base64.b64decode(self.secrets["account"])

    def seal(self) -> bytes:
        """The opened secrets, sealed for the row."""
        text = json.dumps(self.secrets).encode()
        return sealing.encrypt(
            sealing.derive(self.secret, "session state"), text, sealing.bind("session", row_of(self.secret).hex)
        )


def keep(state: SessionState) -> None:
    """Save what the session has opened, sealed again, in the transaction at hand."""
    with connection.cursor() as cursor:
        cursor.execute("select accord.session_keep(%s)", [state.seal()])


def row_of(secret: bytes) -> uuid.UUID:
    """The session row's id."""
    return uuid.UUID(bytes=sealing.derive(secret, "session row", 16))


def ticket_of(secret: bytes) -> bytes:
    """The database ticket (the table keeps its SHA-256)."""
    return sealing.derive(secret, "database ticket")


def proof_of(account_secret: bytes) -> bytes:
    """What shows the database that the account's key was opened (the table keeps its SHA-256)."""
    return sealing.derive(account_secret, "database proof")


def load(secret: bytes) -> SessionState | None:
    """The live session of this cookie, or None. Moves the idle clock, in one statement that is its own transaction."""
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
    """From now on this session answers with one page only. Raises Conflict where it does so already."""
    key, bound = _handed_key(state.secret)
    sealed = sealing.encrypt(key, json.dumps(asdict(handed)).encode(), bound)
    with connection.cursor() as cursor:
        cursor.execute("select accord.session_hand_over(%s)", [sealed])
        if not cursor.fetchone()[0]:
            raise Conflict(N_("This device has already been handed over."), code="handed_over")
    state.handed = handed


def take_back(state: SessionState) -> None:
    """The session is its staff member's again. Only after a code was checked (`services.check_factor`)."""
    with connection.cursor() as cursor:
        proof = proof_of(state.account_secret)
        cursor.execute("select accord.session_take_back(%s, %s)", [row_of(state.secret), proof])
    state.handed = None


def from_header(header: str) -> bytes | None:
    """The bytes of a machine client's token in an Authorization header, or None for anything that is not one of ours."""
    scheme, _space, token = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip().startswith(TOKEN_PREFIX):
        return None
    return from_cookie(token.strip().removeprefix(TOKEN_PREFIX) + "=")


def load_machine(token: bytes) -> SessionState | None:
    """A session made for this request from a machine client's token, or None for one that opens nothing. It has no row,
    no cookie and never a fresh second factor."""
    ticket = ticket_of(token).hex()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('accord.ticket', %s, true)", [ticket])
        cursor.execute("select membership, agency from accord.machine_load()")
        row = cursor.fetchone()
    return None if row is None else SessionState(token, None, row[0], row[1], False, None)


def from_cookie(value: str | None) -> bytes | None:
    """The cookie's bytes, or None for anything that is not one of ours."""
    try:
        secret = base64.urlsafe_b64decode((value or "").encode())
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) == sealing.SECRET_BYTES else None


def set_cookie(response: HttpResponse, secret: bytes) -> None:
    """Hand the browser its cookie: for this browser session, this site, never to scripts."""
    response.set_cookie(
        COOKIE,
        base64.urlsafe_b64encode(secret).decode(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def begun(request: HttpRequest, state: SessionState, response: HttpResponse) -> HttpResponse:
    """The browser gets the cookie of a session that began or became another one, and a form token of its own."""
    rotate_token(request)
    set_cookie(response, state.secret)
    return response


class _FormCheck(CsrfViewMiddleware):
    """Django's check, asked early: says no and writes no page, which the middleware itself does when its turn comes."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(status=403)


def is_our_form(request: HttpRequest) -> bool:
    """Whether what was sent carries the token of a page of ours, for whoever has to know before Django's own check."""
    check = _FormCheck(lambda _request: HttpResponse())
    return check.process_view(request, import_string(settings.CSRF_FAILURE_VIEW), (), {}) is None


def _step_up(request: HttpRequest) -> None:
    """A code that came along with any form is checked before the request's own transaction, so that a wrong try stays
    counted when the form is refused. Of our forms only: a neighbour's would use up her five tries."""
    session = request.session_state  # type: ignore[attr-defined]
    if request.method != "POST" or session is None or session.pending:
        return
    code, passkey = request.POST.get("step_up_code", ""), request.POST.get("step_up_passkey", "")
    if len(code) > LONGEST_CODE:  # its form says so; nothing here is asked of so long a text
        code = ""
    if (code or passkey) and is_our_form(request):
        site = import_string("accord.accounts.passkeys.Site").of(request)
        with contextlib.suppress(Invalid):
            import_string("accord.accounts.services.check_factor")(state=session, code=code, passkey=passkey, site=site)


def session_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Puts `session_state` on every request (a SessionState or None) and keeps every page out of every cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response["Cache-Control"] = "no-store"
        return response

    def respond(request: HttpRequest) -> HttpResponse:
        request.session_state = None  # type: ignore[attr-defined]
        if "Authorization" in request.headers and request.path_info.startswith("/api/v"):
            return respond_to_machine(request)
        secret = from_cookie(request.COOKIES.get(COOKIE))
        if secret is not None:
            try:
                request.session_state = load(secret)  # type: ignore[attr-defined]
                _step_up(request)
            except (OperationalError, InternalError):
                away: HttpResponse = import_string("accord.access.views.database_away")(request)
                return away
        return get_response(request)

    def respond_to_machine(request: HttpRequest) -> HttpResponse:
        """Whoever sends a token is that machine or nobody: a cookie that came along is not looked at, so that there is
        nothing that another site could forge."""
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        token = from_header(request.headers["Authorization"])
        try:
            request.session_state = load_machine(token) if token else None  # type: ignore[attr-defined]
        except (OperationalError, InternalError):
            away: HttpResponse = import_string("accord.access.views.database_away")(request)
            return away
        return get_response(request)

    return middleware
