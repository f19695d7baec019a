"""Forms submitted just before or after their session ended. They are kept encrypted and offered again after sign-in.

The session's row shows whose form it was and is kept for a day after the session ends. The cookie identifies the row. A
mark in every form also identifies the row, in case another window signed out and the cookie is gone. The content is
encrypted to the account's public key during the request, and only the account's passphrase can open it. A saved form is
deleted when it is used, discarded, or a day old.
"""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.datastructures import MultiValueDict

from accord.accounts import sessions
from accord.accounts.requests import AccountRequest, SessionRequest
from accord.accounts.sessions import SessionState
from accord.core.statements import call_sql
from accord.vault import sealing

LONGEST = 250_000
# Anything that proves identity is never kept.
OPENS = frozenset({"passphrase", "again", "old", "code", "passkey", "recovery_words", "paper_words"})
SECRETS = OPENS | {"csrfmiddlewaretoken", "step_up_code", "step_up_passkey"}
MARK, WHERE = "kept_for", "kept_path"
SECRETS |= {MARK, WHERE}
# The text of a legal request isn't kept either. It only passes through the hub to the agencies it addresses.
SECRETS |= {"request_sender", "request_reference", "request_says"}
# The old names, because a page can stay open while Accord is updated.
SECRETS |= {"paper_sender", "paper_reference", "paper_says"}


@dataclass(frozen=True)
class KeptForm:
    """One saved form, as it was submitted."""

    id: uuid.UUID
    at: datetime
    path: str
    fields: dict[str, list[str]]
    title: str = ""


@dataclass(frozen=True)
class Sealed:
    """A form that was just saved: its account and membership, and whether its session had been signed out."""

    id: uuid.UUID
    path: str
    account: uuid.UUID
    membership: uuid.UUID
    signed_out: bool


def keep(request: AccountRequest) -> Sealed | None:
    """Encrypt a submitted form to the account that its page's session belonged to.

    Returns None if there is no session for the page, if there is nothing to keep, or if the URL is not a work page.
    """
    row, path = _row(request), request.POST.get(WHERE, request.path)
    state = request.session_state
    if state is not None and state.handed is not None and path != state.handed.path:
        return None  # someone who was handed the device can't save anything on another staff page
    fields = {name: values for name, values in request.POST.lists() if name not in SECRETS and any(values)}
    if row is None or not fields or not is_kept(path):
        return None
    identity, text = uuid.uuid4(), json.dumps({"path": path, "fields": fields}).encode()
    with connection.cursor() as cursor:
        cursor.execute(
            "select account, membership, public, accord.session_was_ended(%s) from accord.kept_form_owner(%s)",
            [row, row],
        )
        found = cursor.fetchone()
        if found is None or len(text) > LONGEST:
            return None
        account, membership, public, ended = found
        sealed = sealing.seal_to(bytes(public), sealing.pad(text), _info(account, identity))
        cursor.execute("select accord.kept_form_add(%s, %s, %s)", [row, identity, sealed])
        return Sealed(identity, path, account, membership, ended) if cursor.fetchone()[0] else None


def is_kept(path: str) -> bool:
    """Return True for pages that need a role. Sign-in pages hold secrets, so their forms are never kept."""
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    return getattr(view, "access", {}).get("to") == "role"


def mark_of(state: SessionState) -> str:
    """Return the mark that identifies a form's session. Only this host can create or read a mark."""
    row = sessions.row_of(state.secret)
    return base64.urlsafe_b64encode(sealing.encrypt(settings.HOST_KEY, row.bytes, sealing.bind("page of"))).decode()


def _row(request: AccountRequest) -> uuid.UUID | None:
    """Return the session row that the page was made for or, if there is none, the cookie's row."""
    try:
        mark = base64.urlsafe_b64decode(request.POST.get(MARK, "").encode())
        return uuid.UUID(bytes=sealing.decrypt(settings.HOST_KEY, mark, sealing.bind("page of")))
    except (sealing.CannotOpen, binascii.Error, ValueError):
        secret = sessions.from_cookie(request.COOKIES.get(sessions.COOKIE))
        return sessions.row_of(secret) if secret is not None else None


def elsewhere(request: AccountRequest) -> HttpResponse:
    """Show a page that leaves the site at once, even without JavaScript. A redirect would not work, because forms may
    only be sent to this site.
    """
    return render(request, "accounts/leaving.html", {"exit_url": settings.ACCORD_EXIT_URL})


def _info(account: uuid.UUID, kept_form: uuid.UUID) -> bytes:
    return sealing.bind("draft", account.hex, kept_form.hex)


def waiting(*, state: SessionState) -> list[KeptForm]:
    """Return the account's saved forms for the agency that it is acting for, newest first."""
    with connection.cursor() as cursor:
        cursor.execute("select id, at, sealed from accord.kept_forms_mine()")
        rows = cursor.fetchall()
    pair, found = sealing.KeyPair(state.account_secret), []
    for identity, at, sealed in rows:
        text = json.loads(pair.open(bytes(sealed), _info(state.human, identity)))
        found.append(KeptForm(identity, at, text["path"], text["fields"]))
    return found


def drop(*, kept_form: uuid.UUID) -> None:
    """Delete a saved form that was used or is no longer wanted."""
    call_sql("kept_form_drop", kept_form)


def asked_for(request: SessionRequest) -> MultiValueDict[str, str] | None:
    """Return what was typed on this page if the URL has `?kept=<id>`. `{% field %}` fills the text into the page's
    form."""
    wanted = _wanted(request)
    if wanted is None or request.method != "GET":
        return None
    state = request.session_state
    kept = next((one for one in waiting(state=state) if one.id == wanted and one.path == request.path), None)
    return MultiValueDict(kept.fields) if kept else None


def used(request: AccountRequest, response: HttpResponse) -> None:
    """Delete the saved form once it has been submitted again. It is sent to its page's URL, including `?kept=`."""
    wanted = _wanted(request)
    if wanted is not None and request.method == "POST" and response.status_code < 400:
        drop(kept_form=wanted)


def _wanted(request: AccountRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("kept", ""))
    except ValueError:
        return None


def context(request: AccountRequest) -> dict[str, Any]:
    """Make previously typed text available to every template, if the request asked for it."""
    return {"typed_before": getattr(request, "typed_before", None)}  # an error page can come before the middleware
