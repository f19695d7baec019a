"""Forms to create a body, add a seat, choose a representative, and record a decision."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from accord.access.codes import SEATS
from accord.access.forms import StepUpForm
from accord.bodies.codes import BODY_KINDS
from accord.core.spans import BEGINS, ENDS, HAPPENED
from accord.ui.fields import DayField, NameField

NO_CLIENTS = _("Don't include client names or anything else that could identify a client.")
CLOSED, OPEN = "closed", "open"
ONE, ANYONE = "one", "anyone"


class BodyForm(StepUpForm):
    """A form for a new body: its name, its purpose, and who can read its decisions."""

    name = NameField(
        label=_("Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "sentences"}),
    )
    kind = forms.ChoiceField(
        label=_("What type is it?"),
        choices=[(code, _(words)) for code, words in BODY_KINDS.items()],
        widget=forms.RadioSelect,
    )
    charge = forms.CharField(
        label=_("Charge"),
        error_messages={"required": _("Enter what the committee is for.")},
        help_text=_("What the committee is for, in a few sentences."),
        max_length=2000,
        widget=forms.Textarea,
    )
    readers = forms.ChoiceField(
        label=_("Who can read its decisions?"),
        help_text=_("You can't change this later."),
        choices=[
            (CLOSED, _("Closed. Only people with a seat can see it. Other agencies can't see that it exists.")),
            (OPEN, _("Open to every agency in the coalition")),
        ],
        widget=forms.RadioSelect,
    )

    field_order = ("name", "kind", "charge", "readers", "step_up_code")

    def terms(self) -> dict[str, Any]:
        """Return the fields in the form that the service accepts."""
        data = self.cleaned_data
        return {name: data[name] for name in ("name", "kind", "charge")} | {"is_open": data["readers"] == OPEN}


class SeatForm(StepUpForm):
    """A form that gives an agency a seat."""

    agency = forms.TypedChoiceField(label=_("Agency"), coerce=uuid.UUID)
    role = forms.ChoiceField(label=_("Role on the committee"), widget=forms.RadioSelect)
    holder = forms.ChoiceField(
        label=_("Who represents the agency?"),
        choices=[
            (ONE, _("One person. The agency's privacy officer chooses who. Until then, the seat is empty.")),
            (ANYONE, _("Any representative. Everyone who works at that agency can read the decisions.")),
        ],
        widget=forms.RadioSelect,
    )
    since = DayField(span=BEGINS, label=_("First day"))
    until = DayField(
        span=ENDS, label=_("Last day"), required=False, help_text=_("Leave this blank if the seat has no last day.")
    )

    field_order = ("agency", "role", "holder", "since", "until", "step_up_code")

    def __init__(self, *args: Any, agencies: Iterable[tuple[uuid.UUID, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        named = [(str(owner), name) for owner, name in agencies]
        self.fields["agency"].choices = [("", _("Choose an agency")), *named]
        self.fields["role"].choices = [
            (code, f"{capfirst(now_(role.name))}: {now_(role.words)}") for code, role in SEATS.items()
        ]

    def terms(self) -> dict[str, Any]:
        """Return the fields in the form that the service accepts."""
        data = self.cleaned_data
        taken = {name: data[name] for name in ("agency", "role", "since", "until")}
        return taken | {"for_anyone": data["holder"] == ANYONE}


class RepresentativeForm(StepUpForm):
    """A form that chooses the colleague for one of the agency's seats."""

    membership = forms.TypedChoiceField(label=_("Who represents our agency?"), coerce=uuid.UUID)

    field_order = ("membership", "step_up_code")

    def __init__(self, *args: Any, colleagues: Iterable[tuple[uuid.UUID, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        people = [(str(membership), name) for membership, name in colleagues]
        self.fields["membership"].choices = [("", _("Choose a colleague")), *people]


class DecisionForm(forms.Form):
    """A form to record what a body decided, and when. The text is not encrypted, so it must not say anything about a
    client."""

    day = DayField(span=HAPPENED, label=_("Day of the decision"))
    words = forms.CharField(
        label=_("What was decided"),
        error_messages={"required": _("Enter what was decided.")},
        help_text=NO_CLIENTS,
        max_length=4000,
        widget=forms.Textarea,
    )
