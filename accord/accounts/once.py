"""Save a request only once, even if a second click, a retry after a lost response, or *Back* and *Save* sends it again.

Every form that adds something carries a random mark from its page. A program sends an `Idempotency-Key` instead. The
database stores two hashes, keyed with the sender's own secret (from the cookie or token, which is stored nowhere), and
where the first request led, encrypted with the same secret. A copy of the database therefore reveals neither what was
sent nor the result. The row is deleted after a day.
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

from accord.accounts import kept_forms
from accord.accounts.requests import AccountRequest, SessionRequest
from accord.accounts.sessions import SessionState
from accord.core.errors import Invalid
from accord.core.statements import call_sql
from accord.core.text import N_
from accord.vault import sealing

MARK, AGAIN, KEY = "once", "once_again", "Idempotency-Key"
DRAFT = "save_draft"  # the button that saves a form unfinished: saving it again adds nothing
PREFILL = "prefill"  # the button that opens a form with what was typed elsewhere: nothing is saved yet
LONGEST_KEY = 200
NEITHER = kept_forms.SECRETS | {MARK, AGAIN}  # fields that can differ between two copies of the same request


class KeyUsed(Invalid):
    """The same key was sent with different content, which is a bug in the calling program."""

    code = "key_used"
    sentence = N_("This Idempotency-Key was already used with different content. Send a new one.")


class SavedBefore(Exception):
    """The same content was sent a short time ago from another copy of the page, on purpose or after *Back*. `where` is
    the page that the first request led to."""

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
        """Encrypt and store the response, in case the request is sent again."""
        sealed = sealing.encrypt(self.key, sealing.pad(json.dumps(came_of_it).encode()), self.said)
        call_sql("once_settle", self.mark, sealed)

    def open(self, sealed: bytes) -> dict[str, Any]:
        """Return the response to the first request."""
        found: dict[str, Any] = json.loads(sealing.decrypt(self.key, bytes(sealed), self.said))
        return found


def _hash(session: SessionState, *parts: str | bytes) -> bytes:
    body = b"".join(len(raw).to_bytes(8, "big") + raw for part in parts for raw in [_bytes(part)])
    return hmac.new(sealing.derive(session.secret, "once mark"), body, hashlib.sha256).digest()


def _bytes(part: str | bytes) -> bytes:
    return part if isinstance(part, bytes) else part.encode()


def _ask(claim: Claim, *, alike: bool) -> tuple[bool, bytes, bytes] | None:
    """Claim the mark. If there was an earlier request, return whether its mark is the same, the hash of its content,
    and the response. Otherwise, return None.
    """
    with connection.cursor() as cursor:
        cursor.execute("select same, said, sealed from accord.once_claim(%s, %s, %s)", [claim.mark, claim.said, alike])
        row = cursor.fetchone()
    return (row[0], bytes(row[1]), bytes(row[2])) if row else None


def of_form(request: SessionRequest) -> Claim | HttpResponse | None:
    """Return a claim if this form was not sent before, or a redirect to the page that the first form led to.

    Returns None if the page sent no mark, for a draft, and for a form that is only opened. Raises SavedBefore.
    """
    page = request.POST.get(MARK, "")[:LONGEST_KEY]
    if not page or DRAFT in request.POST or request.POST.get(PREFILL):
        return None
    session = request.session_state
    fields = sorted((name, values) for name, values in request.POST.lists() if name not in NEITHER)
    said = _hash(session, "said", request.path, json.dumps(fields))
    claim = Claim(sealing.derive(session.secret, "once answer"), _hash(session, "form", page, said), said)
    # A button alone has no content to compare. If it is pressed on a freshly loaded page, that is on purpose.
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
    """Return the URL of the first request's result, with a mark that says the result was already saved or was shown
    only once."""
    path, _, fragment = where.partition("#")
    return f"{path}{'&' if '?' in path else '?'}saved={how}{'#' if fragment else ''}{fragment}"


def of_form_done(request: AccountRequest, claim: Claim, response: HttpResponse) -> None:
    """Store the address that the form led to. If the page showed a one-time code, store the page to go to instead
    (`once_at`)."""
    shown_at = request.once_at or request.path
    claim.settle({"where": response.headers.get("Location", shown_at)})


def of_call(request: SessionRequest) -> Claim | HttpResponse | None:
    """Return a claim for a program's first call, the first call's response for a repeated call, or None if there is no
    key. Raises Invalid."""
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
    """Store the response, encrypted with a key from the caller's token."""
    claim.settle({"status": response.status_code, "body": json.loads(response.content)})
