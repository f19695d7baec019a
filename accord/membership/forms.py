"""Forms for choosing an agency, joining, managing staff, and inviting agencies to the hub."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accord.access.forms import StepUpForm
from accord.access.saying import local_path
from accord.agencies.codes import AGENCY_TYPES, LAW_WORDS, TRAIT_WORDS
from accord.agencies.forms import QUIET, quiet_text, zone_field
from accord.law.codes import Purpose
from accord.law.packs import builtin
from accord.signin.forms import NewPassphraseForm
from accord.ui.fields import NameField


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
        return local_path(self.data.get("next", "/"))


# Joining ----------------------------------------------------------------------------------------------------------


class CodeForm(forms.Form):
    """A one-time code from a privacy officer or the operator."""

    code = forms.CharField(
        label=_("One-time code"),
        error_messages={"required": _("Enter the one-time code that you were given.")},
        max_length=60,
        help_text=_("The code has 24 characters in four groups. It works only once."),
        widget=quiet_text(),
    )


class NewAccountForm(NewPassphraseForm):
    """A user name and a passphrase, which is either the six words shown or the user's own choice."""

    code = forms.CharField(max_length=60, widget=forms.HiddenInput)
    user_name = forms.CharField(
        label=_("User name"),
        error_messages={"required": _("Enter a user name.")},
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
    """The new passphrase after a reset, which is either the six words shown or the user's own choice."""

    code = forms.CharField(max_length=60, widget=forms.HiddenInput)

    field_order = ("code", "passphrase", "again", "words")


class RecoverySheetForm(StepUpForm):
    """The words of the printed recovery key."""

    recovery_words = forms.CharField(
        label=_("The 21 words on the recovery sheet"),
        error_messages={"required": _("Enter the 21 words.")},
        max_length=400,
        help_text=_("Enter the words in order, with spaces between them, or scan the QR code."),
        widget=forms.Textarea(attrs={**QUIET, "rows": 4}),
    )

    field_order = ("recovery_words", "step_up_code")


class InviteForm(RolesForm):
    """A new colleague."""

    name = NameField(
        label=_("Colleague's name"),
        error_messages={"required": _("Enter the colleague's name.")},
        max_length=120,
        widget=quiet_text(autocapitalize="words"),
    )

    field_order = ("name", "roles", "step_up_code")


# The hub ----------------------------------------------------------------------------------------------------------


class OfficerForm(StepUpForm):
    """An agency's first privacy officer."""

    officer = NameField(
        label=_("First privacy officer's name"),
        error_messages={"required": _("Enter the first privacy officer's name.")},
        max_length=120,
        widget=quiet_text(),
    )
    roles = forms.MultipleChoiceField(
        label=_("What other roles does this person have at the agency?"),
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

    name = NameField(
        label=_("Agency name"),
        error_messages={"required": _("Enter the agency's name.")},
        max_length=120,
        widget=quiet_text(autocapitalize="words"),
    )
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
