"""Forms for a screen's result, a determination, and a step. They offer codes and never ask what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accord.core.spans import HAPPENED
from accord.screening.codes import (
    BASES,
    CLOSINGS,
    OUTCOMES,
    RESULTS,
    TOOLS,
    UNDER_18,
    Determination,
)
from accord.ui.fields import DayField


def _choices(codes: Mapping[str, str]) -> list[tuple[str, Any]]:
    return [(code, _(words)) for code, words in codes.items()]


def _element(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("yes", _("Yes")), ("no", _("No")), ("", _("Not known or not answered"))],
        required=False,
        widget=forms.RadioSelect,
    )


class ScreenForm(forms.Form):
    """The result of a screen that was done on paper or with another form. What the answers said is optional."""

    tool = forms.ChoiceField(label=_("Which form was used?"), choices=[("", _("Choose one")), *_choices(TOOLS)])
    day = DayField(span=HAPPENED, label=_("Screening date"))
    result = forms.ChoiceField(label=_("Result"), choices=_choices(RESULTS), widget=forms.RadioSelect)
    act = _element(_("Did someone recruit, house, transport, provide or obtain this person, or pay for sex with them?"))
    means = _element(_("Was there force, fraud, threats or coercion?"))
    sex = _element(_("Was it for sex in exchange for money or anything of value?"))
    labor = _element(_("Was it for work or services?"))
    under18 = _element(_("Was this person under 18 when it happened?"))
    crossed = _element(_("Did someone help this person cross a border?"))

    elements = ("act", "means", "sex", "labor", "under18")

    @property
    def folded(self) -> list[forms.BoundField]:
        """Return the questions about what the answers said. They stay collapsed until one is answered."""
        asked = [self[name] for name in (*self.elements, "crossed")]
        return [] if any(bound.value() or bound.errors for bound in asked) else asked

    folded_title = _("Add what the answers said to see how they compare with the law's definition")

    def answers(self) -> dict[str, bool | None]:
        """Return the elements that were answered."""
        told = {"yes": True, "no": False, "": None}
        return {name: told[self.cleaned_data[name]] for name in self.elements}


class DeterminationForm(forms.Form):
    """What the colleague determines, on which day, and on what basis."""

    outcome = forms.ChoiceField(
        label=_("What is your determination?"),
        choices=_choices(OUTCOMES),
        widget=forms.RadioSelect,
        help_text=_("Your determination may differ from what the answers indicate. Help doesn't depend on it."),
    )
    basis = forms.ChoiceField(label=_("What is it based on?"), choices=_choices(BASES), widget=forms.RadioSelect)
    day = DayField(span=HAPPENED, label=_("Date"))
    under_18 = forms.ChoiceField(
        label=_("Is this person under 18 now?"),
        choices=_choices(UNDER_18),
        widget=forms.RadioSelect,
        help_text=_("If so, the steps that the law requires for a child become tasks."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Don't write down what happened."),
    )

    def determination(self, by: str) -> Determination:
        """Return the entry to seal."""
        data = self.cleaned_data
        return Determination(
            data["outcome"], data["day"].isoformat(), data["basis"], data["note"].strip(), data["under_18"], by
        )


class StepForm(forms.Form):
    """How a step ended."""

    closed = forms.ChoiceField(label=_("What happened?"), choices=_choices(CLOSINGS), widget=forms.RadioSelect)
    closed_on = DayField(span=HAPPENED, label=_("Date"))
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example, who took the report. If the step isn't needed, say why."),
    )
