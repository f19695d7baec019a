"""What a page says when it cannot do what was asked: what happened, why, what you can do now, whom to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accord.ui import hands
from accord.ui.components import Refusal

# One constant page for 404: whoever asks cannot tell what does not exist from what she may not know of.
NOT_FOUND: Final = Refusal(
    title=_("There is nothing here"),
    happened=_("There is nothing at this address that you can open."),
    why=_(
        "The address may be old or mistyped. The answer is the same for what does not exist and for what is not "
        "shared with you, so that nobody can find out who is known here."
    ),
    now=(_("Go back, or start again from the first page."), _("Search for the person by the name she uses.")),
    ask=_("Whoever gave you this address, or your agency's privacy officer."),
)
_KNOWN: Final = {
    404: NOT_FOUND,
    403: Refusal(
        title=_("This is not open to you"),
        happened=_("You cannot do this here."),
        now=(_("Go back; nothing has been changed."), _("Ask your supervisor if you need it for your work.")),
        ask=_("Your supervisor, or your agency's privacy officer."),
    ),
    409: Refusal(
        title=_("This changed while you were working on it"),
        happened=_("Somebody else saved first. Nothing is lost: both texts are below."),
        now=(_("Read both, then save again what should stand."),),
        ask=_("Whoever made the last change."),
    ),
    422: Refusal(
        title=_("Something needs another look"),
        happened=_("We could not use what was sent. Nothing that you wrote is lost."),
        now=(_("Go back and look at the fields that are marked."),),
        ask=_("Your supervisor, if you are not sure what belongs there."),
    ),
    429: Refusal(
        title=_("Too many tries"),
        happened=_("There were too many tries in a short time, so we wait a little."),
        why=_("This protects accounts from being guessed."),
        now=(_("Wait fifteen minutes, then try once more."),),
        ask=_("Your agency's privacy officer, if you cannot wait or if it was not you."),
    ),
}


def refusal(status: int, **words: Any) -> Refusal:
    """The refusal for a status, with the words of the case at hand (fields of `Refusal`). A 404 takes none."""
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
    """The refusal as a page with that status. `yours` and `theirs` are the two texts of a 409; `kept` are the fields of
    a form that was not saved, to be sent again from this page by a button that says `again`; `link` leads to what was. A
    survivor who holds the device reads one neutral sentence instead."""
    if hands.language_of(request.path_info):
        return hands.not_now(request, status, kept)
    shown = refusal(status, **words)
    context: dict[str, Any] = {"refusal": shown}
    if status != 404:
        context |= {"yours": yours, "theirs": theirs, "kept": kept, "again": again, "link": link}
    return render(request, "ui/refused.html", context, status=status)
