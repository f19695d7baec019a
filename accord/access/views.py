"""What refusals look like: what happened, why, what you can do now, whom to ask. The 404 is one constant page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accord.core.errors import AccordError, Hidden, NoLonger
from accord.ui.components import Refusal


def refusal(request: HttpRequest, error: AccordError) -> HttpResponse:
    """The page of an error. Marks the request so that the log keeps the right shape."""
    if isinstance(error, NoLonger):
        request.was_shared = True  # type: ignore[attr-defined]
    if error.code == "role":
        request.role_refused = True  # type: ignore[attr-defined]
    return render(request, "access/refused.html", {"refusal": _words(error)}, status=error.status)


def _words(error: AccordError) -> Refusal:
    if isinstance(error, Hidden):
        happened = _("The address is wrong, or there is nothing here for you to see.")
        return Refusal(_("There is nothing here"), happened, now=(_("Go back, or start from Today."),))
    if isinstance(error, NoLonger):
        return Refusal(
            _("No longer shared with you"),
            _(error.sentence),
            now=(_("Stop using what you saw or wrote down."), _("Ask the agency that shared it if you need to.")),
        )
    remedy = str(error.data.get("remedy") or "")
    titles = {409: _("Somebody was quicker"), 422: _("Something needs another look"), 429: _("Please slow down")}
    return Refusal(
        titles.get(error.status, _("This cannot be done")), _(error.sentence), now=(_(remedy),) if remedy else ()
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's own 404 is the same page."""
    return refusal(request, Hidden())


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: an old page, or a forged request."""
    page = Refusal(
        _("This page was open for too long"),
        _("For safety, the form was not sent."),
        now=(_("Go back, load the page again, and send it once more."),),
    )
    return render(request, "access/refused.html", {"refusal": page}, status=403)


def database_away(request: HttpRequest) -> HttpResponse:
    """The database cannot be reached or is full: a clear page that needs nothing from it."""
    page = Refusal(
        _("We cannot reach our records just now"),
        _("Nothing that you saved before is lost. What you sent just now was not saved."),
        now=(_("Wait a minute and send it again."),),
    )
    return render(request, "access/refused.html", {"refusal": page}, status=503)
