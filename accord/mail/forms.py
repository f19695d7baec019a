"""Forms for the page on which staff ask for mail."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class AddressForm(forms.Form):
    """Where to send messages."""

    address = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        help_text=_("Colleagues don't see it. The computer that runs Accord needs it to send the messages."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class CodeForm(forms.Form):
    """The code from the message."""

    code = forms.CharField(
        label=_("Code from the message"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
