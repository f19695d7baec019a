"""Forms about who she is and how she may be reached. Nothing but the name she uses is required."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accord.access.forms import StepUpForm
from accord.core.text import LANGUAGES
from accord.people.codes import CONTACT_METHODS, Birth, PersonName, SafeContact
from accord.sharing.codes import ERASURE_REASONS
from accord.ui.fields import MemorableDate, NameField

_QUIET = {"autocomplete": "off", "spellcheck": "false"}


def _text(**more: Any) -> forms.TextInput:
    return forms.TextInput(attrs={**_QUIET, **more})


class NameForm(forms.Form):
    """Names."""

    used = NameField(
        label=_("Name she uses"),
        max_length=120,
        help_text=_("Any name she chooses. It need not be legal."),
        widget=_text(),
    )
    others = NameField(label=_("Other names, to find her again"), max_length=300, required=False, widget=_text())
    pronouns = NameField(label=_("Pronouns"), max_length=40, required=False, widget=_text())

    def payload(self) -> PersonName:
        """What is sealed."""
        data = self.cleaned_data
        return PersonName(data["used"].strip(), data["others"].strip(), data["pronouns"].strip())


class AgeForm(forms.Form):
    """Age, in whichever way she likes to say it, or not at all."""

    years = forms.IntegerField(
        label=_("Age in years"), required=False, min_value=0, max_value=120, help_text=_("About is good enough.")
    )
    date = forms.DateField(label=_("Date of birth"), required=False, widget=MemorableDate())

    def payload(self) -> Birth:
        """What is sealed."""
        day, years = self.cleaned_data["date"], self.cleaned_data["years"]
        return Birth(day.isoformat() if day else "", "" if years is None else str(years))


class ContactForm(forms.Form):
    """Safe contact: asked, never assumed."""

    method = forms.ChoiceField(
        label=_("How may we reach her safely?"),
        choices=[(code, _(words)) for code, words in CONTACT_METHODS.items()],
        required=False,
        widget=forms.RadioSelect,
    )
    address = forms.CharField(label=_("Number or address"), max_length=200, required=False, widget=_text())
    when = forms.CharField(
        label=_("When"), max_length=120, required=False, help_text=_("For example: weekdays 10 to 12"), widget=_text()
    )
    never = forms.CharField(
        label=_("Never do this"),
        max_length=500,
        required=False,
        help_text=_("It is shown first, with a warning, until someone clears it. For example: do not call."),
        widget=_text(),
    )
    language = forms.ChoiceField(label=_("Preferred language"), choices=[("", "—"), *LANGUAGES.items()], required=False)

    def payload(self, today: str) -> SafeContact:
        """What is sealed, with the day it was asked."""
        data, names = self.cleaned_data, ("method", "address", "when", "never", "language")
        return SafeContact(**{name: data[name].strip() for name in names}, checked_on=today)


class FindForm(forms.Form):
    """A name, as it sounds."""

    name = forms.CharField(label=_("Name she uses"), max_length=120, widget=_text())


class ReassignForm(forms.Form):
    """Some of those whose colleague has left, and who takes them."""

    refs = forms.TypedMultipleChoiceField(
        label=_("Who gets somebody new?"), coerce=uuid.UUID, widget=forms.CheckboxSelectMultiple
    )
    membership = forms.TypedChoiceField(label=_("Colleague"), coerce=uuid.UUID)

    def __init__(
        self, *args: Any, people: list[tuple[str, str]], colleagues: list[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["refs"].choices = people
        self.fields["membership"].choices = [("", _("Choose a colleague")), *colleagues]


class LetInForm(StepUpForm):
    """Let a colleague in, with a reason that she may review."""

    membership = forms.TypedChoiceField(label=_("Who is let in?"), coerce=uuid.UUID)
    reason = forms.CharField(
        label=_("Why?"),
        max_length=300,
        help_text=_("She may ask one day who was let in, and reads this."),
        widget=_text(),
    )
    until = forms.DateField(
        label=_("Until and including"), required=False, widget=MemorableDate(), help_text=_("Empty: until you end it.")
    )

    field_order = ("membership", "reason", "until", "step_up_code")

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["membership"].choices = [("", _("Choose a colleague")), *colleagues]

    def terms(self) -> dict[str, Any]:
        """As the service takes them."""
        return {name: self.cleaned_data[name] for name in ("membership", "reason", "until")}


class BarForm(forms.Form):
    """A colleague who is related to her or in conflict with her."""

    barred = forms.TypedChoiceField(label=_("Who must not open her record?"), coerce=uuid.UUID)

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["barred"].choices = [("", _("Choose a colleague")), *colleagues]


class AssignForm(forms.Form):
    """A colleague."""

    membership = forms.TypedChoiceField(label=_("Colleague"), coerce=uuid.UUID)

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["membership"].choices = [("", _("Choose a colleague")), *colleagues]


class EraseForm(StepUpForm):
    """Why a record is erased: a code, never a sentence about her."""

    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=[(code, _(words)) for code, words in ERASURE_REASONS.items()],
        widget=forms.RadioSelect,
    )

    field_order = ("reason", "step_up_code")
