"""Forms for signing in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accord.access.forms import StepUpForm
from accord.accounts.rules import passphrase_problem
from accord.ui.fields import CodeInput
from accord.vault.sealing import is_proposal

PASSKEY_URL = reverse_lazy("signin:passkey_options")


class SignInForm(forms.Form):
    """User name and passphrase."""

    user_name = forms.CharField(
        label=_("User name"),
        error_messages={"required": _("Enter your user name.")},
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    passphrase = forms.CharField(
        label=_("Passphrase"),
        error_messages={"required": _("Enter your passphrase.")},
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """Six digits, a recovery code, or a passkey's answer. `passkey` is "get" or "create" if a passkey can be used."""

    code = forms.CharField(
        label=_("Code"),
        error_messages={"required": _("Enter the code.")},
        max_length=40,
        help_text=_("The 6-digit code from your authenticator app, or a recovery code."),
        widget=CodeInput(url=PASSKEY_URL, attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    passkey = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, passkey: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["code"].widget.passkey = passkey
        self.fields["code"].required = not self.data.get("passkey")
        if passkey == "create":  # during setup, when there are no recovery codes yet
            self.fields["code"].help_text = _("The 6-digit code the app is showing now.")


class PasskeyForm(StepUpForm):
    """A new passkey, with a name that its owner will recognize."""

    name = forms.CharField(
        label=_("Name for the new passkey"),
        error_messages={"required": _("Enter a name for the passkey.")},
        max_length=60,
        help_text=_("Choose a name you'll recognize, such as “blue security key” or “work phone.”"),
        widget=CodeInput(url=PASSKEY_URL, passkey="create", alone=True),
    )
    passkey = forms.CharField(
        max_length=20_000,
        widget=forms.HiddenInput,
        error_messages={"required": _("Press the button below the name. Your browser will then ask for the passkey.")},
    )

    field_order = ("step_up_code", "name", "passkey")


class NewPassphraseForm(forms.Form):
    """A new passphrase: either the six words shown, typed once, or the user's own passphrase, typed twice."""

    words = forms.CharField(max_length=200, widget=forms.HiddenInput)
    passphrase = forms.CharField(
        label=_("Passphrase"),
        error_messages={"required": _("Enter a passphrase.")},
        max_length=1000,
        strip=False,
        help_text=_("Enter the six words above, or choose your own passphrase of at least 15 characters."),
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("If you chose your own passphrase, enter it again"),
        max_length=1000,
        strip=False,
        required=False,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Require users to type a passphrase of their own twice, so that a typo doesn't lock them out."""
        data: dict[str, Any] = super().clean() or {}
        typed, again = (" ".join(data.get(name, "").split()) for name in ("passphrase", "again"))
        # The service reports an unusable passphrase itself, so the second entry matters only for a usable one.
        if typed not in ("", data.get("words"), again) and not passphrase_problem(typed, generated=is_proposal(typed)):
            self.add_error("again", _("The two passphrases don't match."))
        return data


class ChangePassphraseForm(NewPassphraseForm):
    """The current passphrase, and a new one."""

    old = forms.CharField(
        label=_("Your current passphrase"),
        error_messages={"required": _("Enter your current passphrase.")},
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "current-password"}),
    )

    field_order = ("old", "passphrase", "again", "words")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["passphrase"].label = _("New passphrase")


class NoticeForm(forms.Form):
    """The notice that was read, or all notices if the field is empty."""

    notice = forms.UUIDField(required=False, widget=forms.HiddenInput)
