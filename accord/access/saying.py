"""Tell the user once, on the next page, what was just saved. Every form does this by default.

After a form succeeds, its view returns `saved`. The confirmation travels in a cookie that is encrypted under the
session's own secret. So the confirmation works without JavaScript, needs no database row, and can't be read by anyone
else. The cookie holds no name and no typed text, only a sentence from the catalog, a count, kind codes, an address, and
an agency's id. The next page says who can see what was saved, based on the same facts as the strip on that page.
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


def local_path(path: str) -> str:
    """Return a path on this site, or `/` if it would lead to another site."""
    return path if path.startswith("/") and not path.startswith("//") and "\\" not in path else "/"


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
    """Redirect to the next page, which shows `sentence` (marked with N_).

    In the sentence, `%(count)d` is the count, and `%(partner)s` is the name of the agency with the id `partner`. With
    `kinds`, the page also says who can now see these kinds of information. A POST to the `undo` address undoes the
    change.
    """
    request.says = Saved(sentence, count, tuple(kinds), undo, partner)
    return redirect(to, *args)


def goes_on(request: OpenRequest, to: str, *args: Any) -> HttpResponse:
    """Redirect without a confirmation, after a step that saved nothing or to a page that says what happened."""
    request.says = None
    return redirect(to, *args)


def sent_twice(request: OpenRequest, where: str) -> None:
    """Set where this form leads if it is sent twice. Otherwise, it would lead back to its own page."""
    request.once_at = where


def by_default(request: OpenRequest) -> None:
    """Before a signed-in user's view runs, set the default confirmation for a redirect that doesn't set its own."""
    if request.method == "POST":
        request.says = DEFAULT


def hear(request: OpenRequest) -> None:
    """Attach the previous page's confirmation to the request, if this is the page that should show it.

    `{% just_saved %}` draws the confirmation.
    """
    session, sealed = request.session_state, request.COOKIES.get(COOKIE)
    if session is None or session.handed is not None or not sealed or request.method != "GET":
        return
    found = _open(session, sealed)
    if found is None or found.pop("at", None) != request.path:
        return
    with suppress(TypeError, KeyError):  # the cookie can be from before an upgrade
        request.just_saved = Saved(**found | {"kinds": tuple(found["kinds"])})


def tell(request: OpenRequest, response: HttpResponse) -> None:
    """Give the browser the confirmation for the next page, and delete the confirmation after it has been shown.

    Do nothing while a survivor holds the device.
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
    """Return the decrypted content, or None for a cookie that this session did not encrypt."""
    key, bound = _bound(session)
    try:
        found: dict[str, Any] = json.loads(sealing.decrypt(key, base64.urlsafe_b64decode(sealed.encode()), bound))
    except (sealing.CannotOpen, binascii.Error, ValueError):
        return None
    return found
