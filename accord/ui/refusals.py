"""Refusal pages, which say what happened, why, what to do now, and who to contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accord.ui import hands
from accord.ui.components import Refusal

# Every 404 gets this same page, so it never shows whether something exists that the reader may not know about.
NOT_FOUND: Final = Refusal(
    title=_("Page not found"),
    happened=_("There is nothing at this address that you can open."),
    why=_(
        "The link may be old or mistyped. This message is the same for a page that doesn't exist and a page "
        "that isn't shared with you, so that no one can find out who has a record here."
    ),
    now=(_("Go back, or start again from the home page."), _("Search for the person by name.")),
    ask=_("The person who gave you this link or your agency's privacy officer."),
)
_KNOWN: Final = {
    404: NOT_FOUND,
    403: Refusal(
        title=_("You don't have access to this"),
        happened=_("You can't do this here."),
        now=(_("Go back. Nothing was changed."), _("If you need this for your work, ask your supervisor.")),
        ask=_("Your supervisor or your agency's privacy officer."),
    ),
    409: Refusal(
        title=_("This changed while you were working on it"),
        happened=_("Another change was saved first. Nothing is lost. Both versions are below."),
        now=(_("Read both, then save the version you want to keep."),),
        ask=_("The person who made the last change."),
    ),
    422: Refusal(
        title=_("This didn't go through"),
        happened=_("We couldn't use what you sent. Nothing was changed."),
        now=(_("Go back and check the marked fields."),),
        ask=_("Your supervisor, if you're not sure what to enter."),
    ),
    429: Refusal(
        title=_("Please wait, then try again"),
        happened=_("There were too many attempts in a short time."),
        why=_("This limit protects accounts and records."),
        now=(_("Wait 15 minutes, then try again."),),
        ask=_("Your agency's privacy officer, if you can't wait or if it wasn't you."),
    ),
}


def refusal(status: int, **words: Any) -> Refusal:
    """Return the refusal for a status, with this case's own words (fields of `Refusal`). A 404 ignores them."""
    if status == 404:
        return NOT_FOUND
    return replace(_KNOWN[status], **{name: value for name, value in words.items() if value})


def page(
    request: HttpRequest,
    status: int,
    *,
    yours: str = "",
    theirs: str = "",
    kept: Sequence[tuple[str, str]] = (),
    again: str = "",
    link: str = "",
    **words: Any,
) -> HttpResponse:
    """Return the refusal page for a status.

    `yours` and `theirs` are the two versions shown with a 409. `kept` holds the fields of a form that was not saved. A
    button with the words in `again` sends them again. `link` leads to what was saved. A survivor who holds the device
    sees only one neutral sentence.
    """
    if hands.language_of(request.path_info):
        return hands.not_now(request, status, kept)
    shown = refusal(status, **words)
    context: dict[str, Any] = {"refusal": shown}
    if status != 404:
        context |= {"yours": yours, "theirs": theirs, "kept": kept, "again": again, "link": link}
    return render(request, "ui/refused.html", context, status=status)
