"""The Django app with templates, tags, and static files, but no models."""

from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "accord.ui"
    label = "ui"

    def ready(self) -> None:
        # Django's own messages talk about fields and valid dates. A tired reader at night needs to know what is
        # missing.
        forms.Field.default_error_messages["required"] = _("Enter an answer.")
        forms.ChoiceField.default_error_messages["required"] = _("Choose one.")
        forms.MultipleChoiceField.default_error_messages["required"] = _("Choose at least one option.")
        forms.DateField.default_error_messages["required"] = _("Enter a date.")
        forms.DateField.default_error_messages["invalid"] = _("Enter a real month, day and year.")
