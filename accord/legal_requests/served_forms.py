"""The form for a legal request that the hub received."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accord.agencies.forms import QUIET, quiet_text
from accord.core.spans import DUE, HAPPENED
from accord.law.codes import PROCESS_WORDS
from accord.legal_requests.served import Content
from accord.ui.fields import DayField


class ServedForm(forms.Form):
    """A legal request that the hub received. Fields that can identify a person have the prefix `request_` and are never
    kept."""

    process = forms.ChoiceField(
        label=_("What type of legal request is it?"),
        choices=[(code.value, _(words)) for code, words in PROCESS_WORDS.items()],
        widget=forms.RadioSelect,
    )
    came_on = DayField(span=HAPPENED, label=_("What day did it arrive?"))
    due_on = DayField(
        span=DUE,
        label=_("When is the response due?"),
        required=False,
        help_text=_("Enter the date stated in the request. If there is none, leave this blank."),
    )
    agencies = forms.TypedMultipleChoiceField(
        label=_("Which agencies should receive it?"),
        coerce=uuid.UUID,
        help_text=_(
            "Choose the agencies named in the request. If the request asks for information about everyone, "
            "choose all agencies. You can't know who their clients are. Don't confirm or deny to anyone that a "
            "person is a client."
        ),
        widget=forms.CheckboxSelectMultiple,
    )
    request_sender = forms.CharField(label=_("Who sent it?"), max_length=300, required=False, widget=quiet_text())
    request_reference = forms.CharField(
        label=_("Reference or case number"), max_length=200, required=False, widget=quiet_text()
    )
    request_says = forms.CharField(
        label=_("What does the request say?"),
        error_messages={"required": _("Enter what the request says.")},
        max_length=20_000,
        help_text=_(
            "Copy it word for word, including who it asks about, what it asks for, and where to send the response."
        ),
        widget=forms.Textarea(attrs={**QUIET, "rows": 10}),
    )

    def __init__(self, *args: Any, agencies: list[tuple[uuid.UUID, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["agencies"].choices = [(str(owner), name) for owner, name in agencies]

    def terms(self) -> dict[str, Any]:
        """Return the fields as arguments for the service."""
        data = self.cleaned_data
        content = Content(
            sender=data["request_sender"],
            reference=data["request_reference"],
            due_on=data["due_on"].isoformat() if data["due_on"] else "",
            says=data["request_says"],
        )
        return {**{name: data[name] for name in ("process", "came_on", "agencies")}, "content": content}
