"""The forms of a legal paper that asks about a person: what came, what was done, what was handed over, and its end."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accord.access.codes import KINDS, SHARE_PERSON
from accord.access.forms import StepUpForm, refuse_unused
from accord.core.spans import DUE, ENDS, HAPPENED
from accord.law.codes import PROCESS_WORDS, PURPOSE_WORDS
from accord.releases.codes import STEP_WORDS, Basis
from accord.releases.disclosures import Taker
from accord.releases.entries import Disclosure
from accord.releases.forms import OFFERED
from accord.ui.fields import DayField, NameField

OUTSIDE = "outside"


class PaperForm(forms.Form):
    """A paper as it came."""

    process = forms.ChoiceField(
        label=_("What kind of paper is it?"),
        choices=[(code.value, _(words)) for code, words in PROCESS_WORDS.items()],
        widget=forms.RadioSelect,
    )
    sender = NameField(label=_("Who asks?"), max_length=200, help_text=_("The court, attorney or authority."))
    signed_by = NameField(
        label=_("Who signed it?"),
        max_length=200,
        required=False,
        help_text=_("A judge, a clerk, an attorney: much hangs on it. Leave it empty if you cannot read it."),
    )
    citation = NameField(label=_("Its number, or the law that it names"), max_length=200, required=False)
    received_on = DayField(span=HAPPENED, label=_("Which day did it come?"))
    due_on = DayField(
        span=DUE,
        label=_("By which day is an answer due?"),
        required=False,
        help_text=_("As the paper says it. Leave it empty if it names no day."),
    )
    says = forms.CharField(
        label=_("What does it ask for?"),
        max_length=5_000,
        help_text=_("In the words of the paper: what it wants, where the answer should go."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    listed = forms.MultipleChoiceField(
        label=_("Which of these does it name?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what stands on the paper: nothing else can be handed over because of it."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["listed"].choices = kind_choices(KINDS)

    def clean(self) -> dict[str, Any]:
        """An answer is not due before the paper came."""
        data: dict[str, Any] = super().clean() or {}
        came, due = data.get("received_on"), data.get("due_on")
        if came and due and due < came:
            self.add_error("due_on", _("Choose a day that is not before the day it came."))
        return data

    def paper(self) -> Disclosure:
        """What is sealed."""
        data = self.cleaned_data
        words = {name: data[name] for name in ("process", "sender", "signed_by", "citation", "says")}
        days = {name: data[name].isoformat() if data[name] else "" for name in ("received_on", "due_on")}
        return Disclosure(basis=Basis.ORDER.value, listed=tuple(data["listed"]), **words, **days)


class StepForm(forms.Form):
    """One thing that was done about a paper."""

    step = forms.ChoiceField(
        label=_("What was done?"),
        choices=[(code.value, _(words)) for code, words in STEP_WORDS.items()],
        widget=forms.RadioSelect,
    )
    on = DayField(span=HAPPENED, label=_("On which day?"))
    words = forms.CharField(
        label=_("More about it"),
        max_length=1_000,
        required=False,
        help_text=_("For example: what the court said, or what she wants."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, may_end: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not may_end:
            self.fields["step"].choices = [row for row in self.fields["step"].choices if row[0] != "nothing"]


class HandOverForm(StepUpForm):
    """What leaves because of a paper that compels it, and to whom."""

    kinds = forms.MultipleChoiceField(
        label=_("What is handed over?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What the paper names stands here, and nothing else. Less is allowed."),
    )
    recipients = forms.ChoiceField(label=_("To whom?"), widget=forms.RadioSelect)
    outside = NameField(
        label=_("If outside this system: the name of the court or authority"), max_length=200, required=False
    )
    purposes = forms.MultipleChoiceField(
        label=_("If to an agency of this hub: what may it be used for?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(purpose.value, _(PURPOSE_WORDS[purpose])) for purpose in OFFERED],
    )
    last_day = DayField(span=ENDS, label=_("If to an agency of this hub: until and including"), required=False)

    def __init__(
        self,
        *args: Any,
        request: HttpRequest,
        listed: tuple[str, ...],
        partners: list[tuple[uuid.UUID, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, request=request, action=SHARE_PERSON, **more)
        self.fields["kinds"].choices = kind_choices(listed)
        away = (OUTSIDE, _("Somebody outside this system: we hand it over ourselves"))
        self.fields["recipients"].choices = [away, *((str(agency), name) for agency, name in partners)]
        if "step_up_code" in self.fields:  # last, beside the button
            self.order_fields([name for name in self.fields if name != "step_up_code"])

    def clean(self) -> dict[str, Any]:
        """Somebody outside has a name; an agency gets purposes and a last day."""
        data: dict[str, Any] = super().clean() or {}
        to = data.get("recipients")
        if to == OUTSIDE and not data.get("outside"):
            self.add_error("outside", _("Write to whom."))
        if to and to != OUTSIDE and not data.get("purposes"):
            self.add_error("purposes", _("Choose what it may be used for."))
        if to:
            refuse_unused(self, *(("purposes", "last_day") if to == OUTSIDE else ("outside",)))
        return data

    def taker(self) -> Taker:
        """Who receives it."""
        data = self.cleaned_data
        if data["recipients"] == OUTSIDE:
            return Taker(outside=data["outside"])
        to = uuid.UUID(data["recipients"])
        return Taker(agency=to, purposes=tuple(data["purposes"]), last_day=data["last_day"])


class CloseForm(forms.Form):
    """What has to stand on record before a disclosure is closed."""

    notice_attempt = forms.CharField(
        label=_("How was she told, or how was that tried?"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    safety_steps = forms.CharField(
        label=_("What was done for her safety and privacy?"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )


def kind_choices(codes: Any) -> list[tuple[str, str]]:
    """Kinds as choices, in the order of the house."""
    return [(code, f"{_(kind.name)}: {_(kind.words)}") for code, kind in KINDS.items() if code in codes]
