"""Casework forms. They offer codes and an optional field for the person's own words. They do not ask for the person's
story."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accord.casework.codes import (
    APPLICATION_STATES,
    APPLICATIONS,
    CATEGORIES,
    DOCUMENTS,
    EXPLOITATION,
    FIELDS_OF_LIFE,
    IMMIGRATION_STATUS,
    NEXT_STEPS,
    PLACES,
    STATUS,
    UNITS,
    URGENCY,
    Application,
    Immigration,
    Need,
    Service,
)
from accord.core.spans import DUE, HAPPENED
from accord.core.text import ANSWERS
from accord.ui.fields import DayField, OneOfGroupsField, SensitiveChoiceField


def _offered(codes: dict[str, str]) -> list[tuple[str, str]]:
    """Return a sensitive question's own answers, without the answers that every sensitive question has."""
    return [(code, words) for code, words in _choices(codes) if code not in ANSWERS and code != "unknown"]


def _old(codes: dict[str, str]) -> dict[str, str]:
    """Return the answer that was offered before "not asked" and "doesn't know" became separate answers."""
    code = "unknown"
    words = codes[code]
    return {code: _(words)}


def _choices(codes: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, _(words)) for code, words in codes.items()]


class NeedForm(forms.Form):
    """One need, for editing and for API calls."""

    category = forms.ChoiceField(label=_("What do they need?"), choices=[("", _("Choose one")), *_choices(CATEGORIES)])
    urgency = forms.ChoiceField(
        label=_("How soon?"),
        choices=[*_choices(URGENCY), ("", _("Not decided"))],
        required=False,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In their own words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class EditNeedForm(NeedForm):
    """One need and its status."""

    status = forms.ChoiceField(label=_("Status"), choices=_choices(STATUS), widget=forms.RadioSelect)

    field_order = ("status", "category", "urgency", "words")

    def need(self) -> Need:
        """Return the entry to seal."""
        return Need(**{name: self.cleaned_data[name] for name in ("category", "urgency", "words", "status")})


class NeedsForm(forms.Form):
    """Several needs at once, grouped by area of life. The urgency and the person's own words can be added now or
    later."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for code, (words, categories) in FIELDS_OF_LIFE.items():
            self.fields[code] = OneOfGroupsField(
                label=_(words), choices=[(category, _(CATEGORIES[category])) for category in categories]
            )
        self.fields["urgency"] = forms.ChoiceField(
            label=_("How soon?"),
            choices=[*_choices(URGENCY), ("", _("Not decided"))],
            required=False,
            widget=forms.RadioSelect,
        )
        self.fields["words"] = forms.CharField(
            label=_("In their own words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a form without a need, and refuse the person's own words if more than one need is chosen."""
        data: dict[str, Any] = super().clean() or {}
        chosen = self._chosen(data)
        if not chosen:
            self.add_error(next(iter(FIELDS_OF_LIFE)), _("Choose at least one need."))
        if len(chosen) > 1 and data.get("words"):
            self.add_error(
                "words",
                _(
                    "You can add their own words to only one need at a time. Choose only one need, or add the words "
                    "later."
                ),
            )
        return data

    def _chosen(self, data: Mapping[str, Any]) -> list[str]:
        return [category for code in FIELDS_OF_LIFE for category in data.get(code) or ()]

    def needs(self) -> list[Need]:
        """Return the entries to seal, one for each need."""
        data = self.cleaned_data
        return [Need(category, data["urgency"], data["words"]) for category in self._chosen(data)]


class ServiceForm(forms.Form):
    """A service provided on one day."""

    category = forms.ChoiceField(label=_("Which service?"), choices=[("", _("Choose one")), *_choices(CATEGORIES)])
    day = DayField(span=HAPPENED, label=_("Date"))
    amount = forms.DecimalField(
        label=_("How much?"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        help_text=_("For example: 1.5 hours, 3 nights, 40 dollars. Reports to funders require this."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False, choices=[("", "—"), *_choices(UNITS)])
    provider = forms.CharField(
        label=_("Provider, if someone else provided the service"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse an amount without a unit, and a unit without an amount."""
        data: dict[str, Any] = super().clean() or {}
        if "amount" in data and "unit" in data and (data["amount"] is None) != (data["unit"] == ""):
            about = "amount" if data["amount"] is None else "unit"
            self.add_error(about, _("Enter the amount and its unit, or leave both blank."))
        return data

    def service(self) -> Service:
        """Return the entry to seal."""
        data = self.cleaned_data
        amount = "" if data["amount"] is None else f"{data['amount'].normalize():f}"
        return Service(
            data["category"],
            data["day"].isoformat(),
            amount,
            data["unit"],
            data["provider"].strip(),
            data["note"].strip(),
        )

    @staticmethod
    def initial_of(service: Service) -> dict[str, Any]:
        """Return the form's values for a saved service."""
        return {**vars(service), "day": date.fromisoformat(service.day) if service.day else None}


class ExploitationForm(forms.Form):
    """Choose the type of trafficking, which is recorded as a code for counting."""

    type = SensitiveChoiceField(
        label=_("Type of trafficking"),
        choices=_offered(EXPLOITATION),
        old=_old(EXPLOITATION),
        help_text=_("This is only a code for counting. You don't need to ask what happened."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["type"].keep(self.initial.get("type", ""))


class NoteForm(forms.Form):
    """Write a case note."""

    text = forms.CharField(
        label=_("Note"),
        error_messages={"required": _("Enter a note.")},
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class ImmigrationForm(forms.Form):
    """Record immigration status and where the person's documents are. *Not asked* is one of the answers, and all other
    questions are optional. The form does not ask how the person came here."""

    status = SensitiveChoiceField(
        label=_("Immigration status"),
        choices=_offered(IMMIGRATION_STATUS),
        old=_old(IMMIGRATION_STATUS),
        help_text=_(
            "They don't have to answer. “Not asked” is an answer, too. Help doesn't depend on immigration status."
        ),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["status"].keep(self.initial.get("status", ""))
        for code, words in DOCUMENTS.items():
            self.fields[f"document_{code}"] = forms.ChoiceField(
                label=_(words), required=False, choices=[("", _("Choose where it is")), *_choices(PLACES)]
            )

    @property
    def folded(self) -> list[forms.BoundField]:
        """Return the documents that have no answer. Their questions stay collapsed until a user adds a document."""
        documents = [self[f"document_{code}"] for code in DOCUMENTS]
        return [bound for bound in documents if not bound.value() and not bound.errors]

    folded_title = _("Add a document and its location")

    def facts(self) -> Immigration:
        """Return the entry to seal."""
        data = self.cleaned_data
        held = tuple((code, data[f"document_{code}"]) for code in DOCUMENTS if data[f"document_{code}"])
        return Immigration(data["status"], held, data["note"].strip())

    @staticmethod
    def initial_of(facts: Immigration) -> dict[str, str]:
        """Return the form's values for a saved entry."""
        return {"status": facts.status, "note": facts.note} | {
            f"document_{code}": place for code, place in facts.papers
        }


class ApplicationForm(forms.Form):
    """Record one application. Whether and when to apply is the person's decision."""

    type = forms.ChoiceField(label=_("Which application?"), choices=[("", _("Choose one")), *_choices(APPLICATIONS)])
    state = forms.ChoiceField(label=_("Status"), choices=_choices(APPLICATION_STATES), widget=forms.RadioSelect)
    receipt = forms.CharField(label=_("Receipt number, if there is one"), max_length=40, required=False)
    next_step = forms.ChoiceField(
        label=_("What is due next?"), required=False, choices=[("", _("Nothing")), *_choices(NEXT_STEPS)]
    )
    next_day = DayField(
        span=DUE,
        label=_("Date"),
        required=False,
        help_text=_("This becomes a task for you. The task says only that a deadline for this person is coming up."),
    )

    def clean(self) -> dict[str, Any]:
        """Require both the next step and its date, or neither."""
        data: dict[str, Any] = super().clean() or {}
        if "next_day" in data and bool(data.get("next_step")) != bool(data["next_day"]):
            self.add_error(
                "next_day" if data.get("next_step") else "next_step",
                _("Enter what is due and the date, or leave both blank."),
            )
        return data

    def application(self) -> Application:
        """Return the entry to seal."""
        data = self.cleaned_data
        day = data["next_day"].isoformat() if data["next_day"] else ""
        return Application(data["type"], data["state"], data["receipt"].strip(), day, data["next_step"])
