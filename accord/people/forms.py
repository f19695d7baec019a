"""Forms for identity and safe contact. Only the name a person goes by is required."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accord.access.forms import StepUpForm
from accord.core import clock
from accord.core.spans import ENDS
from accord.people.codes import CONTACT_METHODS, Birth, PersonName, SafeContact, ages_of
from accord.sharing.codes import DECLINE_REASONS, ERASURE_REASONS
from accord.ui.fields import BirthField, DayField, NameField
from accord.ui.words import language_or_none

_QUIET = {"autocomplete": "off", "spellcheck": "false"}


def _text(**more: Any) -> forms.TextInput:
    return forms.TextInput(attrs={**_QUIET, **more})


class NameForm(forms.Form):
    """Edit a person's names and pronouns."""

    used = NameField(
        label=_("Name they go by"),
        error_messages={"required": _("Enter the name they go by. Any name is fine.")},
        max_length=120,
        help_text=_("Any name is fine. It doesn't have to be their legal name."),
        widget=_text(),
    )
    others = NameField(label=_("Other names or nicknames"), max_length=300, required=False, widget=_text())
    pronouns = NameField(label=_("Pronouns"), max_length=40, required=False, widget=_text())

    def payload(self) -> PersonName:
        """Return the entry to seal."""
        data = self.cleaned_data
        return PersonName(data["used"].strip(), data["others"].strip(), data["pronouns"].strip())


_YEARS = _("Enter a whole number from 0 to 120.")


Day = date  # an alias, because a form below has a field named `date`


