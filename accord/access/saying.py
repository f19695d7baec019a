"""Say on the next page what was just saved: once, and by default.

A view answers a form that went through with `saved`. The words travel in a cookie that is encrypted under the session's
own secret. So they work without script, need no row in the database, and are noise to everyone else. They hold no name
and no typed text: only a sentence from the catalog, a count, codes of kinds, an address and an agency's id. The next
page says who can see what was saved, from the same facts as its strip.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect

from accord.access.requests import OpenRequest
from accord.accounts.sessions import SessionState, row_of
from accord.core.text import N_
from accord.ui.components import Saved
from accord.vault import sealing

COOKIE = "__Host-accord_saved" if settings.SESSION_COOKIE_SECURE else "accord_saved"
DEFAULT = Saved(N_("Your changes are saved."))


def saved(
    request: OpenRequest,
    sentence: str,
    to: str,
    *args: Any,
    kinds: Iterable[str] = (),
    count: int = 0,
    undo: str = "",
    partner: str = "",
) -> HttpResponse:
    """Redirect to the next page, which says `sentence` (marked with N_; `%(count)d` is the count, `%(partner)s` the
    name of the agency whose id is `partner`).

    With `kinds` it also says who can see information of these kinds now. A POST to the address `undo` undoes the
    change.
    """
    request.says = Saved(sentence, count, tuple(kinds), undo, partner)
    return redirect(to, *args)


def goes_on(request: OpenRequest, to: str, *args: Any) -> HttpResponse:
    """Redirect without a confirmation: a step that saved nothing, or a page that itself says what happened."""
    request.says = None
    return redirect(to, *args)


def sent_twice(request: OpenRequest, where: str) -> None:
    """Say where this form leads if it is sent twice, instead of to its own page."""
    request.once_at = where


def by_default(request: OpenRequest) -> None:
    """Set the default confirmation before a signed-in user's view runs, for a redirect without its own words."""
    if request.method == "POST":
        request.says = DEFAULT


def hear(request: OpenRequest) -> None:
    """Put on the request what the previous page saved, if this is the page that says it. `{% just_saved %}` draws
    it."""
    session, sealed = request.session_state, request.COOKIES.get(COOKIE)
    if session is None or session.handed is not None or not sealed or request.method != "GET":
        return
    found = _open(session, sealed)
    if found is None or found.pop("at", None) != request.path:
        return
    with suppress(TypeError, KeyError):  # from before an upgrade, in a session that outlived it
        request.just_saved = Saved(**found | {"kinds": tuple(found["kinds"])})


def tell(request: OpenRequest, response: HttpResponse) -> None:
    """Give the browser what the next page has to say, and delete it once it was said.

    Says nothing in a survivor's hands.
    """
    session, says = request.session_state, request.says
    if request.just_saved_shown:
        response.delete_cookie(COOKIE, samesite="Strict")
        return
    if response.status_code != 302 or session is None or session.handed is not None:
        return
    says = says if request.method == "POST" else request.just_saved
    if says is not None:
        at = urlsplit(response.headers["Location"]).path
        response.set_cookie(
            COOKIE,
            _seal(session, {**asdict(says), "at": at}),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )


def _bound(session: SessionState) -> tuple[bytes, bytes]:
    return sealing.derive(session.secret, "just saved"), sealing.bind("just saved", row_of(session.secret).hex)


def _seal(session: SessionState, what: dict[str, Any]) -> str:
    key, bound = _bound(session)
    return base64.urlsafe_b64encode(sealing.encrypt(key, sealing.pad(json.dumps(what).encode()), bound)).decode()


def _open(session: SessionState, sealed: str) -> dict[str, Any] | None:
    """Return the decrypted content, or None for anything that this session did not encrypt."""
    key, bound = _bound(session)
    try:
        found: dict[str, Any] = json.loads(sealing.decrypt(key, base64.urlsafe_b64decode(sealed.encode()), bound))
    except (sealing.CannotOpen, binascii.Error, ValueError):
        return None
    return found
