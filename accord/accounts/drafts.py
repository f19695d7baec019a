"""A form that was sent when its session had ended: kept sealed, and offered again after sign-in.

The dead session's row still says whose it was. What was typed is sealed to the public key of her account in the request
that brought it; nothing but her passphrase opens it. It goes when it is used, when she throws it away, or after a day.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict

from accord.accounts import sessions
from accord.accounts.sessions import SessionState
from accord.vault import sealing

LONGEST = 250_000
# What proves who one is, is never kept.
OPENS = frozenset({"passphrase", "again", "old", "code", "passkey", "paper_words"})
SECRETS = OPENS | {"csrfmiddlewaretoken", "step_up_code", "step_up_passkey"}
# Nor what a paper says that reached the hub: it passes through once, on its way to those whom it asks.
SECRETS |= {"paper_sender", "paper_reference", "paper_says"}


@dataclass(frozen=True)
class Kept:
    """One form as it was sent."""

    id: uuid.UUID
    at: datetime
    path: str
    fields: dict[str, list[str]]


def keep(request: HttpRequest) -> bool:
    """Seal what was sent to the account of the session that has ended. False where there is none, or nothing to keep."""
    secret = sessions.from_cookie(request.COOKIES.get(sessions.COOKIE))
    fields = {name: values for name, values in request.POST.lists() if name not in SECRETS and any(values)}
    if secret is None or not fields:
        return False
    row, identity = sessions.row_of(secret), uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute("select account, public from accord.draft_place(%s)", [row])
        found = cursor.fetchone()
        text = json.dumps({"path": request.path, "fields": fields}).encode()
        if found is None or len(text) > LONGEST:
            return False
        sealed = sealing.seal_to(bytes(found[1]), sealing.pad(text), _info(found[0], identity))
        cursor.execute("select accord.draft_keep(%s, %s, %s)", [row, identity, sealed])
        return bool(cursor.fetchone()[0])


def _info(account: uuid.UUID, draft: uuid.UUID) -> bytes:
    return sealing.bind("draft", account.hex, draft.hex)


def waiting(*, state: SessionState) -> list[Kept]:
    """What this account was writing for the agency that it acts for, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute("select id, at, sealed from accord.drafts_mine()")
        rows = cursor.fetchall()
    pair, found = sealing.KeyPair(state.account_secret), []
    for identity, at, sealed in rows:
        text = json.loads(pair.open(bytes(sealed), _info(state.account, identity)))
        found.append(Kept(identity, at, text["path"], text["fields"]))
    return found


def drop(*, draft: uuid.UUID) -> None:
    """It was used, or is not wanted."""
    with connection.cursor() as cursor:
        cursor.execute("select accord.draft_drop(%s)", [draft])


def asked_for(request: HttpRequest) -> MultiValueDict[str, str] | None:
    """With `?kept=<id>` on the page that it was typed on: what was typed. `{% field %}` draws it into the page's form."""
    wanted = _wanted(request)
    if wanted is None or request.method != "GET":
        return None
    state = request.session_state  # type: ignore[attr-defined]
    kept = next((one for one in waiting(state=state) if one.id == wanted and one.path == request.path), None)
    return MultiValueDict(kept.fields) if kept else None


def used(request: HttpRequest, response: HttpResponse) -> None:
    """When the form has gone through, the draft goes too: a form is sent to the address of its page, `?kept=` included."""
    wanted = _wanted(request)
    if wanted is not None and request.method == "POST" and response.status_code < 400:
        drop(draft=wanted)


def _wanted(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("kept", ""))
    except ValueError:
        return None


def context(request: HttpRequest) -> dict[str, Any]:
    """For every template: what was typed before, where the request asked for it."""
    return {"typed_before": getattr(request, "typed_before", None)}
