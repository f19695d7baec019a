"""Forms about agencies and memberships."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from accord.law.codes import Purpose


class ActForForm(forms.Form):
    """Which of one's memberships to act in."""

    membership = forms.TypedChoiceField(coerce=uuid.UUID)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["membership"].choices = choices


class PurposeForm(forms.Form):
    """What one works for now."""

    purpose = forms.ChoiceField(choices=[(purpose.value, purpose.value) for purpose in Purpose])
    next = forms.CharField(required=False)

    def next_path(self) -> str:
        """Back to the page, if it is one of ours."""
        path = self.data.get("next", "/")
        return path if path.startswith("/") and not path.startswith("//") and "\\" not in path else "/"
