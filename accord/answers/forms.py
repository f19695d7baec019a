"""The form that begins a form: its language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accord.questionnaires.asking import language_name


class StartForm(forms.Form):
    """The language in which a form is asked."""

    language = forms.ChoiceField(label=_("Language of the form"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, languages: Sequence[str], **more: Any) -> None:
        super().__init__(*args, **more)
        if len(languages) > 1:
            self.fields["language"].choices = [(one, language_name(one)) for one in languages]
        else:
            del self.fields["language"]
