"""Forms for a legal request about a person: what arrived, what was done, what was handed over, and how the request was
closed."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accord.access.codes import KINDS, SHARE_PERSON
from accord.access.forms import StepUpForm, refuse_unused
from accord.access.requests import ActingRequest
from accord.core.spans import DUE, ENDS, HAPPENED
from accord.law.codes import PROCESS_WORDS, PURPOSE_WORDS
from accord.legal_requests.codes import STEP_WORDS
from accord.legal_requests.disclosures import Taker
from accord.legal_requests.entries import Disclosure
from accord.releases.codes import Basis
from accord.releases.forms import OFFERED
from accord.ui.fields import DayField, NameField

OUTSIDE = "outside"


class RequestForm(forms.Form):
    """Record a legal request as it arrived."""

    process = forms.ChoiceField(
        label=_("What type of legal request is it?"),
        choices=[(code.value, _(words)) for code, words in PROCESS_WORDS.items()],
        widget=forms.RadioSelect,
    )
    sender = NameField(
        label=_("Who is asking?"),
        error_messages={"required": _("Enter who is asking.")},
        max_length=200,
        help_text=_("Enter the court, attorney or government agency."),
    )
    signed_by = NameField(
        label=_("Who signed it?"),
        max_length=200,
        required=False,
        help_text=_(
            "It matters a lot whether a judge, a clerk or an attorney signed. Leave this blank if you can't read "
            "the signature."
        ),
    )
    citation = NameField(label=_("Case number or the law the request cites"), max_length=200, required=False)
    received_on = DayField(span=HAPPENED, label=_("What day did it arrive?"))
    due_on = DayField(
        span=DUE,
        label=_("When is the response due?"),
        required=False,
        help_text=_("Enter the date stated in the request. If there is none, leave this blank."),
    )
    says = forms.CharField(
        label=_("What does the request ask for?"),
        error_messages={"required": _("Enter what the request asks for.")},
        max_length=5_000,
        help_text=_("Enter what the request asks for and where to send the response. Use the request's own words."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    listed = forms.MultipleChoiceField(
        label=_("Which of these does the request ask for?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Choose only what the request itself asks for. Nothing else can be handed over in response to this request."
        ),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["listed"].choices = kind_choices(KINDS)

    def clean(self) -> dict[str, Any]:
        """Refuse a due date that is before the day the request arrived."""
        data: dict[str, Any] = super().clean() or {}
        came, due = data.get("received_on"), data.get("due_on")
        if came and due and due < came:
            self.add_error("due_on", _("Choose the day it was received or a later date."))
        return data

    def disclosure(self) -> Disclosure:
        """Return the entry to seal."""
        data = self.cleaned_data
        words: dict[str, Any] = {name: data[name] for name in ("process", "sender", "signed_by", "citation", "says")}
        days: dict[str, Any] = {
            name: data[name].isoformat() if data[name] else "" for name in ("received_on", "due_on")
        }
        return Disclosure(basis=Basis.ORDER.value, listed=tuple(data["listed"]), **words, **days)


class StepForm(forms.Form):
    """Record one step taken on a legal request."""

    step = forms.ChoiceField(
        label=_("What was done?"),
        choices=[(code.value, _(words)) for code, words in STEP_WORDS.items()],
        widget=forms.RadioSelect,
    )
    on = DayField(span=HAPPENED, label=_("Date"))
    words = forms.CharField(
        label=_("Details"),
        max_length=1_000,
        required=False,
        help_text=_("For example: what the court said or what the client wants."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, may_end: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not may_end:
            self.fields["step"].choices = [row for row in self.fields["step"].choices if row[0] != "nothing"]


class HandOverForm(StepUpForm):
    """Choose what to hand over under a binding request, and the recipient."""

    kinds = forms.MultipleChoiceField(
        label=_("What will be handed over?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("This list includes only what the request asks for. Ask your attorney before you hand over less."),
    )
    recipients = forms.ChoiceField(label=_("Who will receive it?"), widget=forms.RadioSelect)
    outside = NameField(label=_("Name of the court or agency, if outside this system"), max_length=200, required=False)
    purposes = forms.MultipleChoiceField(
        label=_("What can an agency in this system use the information for?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(purpose.value, _(PURPOSE_WORDS[purpose])) for purpose in OFFERED],
    )
    last_day = DayField(
        span=ENDS, label=_("Last day the information is shared with an agency in this system"), required=False
    )

    def __init__(
        self,
        *args: Any,
        request: ActingRequest,
        listed: tuple[str, ...],
        partners: list[tuple[uuid.UUID, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, request=request, action=SHARE_PERSON, **more)
        self.fields["kinds"].choices = kind_choices(listed)
        away = (OUTSIDE, _("Someone outside this system (we hand it over ourselves)"))
        self.fields["recipients"].choices = [away, *((str(agency), name) for agency, name in partners)]
        if "step_up_code" in self.fields:  # shown last, next to the button
            self.order_fields([name for name in self.fields if name != "step_up_code"])

    def clean(self) -> dict[str, Any]:
        """Require a name for an outside recipient, and purposes and a last day for an agency."""
        data: dict[str, Any] = super().clean() or {}
        to = data.get("recipients")
        if to == OUTSIDE and not data.get("outside"):
            self.add_error("outside", _("Enter who will receive it."))
        if to and to != OUTSIDE and not data.get("purposes"):
            self.add_error("purposes", _("Choose what the information can be used for."))
        if to:
            refuse_unused(self, *(("purposes", "last_day") if to == OUTSIDE else ("outside",)))
        return data

    def taker(self) -> Taker:
        """Return the recipient."""
        data = self.cleaned_data
        if data["recipients"] == OUTSIDE:
            return Taker(outside=data["outside"])
        to = uuid.UUID(data["recipients"])
        return Taker(agency=to, purposes=tuple(data["purposes"]), last_day=data["last_day"])


class CloseForm(forms.Form):
    """Ask for what must be on record before a disclosure is closed."""

    notice_attempt = forms.CharField(
        label=_("How did you tell the client, or how did you try to?"),
        error_messages={"required": _("Enter how you told the client, or how you tried to.")},
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    safety_steps = forms.CharField(
        label=_("What was done for the client's safety and privacy?"),
        error_messages={"required": _("Enter what was done for the client's safety and privacy.")},
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def kind_choices(codes: Any) -> list[tuple[str, str]]:
    """Return these kinds as choices, in the order of `KINDS`."""
    return [(code, f"{_(kind.name)}: {_(kind.words)}") for code, kind in KINDS.items() if code in codes]
