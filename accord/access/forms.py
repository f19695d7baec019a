"""Connect a form to a service with one call, and show errors next to their fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accord.access.actors import StepUpNeeded
from accord.access.requests import ActingRequest, OpenRequest
from accord.access.rules import needs_step_up
from accord.accounts import passkeys
from accord.accounts import services as accounts
from accord.accounts.sessions import LONGEST_CODE
from accord.core import clock
from accord.core.errors import Conflict, Invalid
from accord.core.rooms import place
from accord.ui import fields
from accord.ui.fields import CodeInput

T = TypeVar("T")
PASSKEY_URL = reverse_lazy(place("passkey-options"))


class StepUpForm(forms.Form):
    """A form for an action that needs a recent second factor. The code field is removed when no code is needed."""

    step_up_code = forms.CharField(
        label=gettext_lazy("Your code"),
        required=False,
        max_length=LONGEST_CODE,
        help_text=gettext_lazy("The 6-digit code from your authenticator app, or a recovery code."),
        widget=CodeInput(
            url=PASSKEY_URL,
            answer_name="step_up_passkey",
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code"},
        ),
    )

    def __init__(self, *args: Any, request: ActingRequest, action: str, **more: Any) -> None:
        super().__init__(*args, **more)
        session = request.session_state
        self.wants_code = needs_step_up(action, session.factor_at, clock.now())
        if not self.wants_code and not self.is_bound:
            del self.fields["step_up_code"]
            return
        field = self.fields["step_up_code"]
        if passkeys.of_account(state=session):
            field.widget.passkey = "get"
        # In the demo, show the next code, because the current code may just have been used to sign in.
        if shown := accounts.current_code(state=session, ahead=30):
            field.help_text = f"{_('In this demo, your authenticator app shows:')} {shown}"

    def clean(self) -> dict[str, Any]:
        """Report a missing or wrong code together with the errors in the other fields."""
        data = super().clean() or self.cleaned_data
        if self.wants_code:
            self.add_error("step_up_code", _(StepUpNeeded.sentence))
        return data


def refuse_unused(form: forms.Form, *names: str) -> None:
    """Add an error to each field that was filled in but doesn't apply because of another answer, so that nothing is
    dropped silently."""
    for name in names:
        if form.cleaned_data.get(name):
            form.add_error(name, _("This doesn't match the answer you chose. Change that answer, or clear this field."))


class ConfirmForm(StepUpForm):
    """A form with only the button, and the code field if a code is needed."""


def post_data(request: OpenRequest) -> QueryDict | None:
    """Return the data to bind a form to: the POST data, even if empty, or None on a GET."""
    return request.POST if request.method == "POST" else None


def call_service(form: forms.Form, call: Callable[[], T]) -> T | None:
    """Call the service if the form is valid, and add the service's errors to the form.

    Returns None if the form must be shown again, with status 422, or 409 after a lost race (see `edit_current`).
    """
    if not form.is_valid():
        return None
    try:
        # The page after a lost race is logged, so anything written before it is rolled back here. Other forms are not
        # rolled back, because a failed sign-in must still count even though its page is a refusal.
        with transaction.atomic() if "revision" in form.fields else nullcontext():
            return call()
    except Invalid as error:
        about = error.data.get("fields") or {}
        for name, problems in about.items():
            for sentence in problems if isinstance(problems, list) else [problems]:
                form.add_error(name if name in form.fields else None, _words(sentence, error))
        if not about:
            form.add_error(None, _(error.sentence))
        return None
    except Conflict as error:
        if error.code != "lost_race" or "revision" not in form.fields:
            raise
        form.lost_race = BothTexts()
        form.add_error(
            None,
            _(
                "Another change was saved first. Both versions are below. What you save now becomes the current "
                "version."
            ),
        )
        return None


def service_succeeds(form: forms.Form, call: Callable[[], Any]) -> bool:
    """Return True if a service that returns nothing succeeded. See `call_service`."""
    return call_service(form, lambda: [call()]) is not None


@dataclass(frozen=True)
class CurrentEntry:
    """The current entry (or None), with its page, a new form's initial values, and the entry's time and author."""

    page: Any
    item: Any
    initial: Mapping[str, Any]
    saved_by: str = ""

    @property
    def revision(self) -> int:
        """Return the revision that a form is based on."""
        return self.item.revision if self.item else 0


def edit_current(
    request: ActingRequest, form_class: Any, read: Callable[[], CurrentEntry], save: Callable[[Any, CurrentEntry], Any]
) -> tuple[Any, CurrentEntry, bool]:
    """Handle a form that edits what `read` returns. Return the form, the current entry, and whether the form was saved.

    The form includes the revision that its page showed, so that saving an old page doesn't undo changes that the user
    hasn't seen. After a lost race, the entry is read again with the usual checks and logging. The form stays filled in
    and is based on the newer entry.
    """
    now = read()
    form = form_class(request.POST or None, initial=now.initial)
    form.fields["revision"] = forms.IntegerField(
        widget=forms.HiddenInput, initial=now.revision, min_value=0, max_value=1_000_000
    )

    def save_unless_overtaken() -> None:
        if form.cleaned_data["revision"] != now.revision:
            raise Conflict(code="lost_race")
        save(form, now)

    saved = service_succeeds(form, save_unless_overtaken)
    if lost_race(form):
        now = read()
        _show_both(request, form, now)
    return form, now, saved


@dataclass(frozen=True)
class BothTexts:
    """After a lost race: what the user typed, what was saved first, and, if the user may know this, when it was saved
    and by which colleague."""

    yours: str = ""
    theirs: str = ""
    saved_by: str = ""


def lost_race(form: forms.Form) -> bool:
    """Return True if someone else saved first."""
    return hasattr(form, "lost_race")


def keep_what_was_written(request: ActingRequest) -> None:
    """Commit what the request wrote, even if the response has a status of 400 or higher."""
    request.keeps = True


def _show_both(request: ActingRequest, form: forms.Form, now: CurrentEntry) -> None:
    if now.item is not None and getattr(now.item, "by", None) == request.actor.membership:
        sentence = _(
            "You saved this in another tab or window first. Both versions are below. What you save now becomes the "
            "current version."
        )
        form.errors["__all__"] = form.error_class([sentence], error_class="nonfield")
    keep_what_was_written(request)
    visible = [bound for bound in form if not bound.is_hidden]
    form.lost_race = BothTexts(
        yours="\n".join(fields.line(bound, form.cleaned_data.get(bound.name)) for bound in visible),
        theirs="\n".join(fields.line(bound, now.initial.get(bound.name)) for bound in visible),
        saved_by=now.saved_by,
    )
    data = form.data.copy()
    data["revision"] = str(now.revision)
    form.data = data


def _words(sentence: Any, error: Invalid) -> str:
    if not sentence:
        return _(error.sentence)
    if isinstance(sentence, str):
        return _(sentence)
    return str(sentence.in_words(_))


def status_of(form: forms.Form) -> int:
    """Return the status of a form's page: 422 if the form is shown again, 409 after a lost race, 200 if it is new.

    A status of 400 or higher rolls everything back.
    """
    if lost_race(form):
        return 409
    return 422 if form.is_bound else 200
