"""Forms for an agency's settings, and fields that other rooms' pages also use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accord.access.codes import Kind
from accord.access.forms import StepUpForm
from accord.agencies.codes import ZONES

QUIET = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


def quiet_text(**more: Any) -> forms.TextInput:
    """Return a text input that browsers neither fill in nor correct."""
    return forms.TextInput(attrs={**QUIET, **more})


def kind_label(kind: Kind) -> Any:
    """Return a kind's name and description, translated when they are shown, not when the program starts."""
    return format_lazy("{}: {}", _(kind.name), _(kind.words))


def zone_field() -> forms.ChoiceField:
    """Return a time zone field. No zone is preselected, because dates and deadlines depend on it."""
    return forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Dates and legal deadlines use this time zone."),
        choices=[("", _("Choose a time zone")), *((zone, _(words)) for zone, words in ZONES.items())],
    )


class ZoneForm(StepUpForm):
    """The agency's time zone."""

    zone = zone_field()

    field_order = ("zone", "step_up_code")


class ContactLineForm(forms.Form):
    """The contact line that partner agencies call."""

    role = forms.CharField(
        label=_("Who to ask for"),
        error_messages={"required": _("Enter who to ask for: a role or a name.")},
        max_length=80,
        help_text=_("A role or a name, such as “Advocate on call.”"),
        widget=quiet_text(),
    )
    phone = forms.CharField(
        label=_("Phone number"),
        error_messages={"required": _("Enter a phone number.")},
        max_length=40,
        help_text=_("Don't enter a number that reveals a confidential location."),
        widget=quiet_text(type="tel"),
    )
    hours = forms.CharField(
        label=_("Hours"),
        max_length=80,
        required=False,
        help_text=_("For example: weekdays, 9 a.m. to 5 p.m."),
        widget=quiet_text(),
    )