class AgeForm(forms.Form):
    """Edit an age: in years, as a year of birth, as a date of birth, or not at all."""

    years = forms.IntegerField(
        label=_("Age in years"),
        widget=forms.NumberInput(attrs={"class": "usa-input--xs"}),
        required=False,
        min_value=0,
        max_value=120,
        help_text=_("An estimate is fine. The age increases as time passes, counting from today."),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _YEARS),
    )
    date = BirthField(
        label=_("Date of birth"),
        required=False,
        help_text=_("If you only know the year, enter just the year."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse an age and a birth date that can't both be true."""
        data: dict[str, Any] = super().clean() or {}
        born, years = data.get("date"), data.get("years")
        if born and years is not None:
            least, most = ages_of(self._written(born, None), clock.today(timezone.get_current_timezone_name())) or (
                0,
                0,
            )
            if not least <= years <= most:
                said = str(least) if least == most else _("%(least)d or %(most)d") % {"least": least, "most": most}
                words = _(
                    "Based on the date or year of birth below, the age is %(age)s. Correct one of them, or leave one "
                    "blank."
                )
                self.add_error("years", words % {"age": said})
        return data

    @staticmethod
    def _written(born: Any, years: int | None) -> Birth:
        is_year = isinstance(born, int)
        return Birth(
            date=born.isoformat() if born and not is_year else "",
            year=str(born) if is_year else "",
            years="" if years is None else str(years),
        )

    def payload(self) -> Birth:
        """Return the entry to seal."""
        return self._written(self.cleaned_data["date"], self.cleaned_data["years"])

    @staticmethod
    def initial_of(birth: Birth, today: Day) -> dict[str, Any]:
        """Return the form's values for a saved entry, with the age as of today."""
        ages = ages_of(birth, today) if birth.years else None
        return {
            "years": str(ages.least) if ages else "",
            "date": birth.date or (f"{birth.year}--" if birth.year else None),
        }


CONTACT_NAMES = ("method", "address", "when", "never", "language")
CONFIRMED = ("method", "address", "when")


class ContactForm(forms.Form):
    """Edit safe contact. Staff always ask the person and never assume anything."""

    method = forms.ChoiceField(
        label=_("How can we reach them safely?"),
        choices=[(code, _(words)) for code, words in CONTACT_METHODS.items()],
        required=False,
        widget=forms.RadioSelect,
    )
    address = forms.CharField(label=_("Number or address"), max_length=200, required=False, widget=_text())
    when = forms.CharField(
        label=_("When"),
        max_length=120,
        required=False,
        help_text=_("For example: weekdays, 10 a.m. to noon"),
        widget=_text(),
    )
    never = forms.CharField(
        label=_("Never do this"),
        max_length=500,
        required=False,
        help_text=_(
            "This warning stays on the person's page and in client lists until someone clears it. For example: "
            "Do not call."
        ),
        widget=_text(),
    )
    language = forms.ChoiceField(label=_("Preferred language"), choices=language_or_none, required=False)
    confirmed = forms.BooleanField(
        label=_("I asked them today, and they said this is correct and safe"),
        required=False,
        help_text=_("Leave this unchecked if you didn't ask. Saving alone doesn't confirm anything."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a confirmation if the contact is empty."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("confirmed") and not any(data.get(name) for name in CONTACT_NAMES):
            self.add_error("confirmed", _("Enter how to reach them, or leave this blank."))
        return data

    def payload(self, today: str, before: SafeContact | None = None) -> SafeContact:
        """Return the entry to seal. The contact is marked as confirmed today only if the person was asked. An earlier
        confirmation is kept if the method, address, and times are unchanged. Anything new is not confirmed yet."""
        data = self.cleaned_data
        contact = SafeContact(**{name: data[name].strip() for name in CONTACT_NAMES})
        if data["confirmed"]:
            return replace(contact, checked_on=today)
        same = before is not None and all(getattr(contact, name) == getattr(before, name) for name in CONFIRMED)
        return replace(contact, checked_on=before.checked_on) if before is not None and same else contact


class FindForm(forms.Form):
    """Ask for a name to search for, in any spelling."""

    name = forms.CharField(
        label=_("Name"), error_messages={"required": _("Enter a name.")}, max_length=120, widget=_text()
    )


class ReassignForm(forms.Form):
    """Choose people whose assigned colleague has left, and choose a new colleague for them."""

    refs = forms.TypedMultipleChoiceField(
        label=_("Which people do you want to assign?"), coerce=uuid.UUID, widget=forms.CheckboxSelectMultiple
    )
    membership = forms.TypedChoiceField(label=_("Colleague"), coerce=uuid.UUID)

    def __init__(
        self, *args: Any, people: list[tuple[str, str]], colleagues: list[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["refs"].choices = people
        self.fields["membership"].choices = [("", _("Choose a colleague")), *colleagues]


class LetInForm(StepUpForm):
    """Give a colleague access, with a reason on record that the person may review."""

    membership = forms.TypedChoiceField(label=_("Who gets access?"), coerce=uuid.UUID)
    reason = forms.CharField(
        label=_("Why?"),
        error_messages={"required": _("Enter a reason. This person can ask who was given access.")},
        max_length=300,
        help_text=_("This person can ask who was given access and can read this reason."),
        widget=_text(),
    )
    until = DayField(span=ENDS, label=_("Last day"), required=False, help_text=_("Leave blank for no end date."))

    field_order = ("membership", "reason", "until", "step_up_code")

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["membership"].choices = [("", _("Choose a colleague")), *colleagues]

    def terms(self) -> dict[str, Any]:
        """Return the arguments for the service."""
        return {name: self.cleaned_data[name] for name in ("membership", "reason", "until")}


class BarForm(forms.Form):
    """Choose a colleague who is related to the person or has a conflict of interest."""

    barred = forms.TypedChoiceField(label=_("Who must not open this record?"), coerce=uuid.UUID)

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["barred"].choices = [("", _("Choose a colleague")), *colleagues]


class AssignForm(forms.Form):
    """Choose a colleague to assign."""

    membership = forms.TypedChoiceField(label=_("Colleague"), coerce=uuid.UUID)

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["membership"].choices = [("", _("Choose a colleague")), *colleagues]


class NumberForm(StepUpForm):
    """Ask for the record number, so that users check that they have the right record."""

    number = forms.CharField(
        label=_("Record number"),
        max_length=20,
        help_text=_("Enter the eight digits shown above to confirm that this is the right record."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Enter the record number.")},
    )

    field_order: tuple[str, ...] = ("number", "step_up_code")

    def terms(self) -> dict[str, str]:
        """Return the arguments for the service."""
        return {name: value for name, value in self.cleaned_data.items() if name in ("number", "reason")}


class EraseForm(NumberForm):
    """Ask why a record should be erased. The reason is a code, never free text about the person."""

    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=[(code, _(words)) for code, words in ERASURE_REASONS.items()],
        widget=forms.RadioSelect,
    )

    field_order = ("reason", "number", "step_up_code")


class DeclineForm(forms.Form):
    """Ask why our agency declines a shared record. The answer is a code, so no words about the person are sent back."""

    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=[(code, _(words)) for code, words in DECLINE_REASONS.items()],
        widget=forms.RadioSelect,
    )
