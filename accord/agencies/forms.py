"""Forms for agencies, memberships, and agreements."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from accord.access.codes import (
    KINDS,
    MACHINE_ROLES,
    MACHINES_NEVER_READ,
    MACHINES_WRITE,
    ROLES,
    Kind,
)
from accord.access.forms import StepUpForm
from accord.accounts.forms import NewPassphraseForm
from accord.agencies.codes import AGENCY_TYPES, LAW_WORDS, TRAIT_WORDS, ZONES
from accord.agencies.served import Content
from accord.core.spans import DUE, ENDS, HAPPENED
from accord.law.codes import PROCESS_WORDS, Purpose
from accord.law.packs import builtin
from accord.ui.fields import DayField, NameField

_QUIET = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


def _text(**more: Any) -> forms.TextInput:
    return forms.TextInput(attrs={**_QUIET, **more})


def both(kind: Kind) -> Any:
    """Return a kind's name and description, translated when they are shown, not when the program starts."""
    return format_lazy("{}: {}", _(kind.name), _(kind.words))


def zone_field() -> forms.ChoiceField:
    """Return a time zone field. No zone is preselected, because dates and deadlines depend on it."""
    return forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Dates and legal deadlines use this time zone."),
        choices=[("", _("Choose a time zone")), *((zone, _(words)) for zone, words in ZONES.items())],
    )


class ActForForm(forms.Form):
    """The membership that the user chooses to work in."""

    membership = forms.TypedChoiceField(coerce=uuid.UUID)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["membership"].choices = choices


class PurposeForm(forms.Form):
    """The purpose that the user is working for."""

    purpose = forms.ChoiceField(choices=[(purpose.value, purpose.value) for purpose in Purpose])
    next = forms.CharField(required=False, max_length=2000)

    def next_path(self) -> str:
        """Return the path to go back to, or `/` if it would lead to another site."""
        path = self.data.get("next", "/")
        return path if path.startswith("/") and not path.startswith("//") and "\\" not in path else "/"


# Joining ----------------------------------------------------------------------------------------------------------


