"""The form for connecting a system."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accord.access.codes import KINDS, MACHINE_ROLES, MACHINES_NEVER_READ, MACHINES_WRITE, ROLES
from accord.access.forms import StepUpForm
from accord.agencies.forms import kind_label, quiet_text
from accord.core.spans import ENDS
from accord.ui.fields import DayField, NameField


class ConnectForm(StepUpForm):
    """A system to connect: its name, what it does, which kinds of information it can use, and its last day."""

    name = NameField(
        label=_("System name"),
        error_messages={"required": _("Enter the system's name.")},
        max_length=80,
        help_text=_("For example, “Website form.” The audit log shows this name with everything the system does."),
        widget=quiet_text(autocapitalize="sentences"),
    )
    roles = forms.MultipleChoiceField(
        label=_("What does it do?"),
        choices=[(code, capfirst(_(ROLES[code].words))) for code in MACHINE_ROLES],
        widget=forms.CheckboxSelectMultiple,
    )
    writes = forms.MultipleChoiceField(
        label=_("What can it add?"),
        required=False,
        choices=[(code, kind_label(kind)) for code, kind in KINDS.items() if code in MACHINES_WRITE],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The system can't read back what it added."),
    )
    reads = forms.MultipleChoiceField(
        label=_("What can it read?"),
        required=False,
        choices=[(code, kind_label(kind)) for code, kind in KINDS.items() if code not in MACHINES_NEVER_READ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The system gets the key for each kind of information when a colleague who has that key signs in."),
    )
    purpose = forms.ChoiceField(
        label=_("What is its purpose?"),
        required=False,
        help_text=_("The system can read what a partner agency shares only if that agency shared it for this purpose."),
    )
    last_day = DayField(span=ENDS, label=_("Last day"), help_text=_("No more than one year from today."))

    field_order = ("name", "roles", "writes", "reads", "purpose", "last_day", "step_up_code")

    def __init__(self, *args: Any, purposes: list[tuple[str, str]], keyless: set[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["purpose"].choices = [("", "—"), *purposes]
        for name in ("writes", "reads"):
            kinds = self.fields[name].choices
            self.fields[name].choices = [(code, words) for code, words in kinds if code not in keyless]

    def terms(self) -> dict[str, Any]:
        """Return the fields as arguments for the service."""
        return {name: self.cleaned_data[name] for name in ("name", "roles", "writes", "reads", "purpose", "last_day")}
