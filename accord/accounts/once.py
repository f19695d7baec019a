"""Save what is sent twice only once: a second click, a retry after a lost answer, or *Back* and saving again.

Every form that adds something carries a random mark of its page; a program sends `Idempotency-Key`. Stored are two
hashes, keyed with the sender's own secret (of the cookie or token, which is stored nowhere), and where the first
request led, encrypted under the same secret. So a copy of the database reveals neither what was sent nor what resulted
from it. It is deleted after a day.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect

from accord.accounts import drafts
from accord.accounts.requests import AccountRequest, SessionRequest
from accord.accounts.sessions import SessionState
from accord.core.errors import Invalid
from accord.core.statements import call_sql
from accord.core.text import N_
from accord.vault import sealing

MARK, AGAIN, KEY = "once", "once_again", "Idempotency-Key"
LONGEST_KEY = 200
NEITHER = drafts.SECRETS | {MARK, AGAIN}  # fields that differ between two requests without meaning anything


class KeyUsed(Invalid):
    """The same key came with different content: a bug in the calling program."""

    code = "key_used"
    sentence = N_("This Idempotency-Key was already used with different content. Send a new one.")


class SavedBefore(Exception):
    """The same was sent a short while ago from a freshly loaded page, on purpose or by *Back*. `where` is the page it
    led to."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


@dataclass(frozen=True)
class Claim:
    """A first request in progress."""

    key: bytes
    mark: bytes
    said: bytes

    def settle(self, came_of_it: dict[str, Any]) -> None:
        """Store the answer, encrypted, for a second request."""
        sealed = sealing.encrypt(self.key, sealing.pad(json.dumps(came_of_it).encode()), self.said)
        call_sql("once_settle", self.mark, sealed)

    def open(self, sealed: bytes) -> dict[str, Any]:
        """Return the answer of the first request."""
        found: dict[str, Any] = json.loads(sealing.decrypt(self.key, bytes(sealed), self.said))
        return found


def _hash(session: SessionState, *parts: str | bytes) -> bytes:
    body = b"".join(len(raw).to_bytes(8, "big") + raw for part in parts for raw in [_bytes(part)])
    return hmac.new(sealing.derive(session.secret, "once mark"), body, hashlib.sha256).digest()


def _bytes(part: str | bytes) -> bytes:
    return part if isinstance(part, bytes) else part.encode()


def _ask(claim: Claim, *, alike: bool) -> tuple[bool, bytes, bytes] | None:
    """Claim the mark. Return an earlier request: whether its mark is the same, the hash of its content, and its answer.
    None if there was none.
    """
    with connection.cursor() as cursor:
        cursor.execute("select same, said, sealed from accord.once_claim(%s, %s, %s)", [claim.mark, claim.said, alike])
        row = cursor.fetchone()
    return (row[0], bytes(row[1]), bytes(row[2])) if row else None


def of_form(request: SessionRequest) -> Claim | HttpResponse | None:
    """Return the claim of a first form, or a redirect to what the first one led to.

    Returns None if the page sent no mark. Raises SavedBefore.
    """
    page = request.POST.get(MARK, "")[:LONGEST_KEY]
    if not page:
        return None
    session = request.session_state
    fields = sorted((name, values) for name, values in request.POST.lists() if name not in NEITHER)
    said = _hash(session, "said", request.path, json.dumps(fields))
    claim = Claim(sealing.derive(session.secret, "once answer"), _hash(session, "form", page, said), said)
    # A button alone has no content to compare: pressed on a freshly loaded page, it is pressed on purpose.
    says_something = any(value for _name, values in fields for value in values)
    earlier = _ask(claim, alike=says_something and AGAIN not in request.POST)
    if earlier is None:
        return claim
    where = str(claim.open(earlier[2])["where"])
    if not earlier[0]:
        raise SavedBefore(where)
    shows_once = getattr(request.resolver_match.func, "shows_once", False) if request.resolver_match else False
    return redirect(with_notice(where, "code" if shows_once else "1"))


def with_notice(where: str, how: str = "1") -> str:
    """Return the address of the first request's result, marked to say that it was already saved, or shown once."""
    path, _, fragment = where.partition("#")
    return f"{path}{'&' if '?' in path else '?'}saved={how}{'#' if fragment else ''}{fragment}"


def of_form_done(request: AccountRequest, claim: Claim, response: HttpResponse) -> None:
    """Store where the form led. A page that shows a code once is not stored: a second request leads to the page behind it."""
    shown_at = request.once_at or request.path
    claim.settle({"where": response.headers.get("Location", shown_at)})


def of_call(request: SessionRequest) -> Claim | HttpResponse | None:
    """Return the claim of a program's first call, or the first call's answer. None without a key. Raises Invalid."""
    key = request.headers.get(KEY, "")
    if not key:
        return None
    if len(key) > LONGEST_KEY:
        raise Invalid(code="unreadable")
    session = request.session_state
    said = _hash(session, "body", request.path, request.body)
    claim = Claim(sealing.derive(session.secret, "once answer"), _hash(session, "call", key), said)
    earlier = _ask(claim, alike=False)
    if earlier is None:
        return claim
    if earlier[1] != said:
        raise KeyUsed
    kept = claim.open(earlier[2])
    return JsonResponse(kept["body"], status=kept["status"], safe=False)


def of_call_done(claim: Claim, response: HttpResponse) -> None:
    """Store the answer, encrypted to the caller's token."""
    claim.settle({"status": response.status_code, "body": json.loads(response.content)})