class CodeForm(forms.Form):
    """A one-time code from a privacy officer or the operator."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=60,
        help_text=_("24 characters in four groups. It works only once."),
        widget=_text(),
    )


class NewAccountForm(NewPassphraseForm):
    """A user name and a passphrase: the six words shown, or the user's own."""

    code = forms.CharField(max_length=60, widget=forms.HiddenInput)
    user_name = forms.CharField(
        label=_("User name"),
        max_length=60,
        help_text=_("You sign in with this name. It doesn't have to be your real name."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )

    field_order = ("code", "user_name", "passphrase", "again", "words")


# Colleagues -------------------------------------------------------------------------------------------------------


class RolesForm(StepUpForm):
    """A colleague's roles in the agency."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Roles determine what this person can see. Each role gives access only to its own kinds of information."
        ),
    )

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["roles"].choices = roles


class ResetForm(StepUpForm):
    """A passphrase reset for a colleague."""

    factor = forms.BooleanField(
        label=_("They also lost their phone and their recovery codes"),
        required=False,
        help_text=_(
            "If you check this box, they'll set up two-step verification again. If you don't, they'll need to "
            "use the method they already have."
        ),
    )

    field_order = ("factor", "step_up_code")


class ResetPassphraseForm(NewPassphraseForm):
    """The new passphrase after a reset: the six words shown, or the user's own."""

    code = forms.CharField(max_length=60, widget=forms.HiddenInput)

    field_order = ("code", "passphrase", "again", "words")


class PaperForm(StepUpForm):
    """The words of the printed recovery key."""

    paper_words = forms.CharField(
        label=_("The 21 words on the recovery sheet"),
        max_length=400,
        help_text=_("In order, with spaces between them. Or scan the QR code."),
        widget=forms.Textarea(attrs={**_QUIET, "rows": 4}),
    )

    field_order = ("paper_words", "step_up_code")


class InviteForm(RolesForm):
    """A new colleague."""

    name = NameField(label=_("Colleague's name"), max_length=120, widget=_text(autocapitalize="words"))

    field_order = ("name", "roles", "step_up_code")


class ConnectForm(StepUpForm):
    """A system to connect: its name, what it does, which kinds of information it can use, and its last day."""

    name = NameField(
        label=_("System name"),
        max_length=80,
        help_text=_("For example, “Website form.” The audit log shows this name with everything the system does."),
        widget=_text(autocapitalize="sentences"),
    )
    roles = forms.MultipleChoiceField(
        label=_("What does it do?"),
        choices=[(code, capfirst(_(ROLES[code].words))) for code in MACHINE_ROLES],
        widget=forms.CheckboxSelectMultiple,
    )
    writes = forms.MultipleChoiceField(
        label=_("What can it add?"),
        required=False,
        choices=[(code, both(kind)) for code, kind in KINDS.items() if code in MACHINES_WRITE],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The system can't read back what it added."),
    )
    reads = forms.MultipleChoiceField(
        label=_("What can it read?"),
        required=False,
        choices=[(code, both(kind)) for code, kind in KINDS.items() if code not in MACHINES_NEVER_READ],
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


# The hub ----------------------------------------------------------------------------------------------------------


class OfficerForm(StepUpForm):
    """An agency's first privacy officer."""

    officer = NameField(label=_("First privacy officer's name"), max_length=120, widget=_text())
    roles = forms.MultipleChoiceField(
        label=_("What other roles does this person have there?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "The privacy officer role is already included. If you add other roles, choose only those available "
            "to this type of agency."
        ),
    )

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["roles"].choices = [(code, words) for code, words in roles if code != "officer"]

    field_order: tuple[str, ...] = ("officer", "roles", "step_up_code")

    def with_officer(self) -> list[str]:
        """Return the chosen roles, plus the privacy officer role."""
        return ["officer", *self.cleaned_data["roles"]]


class AgencyForm(OfficerForm):
    """A new agency on the hub."""

    name = NameField(label=_("Agency name"), max_length=120, widget=_text(autocapitalize="words"))
    type = forms.ChoiceField(
        label=_("Agency type"),
        help_text=_("The type determines which roles, legal facts and rules the agency has."),
        choices=[(code, _(words)) for code, (words, _kind, _traits) in AGENCY_TYPES.items()],
        widget=forms.RadioSelect,
    )
    traits = forms.MultipleChoiceField(
        label=_("Grants and other legal facts"),
        help_text=_("Check only what the type doesn't already include. These facts determine which laws apply."),
        choices=[(trait.value, _(words)) for trait, words in TRAIT_WORDS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    jurisdictions = forms.MultipleChoiceField(
        label=_("Governing law"),
        choices=[
            (pack.jurisdiction, _(LAW_WORDS.get(pack.jurisdiction, pack.words)))
            for pack in builtin()
            if pack.jurisdiction != "*"
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    zone = zone_field()

    field_order = ("name", "type", "jurisdictions", "zone", "officer", "traits", "roles", "step_up_code")

    def terms(self) -> dict[str, Any]:
        """Return the fields as arguments for the service, with the kind and legal facts of the agency's type."""
        _words, kind, traits = AGENCY_TYPES[self.cleaned_data["type"]]
        names = ("name", "zone", "jurisdictions", "officer")
        facts = {"kind": kind, "traits": {*traits, *self.cleaned_data["traits"]}, "roles": self.with_officer()}
        return {name: self.cleaned_data[name] for name in names} | facts


class ZoneForm(StepUpForm):
    """The agency's time zone."""

    zone = zone_field()

    field_order = ("zone", "step_up_code")


class ServedForm(forms.Form):
    """A legal request that the hub received. Fields that can identify a person have the prefix `paper_` and are never
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
    paper_sender = forms.CharField(label=_("Who sent it?"), max_length=300, required=False, widget=_text())
    paper_reference = forms.CharField(
        label=_("Reference or case number"), max_length=200, required=False, widget=_text()
    )
    paper_says = forms.CharField(
        label=_("What does the request say?"),
        max_length=20_000,
        help_text=_(
            "Copy it word for word, including who it asks about, what it asks for, and where to send the response."
        ),
        widget=forms.Textarea(attrs={**_QUIET, "rows": 10}),
    )

    def __init__(self, *args: Any, agencies: list[tuple[uuid.UUID, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["agencies"].choices = [(str(owner), name) for owner, name in agencies]

    def terms(self) -> dict[str, Any]:
        """Return the fields as arguments for the service."""
        data = self.cleaned_data
        content = Content(
            sender=data["paper_sender"],
            reference=data["paper_reference"],
            due_on=data["due_on"].isoformat() if data["due_on"] else "",
            says=data["paper_says"],
        )
        return {**{name: data[name] for name in ("process", "came_on", "agencies")}, "content": content}


class ContactLineForm(forms.Form):
    """The contact line that partner agencies call."""

    role = forms.CharField(
        label=_("Who to ask for"),
        max_length=80,
        help_text=_("A role or a name, such as “Advocate on call.”"),
        widget=_text(),
    )
    phone = forms.CharField(
        label=_("Phone number"),
        max_length=40,
        help_text=_("Don't enter a number that reveals a confidential location."),
        widget=_text(type="tel"),
    )
    hours = forms.CharField(
        label=_("Hours"),
        max_length=80,
        required=False,
        help_text=_("For example: weekdays, 9 a.m. to 5 p.m."),
        widget=_text(),
    )
