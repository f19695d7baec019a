"""Decide which page each error gets and how the error is logged. The text of each page is in `ui/refusals.py`."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.access.api import answer, for_machines
from accord.access.requests import OpenRequest
from accord.accounts import kept_forms, once
from accord.accounts.sessions import is_our_form
from accord.core.errors import AccordError, Away, Busy, Hidden, Invalid, NoLonger, Refused
from accord.core.rooms import place
from accord.ui import hands, refusals


def refusal(request: OpenRequest, error: AccordError) -> HttpResponse:
    """Return the page for an error, and mark the request so that the refusal is logged correctly."""
    request.was_shared = isinstance(error, NoLonger)
    request.role_refused = error.code == "role"
    if for_machines(request):
        return answer(error)
    if isinstance(error, Hidden):
        return refusals.page(request, 404)
    if isinstance(error, NoLonger):
        return refusals.page(
            request,
            403,
            title=_("No longer shared with you"),
            happened=_("This is no longer shared with you."),
            now=(
                _("Don't share what you saw or copied here."),
                _("Your agency keeps its own records and anything you wrote."),
                _(
                    "If a law or a professional duty might require you to act on what you saw, ask your supervisor or "
                    "attorney first."
                ),
            ),
            ask=_("The agency that shared it."),
        )
    if isinstance(error, Busy):
        return _busy(request, error)
    remedy = str(error.data.get("remedy") or "")
    status = error.status if error.status in (403, 409, 422, 429) else 422
    page = refusals.page(request, status, happened=_(error.sentence), now=(_(remedy),) if remedy else ())
    page.status_code = error.status
    return page


def _busy(request: OpenRequest, error: Busy) -> HttpResponse:
    page = refusals.page(
        request,
        429,
        title=_("Many people are signing in right now"),
        happened=_(error.sentence),
        why=_("Each passphrase takes a moment to check, and the system checks only one at a time."),
        now=(_("Go back, wait a few seconds and send the form again. This doesn't count as a failed attempt."),),
        ask=_("The operator of this system, if this lasts more than a few minutes."),
    )
    page.status_code = error.status
    page["Retry-After"] = "10"
    return page


def not_found(request: OpenRequest, exception: Exception | None = None) -> HttpResponse:
    """Show our own 404 page for Django's 404 errors."""
    if for_machines(request):
        return answer(Hidden())
    return refusals.page(request, 404)


def form_too_old(request: OpenRequest, reason: str = "") -> HttpResponse:
    """Respond to a form without a valid token, which comes from an old page or a forged request.

    If the form came from one of our pages, what was typed is kept. Nothing else is done.
    """
    if for_machines(request):
        return answer(Refused(_("Send your session's CSRF token in the X-CSRFToken header."), code="csrf"))
    kept = kept_forms.keep(request) if _from_here(request) else None
    if request.path == reverse(place("leave")):
        return kept_forms.elsewhere(request)
    if kept:
        return to_kept(request, kept)
    return refusals.page(
        request,
        403,
        title=_("This page has expired"),
        happened=_("For security reasons, the form wasn't submitted."),
        now=(_("Go back and copy what you typed. Then reload the page and send it again."),),
    )


def _from_here(request: OpenRequest) -> bool:
    """Return True if the browser reports that a page on this site sent the form.

    A form on another site under the same domain is sent with our cookie, too. Its text must not end up in one of our
    forms, ready to send.
    """
    here = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin", here) == here and request.headers.get("Sec-Fetch-Site", "same-origin") in (
        "same-origin",
        "none",
    )


def saved_before(request: OpenRequest, where: str) -> HttpResponse:
    """Tell the user that the same entry was saved a short while ago, and ask whether to save it again."""
    typed = [(name, value) for name, values in request.POST.lists() for value in values if name not in once.NEITHER]
    kept = [*typed, (once.AGAIN, "1")]
    match = request.resolver_match
    if match and getattr(match.func, "shows_once", False):
        return refusals.page(request, 409, kept=kept, **_code_before())
    return refusals.page(
        request,
        409,
        kept=kept,
        again=_("Save it again"),
        link=where,
        title=_("You already saved this"),
        happened=_("The same entry was saved within the last hour, so it wasn't saved again."),
        now=(
            _("If you used the Back button, you don't need to do anything."),
            _("Save it again only if this is a second, separate entry."),
        ),
        ask=_("Your supervisor, if you're not sure."),
    )


def _code_before() -> dict[str, Any]:
    return {
        "again": _("Create a new one"),
        "title": _("You already created this"),
        "happened": _(
            "You sent the same form within the last hour. The result was shown once and can't be shown again."
        ),
        "now": (
            _("If you still have what you created, use it. You don't need to do anything here."),
            _("If you lost it, create a new one."),
        ),
        "ask": _("Another privacy officer, or the operator, if you're not sure."),
    }


def to_kept(request: OpenRequest, kept: kept_forms.Sealed) -> HttpResponse:
    """Redirect to a saved form's page if its author is signed in again, and otherwise to the sign-in page."""
    actor = request.actor
    if actor is None:
        why = "&why=out" if kept.signed_out else ""
        return redirect(f"{reverse(place('sign-in'))}?kept=1{why}")
    if (actor.account, actor.membership) == (kept.account, kept.membership):
        return redirect(f"{kept.path}?kept={kept.id}")
    request.keeps = True
    return refusals.page(
        request,
        403,
        title=_("This page was opened in a different session"),
        happened=_(
            "Nothing was saved to a record. What you wrote was kept. It is encrypted so that only the person who "
            "was signed in when this page was opened can read it."
        ),
        now=(_("To get back what you wrote, sign in within one day with the same account, for the same agency."),),
    )


def database_away(request: OpenRequest) -> HttpResponse:
    """Show a page without using the database, which can't be reached or is full. The page keeps what was typed."""
    if for_machines(request):
        return answer(Away())
    typed = _typed(request)
    page = refusals.page(
        request,
        422,
        kept=typed,
        title=_("We can't access our records right now"),
        happened=_("Nothing you saved earlier is lost. What you just sent wasn't saved."),
        now=(
            (_("Keep this page open. It still has what you wrote. Wait a minute, then send it again."),)
            if typed
            else (_("Wait a minute, then send it again."),)
        ),
        ask=_("The operator of this system."),
    )
    page.status_code = 503
    return page


def _typed(request: OpenRequest) -> list[tuple[str, str]]:
    """Return the form's fields, so that they can be sent again.

    Leave out anything that opens an account or an agency's keys. Return nothing from another site's form, because the
    database can fail before Django checks where the form came from.
    """
    if not is_our_form(request) or request.POST.keys() & kept_forms.OPENS:
        return []
    sent = request.POST.lists()
    return [(name, value) for name, values in sent for value in values if name not in kept_forms.SECRETS]


def bad_request(request: OpenRequest, exception: Exception | None = None) -> HttpResponse:
    """Respond to a request that can't be read because it is too large or is not one of our forms."""
    if for_machines(request):
        return answer(Invalid(_("We couldn't read what was sent.")))
    page = refusals.page(request, 422)
    page.status_code = 400
    return page


def broken(request: OpenRequest) -> HttpResponse:
    """Show a page for an unexpected failure. The page needs neither the database nor the page frame."""
    if for_machines(request):
        return answer(AccordError())
    if hands.language_of(request.path_info):
        return hands.not_now(request, 500, _typed(request))
    return render(request, "ui/500.html", status=500)
