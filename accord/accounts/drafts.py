"""A form that was sent when its session had ended: kept sealed, and offered again after sign-in.

The dead session's row still says whose it was. What was typed is sealed to the public key of her account in the request
that brought it; nothing but her passphrase opens it. It goes when it is used, when she throws it away, or after a day.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from html import escape
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accord.accounts import sessions
from accord.accounts.sessions import SessionState
from accord.vault import sealing

LONGEST = 250_000
# What proves who one is, is never kept.
OPENS = frozenset({"passphrase", "again", "old", "code", "passkey", "paper_words"})
SECRETS = OPENS | {"csrfmiddlewaretoken", "step_up_code", "step_up_passkey"}
# Nor what a paper says that reached the hub: it passes through once, on its way to those whom it asks.
SECRETS |= {"paper_sender", "paper_reference", "paper_says"}
_NOT_TYPED = frozenset({"password", "submit", "button", "reset", "image", "file"})


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


def resume(request: HttpRequest, response: HttpResponse) -> None:
    """With `?kept=<id>`: fill the page's form with what was typed; when the form has gone through, the draft goes too."""
    try:
        wanted = uuid.UUID(request.GET["kept"])
    except ValueError:
        return
    if request.method == "POST" and response.status_code < 400:
        drop(draft=wanted)
    if request.method != "GET" or response.status_code != 200:
        return
    for kept in waiting(state=request.session_state):  # type: ignore[attr-defined]
        if kept.id == wanted and kept.path == request.path:
            filler = _Filler(kept)
            filler.feed(response.content.decode())
            filler.close()
            response.content = "".join(filler.out).encode()


class _Filler(HTMLParser):
    """The page again, with the values of its own form (not those of the frame) replaced by what was typed."""

    def __init__(self, kept: Kept) -> None:
        super().__init__(convert_charrefs=False)
        self.kept, self.out = kept, []  # type: tuple[Kept, list[str]]
        self.values = {name: list(values) for name, values in kept.fields.items()}
        self.inside, self.text_of, self.chosen = False, "", None  # type: tuple[bool, str, list[str] | None]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        change = getattr(self, f"_{tag}", None) if self.inside or tag == "form" else None
        changed = change(given) if change else None
        self.out.append(_tag(tag, changed) if changed is not None else self.get_starttag_text() or "")
        if tag == "form" and changed is not None:
            said = _("This is what you wrote before your session ended. Look at it, and send it.")
            self.out.append(f'<p class="mute" role="status">{escape(said)}</p>')
        if tag == "textarea" and changed is not None:
            self.text_of = changed["name"] or ""
            self.out.append("\n" + escape(self.values[self.text_of].pop(0)))

    handle_startendtag = handle_starttag

    def _form(self, given: dict[str, str | None]) -> dict[str, str | None] | None:
        action = (given.get("action") or self.kept.path).partition("?")[0]
        if (given.get("method") or "").lower() != "post" or action != self.kept.path:
            return None
        self.inside = True
        return {**given, "action": f"{self.kept.path}?kept={self.kept.id}"}

    def _input(self, given: dict[str, str | None]) -> dict[str, str | None] | None:
        name, kind = given.get("name") or "", given.get("type") or "text"
        if name in SECRETS or kind in _NOT_TYPED:
            return None
        if kind in ("checkbox", "radio"):
            rest = {key: value for key, value in given.items() if key != "checked"}
            ticked = (given.get("value") or "on") in self.kept.fields.get(name, ())
            return {**rest, "checked": None} if ticked else rest
        return {**given, "value": self.values[name].pop(0)} if self.values.get(name) else None

    def _textarea(self, given: dict[str, str | None]) -> dict[str, str | None] | None:
        return given if self.values.get(given.get("name") or "") else None

    def _select(self, given: dict[str, str | None]) -> None:
        self.chosen = self.kept.fields.get(given.get("name") or "")

    def _option(self, given: dict[str, str | None]) -> dict[str, str | None] | None:
        if self.chosen is None:
            return None
        rest = {key: value for key, value in given.items() if key != "selected"}
        return {**rest, "selected": None} if given.get("value") in self.chosen else rest

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "textarea":
            self.text_of = ""
        if tag == "select":
            self.chosen = None
        self.out.append(f"</{tag}>")

    def _pass(self, text: str) -> None:
        if not self.text_of:
            self.out.append(text)

    def handle_data(self, data: str) -> None:
        self._pass(data)

    def handle_entityref(self, name: str) -> None:
        self._pass(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._pass(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")


def _tag(tag: str, attributes: dict[str, Any]) -> str:
    said = "".join(f" {key}" if value is None else f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{tag}{said}>"
