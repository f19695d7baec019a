"""Forms for the page where staff ask for email."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class AddressForm(forms.Form):
    """The email address to send messages to."""

    address = forms.EmailField(
        label=_("Your email address"),
        error_messages={"required": _("Enter your email address.")},
        max_length=254,
        help_text=_(
            "Your colleagues don't see your address. The server that runs Accord needs it to send the messages."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_address(self) -> str:
        """Refuse an address with quotation marks or unprintable characters, which mail servers don't accept."""
        text: str = self.cleaned_data["address"]
        if not text.isascii() or not text.isprintable() or '"' in text:
            raise forms.ValidationError(_("Enter a valid email address."))
        return text


class CodeForm(forms.Form):
    """The code from the message."""

    code = forms.CharField(
        label=_("Code from the message"),
        error_messages={"required": _("Enter the code from the message.")},
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
