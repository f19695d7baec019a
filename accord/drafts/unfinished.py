"""Let a view save its form as a draft, show the draft again, or save the finished form.

The page includes `drafts/_unfinished.html` and shows `Unfinished.button` next to its own button. The form contains the
revision of the draft that it shows, so a page left open elsewhere can't replace or finish a newer draft.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from accord.access.forms import BothTexts, call_service, post_data, status_of
from accord.access.requests import ActingRequest
from accord.accounts import once
from accord.core.errors import Conflict
from accord.core.text import N_
from accord.drafts import queries, services
from accord.drafts.codes import KEPT_DAYS
from accord.drafts.queries import Draft, OpenedDraft
from accord.sharing.queries import PersonRef
from accord.ui import fields
from accord.ui.components import Button

T = TypeVar("T")

SAID = N_("Draft saved. Your colleagues can't see it. Continue here or on Today.")
REVISION = "draft_revision"
NOT_KEPT = once.NEITHER | {once.DRAFT, REVISION}


@dataclass(frozen=True)
class Unfinished:
    """A form and the draft that it shows. `newer` holds both versions if another page or device has saved a newer
    draft. `is_saved` is True right after the form was saved as a draft."""

    form: forms.Form
    draft: Draft | None = None
    opens: bool = True
    newer: BothTexts | None = None
    is_saved: bool = False

    @property
    def button(self) -> Button:
        """Return the form's second button, which saves a draft."""
        note = _("Your colleagues can't see your drafts. A draft is kept for %(days)d days after you last save it.") % {
            "days": KEPT_DAYS
        }
        return Button(once.DRAFT, _("Save as a draft"), note)

    @property
    def status(self) -> int:
        """Return the HTTP status of the form's page."""
        return 409 if self.newer else status_of(self.form)


def begin(request: ActingRequest, known: PersonRef, code: str, form_of: Callable[[Any], forms.Form]) -> Unfinished:
    """Return the form as its page shows it now, or save a draft if the second button was pressed.

    `code` is from `Room.draft_forms`. Raises Hidden, Refused, or Invalid.
    """
    if once.DRAFT in request.POST:
        return _save(request, known, code, form_of)
    posted = post_data(request)
    if posted is not None:
        return Unfinished(_with_revision(form_of(posted), 0))
    return _shown(queries.draft_of(actor=request.actor, known=known, form=code), form_of)


def finish(request: ActingRequest, known: PersonRef, code: str, form: forms.Form, save: Callable[[], T]) -> T | None:
    """Save the form as `access.forms.call_service` does, and then delete its draft."""

    def save_and_finish() -> T:
        came_of_it = save()
        services.finish(actor=request.actor, known=known, form=code, seen=_seen(request))
        return came_of_it

    return call_service(form, save_and_finish)


def _shown(opened: OpenedDraft | None, form_of: Callable[[Any], forms.Form]) -> Unfinished:
    form = _with_revision(form_of(None), opened.draft.revision if opened else 0)
    if opened is None:
        return Unfinished(form)
    _fill(form, MultiValueDict(opened.fields))
    return Unfinished(form, opened.draft, opened.opens)


def _save(request: ActingRequest, known: PersonRef, code: str, form_of: Callable[[Any], forms.Form]) -> Unfinished:
    typed = {name: values for name, values in request.POST.lists() if name not in NOT_KEPT}
    try:
        services.save(actor=request.actor, known=known, form=code, fields=typed, seen=_seen(request))
    except Conflict:
        return _both(queries.draft_of(actor=request.actor, known=known, form=code), form_of, typed)
    return Unfinished(form_of(None), is_saved=True)


def _both(opened: OpenedDraft | None, form_of: Callable[[Any], forms.Form], typed: dict[str, list[str]]) -> Unfinished:
    """Return the form with the user's text, along with the newer draft. If both are the same, treat the draft as saved."""
    theirs = _shown(opened, form_of)
    if opened is not None and opened.fields == typed:
        return replace(theirs, is_saved=True)
    yours = _with_revision(form_of(None), opened.draft.revision if opened else 0)
    _fill(yours, MultiValueDict(typed))
    return Unfinished(yours, theirs.draft, newer=BothTexts(_lines(yours), _lines(theirs.form)))


def _with_revision(form: forms.Form, revision: int) -> forms.Form:
    form.fields[REVISION] = forms.CharField(widget=forms.HiddenInput, required=False, initial=str(revision))
    return form


def _seen(request: ActingRequest) -> int:
    """Return the revision of the draft that the page showed, or 0 if it showed none."""
    typed = request.POST.get(REVISION, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 8 else 0


def _fill(form: forms.Form, typed: MultiValueDict[str, str]) -> None:
    for bound in form:
        fields.fill(bound, typed)


def _lines(form: forms.Form) -> str:
    """Return what a form shows, line by line. An invalid answer is shown as the user typed it."""
    return "\n".join(_line(bound) for bound in form if not bound.is_hidden)


def _line(bound: forms.BoundField) -> str:
    try:
        return fields.line(bound, bound.field.to_python(bound.initial))
    except ValidationError:
        label = str(bound.label)
        return f"{label if label.endswith('?') else label + ':'} {bound.initial}"
