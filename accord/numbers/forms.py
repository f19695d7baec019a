"""Forms for privacy officers and the second reviewer: submit a count, reopen a submission, and decide on combined
totals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accord.access.codes import SIGN_AGREEMENT
from accord.access.forms import StepUpForm
from accord.numbers.workflows import SumStep


class SubmitForm(StepUpForm):
    """Submit the count on the page. The checkbox is shown until the statistics unit's words have been compared."""

    stamp = forms.UUIDField(widget=forms.HiddenInput)
    compared = forms.BooleanField(
        label=_("I compared these six words with the statistics unit by phone or in person."),
        required=False,
    )

    def __init__(self, *args: Any, pinned: bool, **more: Any) -> None:
        super().__init__(*args, action=SIGN_AGREEMENT, **more)
        if pinned:  # no keys are accepted in this case
            del self.fields["compared"]
            self.fields.pop("step_up_code", None)

    def terms(self) -> dict[str, Any]:
        """Return the arguments for `services.submit`."""
        return {name: value for name, value in self.cleaned_data.items() if name in ("stamp", "compared")}


class ReopenForm(forms.Form):
    """Reopen a submission to correct it."""

    reason = forms.CharField(
        label=_("Why?"),
        error_messages={"required": _("Enter a reason. The next privacy officer will want to know why.")},
        max_length=500,
        help_text=_("This stays within your agency. Don't include names."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


class DecisionForm(StepUpForm):
    """Publish the combined totals on the page or send them back, as the second reviewer."""

    sum_id = forms.UUIDField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=_("What is your decision?"),
        choices=[(SumStep.PUBLISH.value, _("Publish")), (SumStep.SEND_BACK.value, _("Send back to the analyst"))],
        widget=forms.RadioSelect,
    )

    field_order = ("sum_id", "decision", "step_up_code")

    def terms(self) -> dict[str, Any]:
        """Return the arguments for `services.decide`."""
        return {name: self.cleaned_data[name] for name in ("sum_id", "decision")}
