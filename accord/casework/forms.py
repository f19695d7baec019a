"""Forms of casework. They offer codes, with optional room for the person's own words. They do not ask for the story."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accord.casework.codes import (
    APPLICATION_STATES,
    APPLICATIONS,
    CATEGORIES,
    EXPLOITATION,
    IMMIGRATION_STATUS,
    NEXT_STEPS,
    PAPERS,
    PLACES,
    STATUS,
    URGENCY,
    Application,
    Immigration,
)
from accord.core.spans import DUE, HAPPENED
from accord.ui.fields import DayField


def _choices(codes: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, _(words)) for code, words in codes.items()]


class NeedForm(forms.Form):
    """Add something the person needs."""

    category = forms.ChoiceField(label=_("What do they need?"), choices=[("", _("Choose one")), *_choices(CATEGORIES)])
    urgency = forms.ChoiceField(label=_("How soon?"), choices=_choices(URGENCY), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In their own words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class NeedStatusForm(forms.Form):
    """Change the status of a need."""

    status = forms.ChoiceField(label=_("Status"), choices=_choices(STATUS), widget=forms.RadioSelect)


class ServiceForm(forms.Form):
    """Record a service provided on one day."""

    category = forms.ChoiceField(label=_("Which service?"), choices=[("", _("Choose one")), *_choices(CATEGORIES)])
    day = DayField(span=HAPPENED, label=_("Date"))


class ExploitationForm(forms.Form):
    """Choose the type of trafficking, as a code for counting."""

    type = forms.ChoiceField(label=_("Type of trafficking"), choices=_choices(EXPLOITATION), widget=forms.RadioSelect)


class NoteForm(forms.Form):
    """Write a case note."""

    text = forms.CharField(label=_("Note"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))


class ImmigrationForm(forms.Form):
    """Record immigration status and where documents are. Everything is optional; how the person came here is not
    asked."""

    status = forms.ChoiceField(
        label=_("Immigration status"),
        choices=_choices(IMMIGRATION_STATUS),
        widget=forms.RadioSelect,
        help_text=_("You can skip any question on this page. Help doesn't depend on immigration status."),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for code, words in PAPERS.items():
            self.fields[f"paper_{code}"] = forms.ChoiceField(
                label=_(words), required=False, choices=[("", _("None, or not asked")), *_choices(PLACES)]
            )

    def facts(self) -> Immigration:
        """Return the entry to seal."""
        data = self.cleaned_data
        held = tuple((code, data[f"paper_{code}"]) for code in PAPERS if data[f"paper_{code}"])
        return Immigration(data["status"], held, data["note"].strip())

    @staticmethod
    def initial_of(facts: Immigration) -> dict[str, str]:
        """Return the form's values for a saved entry."""
        return {"status": facts.status, "note": facts.note} | {f"paper_{code}": place for code, place in facts.papers}


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
        help_text=_("This becomes a task for you. The task says only that a deadline for this person is near."),
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
