"""The terms of a release to one partner: what is shared, for what purpose, for how long, and in which language."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accord.access.codes import KINDS
from accord.access.forms import refuse_unused
from accord.core.spans import BEGINS, ENDS
from accord.law.codes import PURPOSE_WORDS, Purpose
from accord.releases.codes import ABILITY_WORDS, TEXT_LANGUAGES, Ability, Problem
from accord.releases.entries import Release
from accord.releases.fitting import SENSITIVE, Fit
from accord.releases.forms import AgeFields, said_adult
from accord.ui.fields import DayField
from accord.ui.words import language_choices, language_name, language_or_none

OTHER = "other"


class OneOfTwo(forms.MultipleChoiceField):
    """A question with two groups of choices. A choice in either group is enough."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: list[str]) -> None:
        """Allow an empty answer here, because the form checks that a choice was made in at least one group."""
        if value:
            super().validate(value)


def _purposes(offered: Sequence[Purpose]) -> list[tuple[str, Any]]:
    return [(purpose.value, _(PURPOSE_WORDS[purpose])) for purpose in offered]


class TermsForm(AgeFields):
    """Ask what one partner will see, for what purpose, and for how long. If no age is known, also ask whether the
    person is an adult. Nothing that the person decides is preselected, except the purpose if the partner provides only
    one service."""

    recipient = forms.UUIDField(widget=forms.HiddenInput)
    kinds = OneOfTwo(
        label=_("What will be shared?"),
        help_text=_("Choose only what this service needs. You can add more later with a new release."),
    )
    sensitive = forms.MultipleChoiceField(
        label=_("Sensitive information"), widget=forms.CheckboxSelectMultiple, required=False
    )
    purposes = OneOfTwo(label=_("What can the information be used for?"))
    more_purposes = forms.MultipleChoiceField(
        label=_("Other purposes"), widget=forms.CheckboxSelectMultiple, required=False
    )
    until = forms.ChoiceField(label=_("Last day"), widget=forms.RadioSelect)
    last_day = DayField(span=ENDS, label=_("A different last day"), required=False)
    reason_for_length = forms.CharField(required=False, max_length=300)
    start = DayField(span=BEGINS, label=_("First day"))
    additions = forms.BooleanField(
        label=_("Also share what we add later, until the last day"),
        required=False,
        help_text=_("If safe contact is shared, changes to it are always shared, too. An old number can be dangerous."),
    )
    text_language = forms.ChoiceField(
        label=_("Which language should the form be in?"),
        choices=lambda: language_choices(TEXT_LANGUAGES),
        widget=forms.RadioSelect,
    )
    reads = forms.ChoiceField(label=_("Which language do they read or understand best?"), choices=language_or_none)
    person_languages = forms.MultipleChoiceField(
        label=_("Other languages they read or understand well"),
        choices=language_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ability = forms.ChoiceField(
        label=_("Can they make this decision themselves?"),
        required=False,
        choices=[(ability.value, _(words)) for ability, words in ABILITY_WORDS.items()],
        widget=forms.RadioSelect,
        help_text=_("The law says who signs. A minor usually signs along with one parent or guardian."),
    )
    ability_basis = forms.CharField(
        label=_("If they can't, what is that answer based on?"),
        max_length=300,
        required=False,
        help_text=_("For example: the court document number, or that the child is one year old."),
    )
    emancipated = forms.BooleanField(label=_("Minor, but treated as an adult by a court or the law"), required=False)

    # The order on the page, with the age after these fields. The error summary follows it.
    field_order = (
        *("recipient", "kinds", "sensitive", "purposes", "more_purposes"),
        *("until", "last_day", "reason_for_length", "start", "additions"),
    )

    def __init__(
        self,
        *args: Any,
        to: uuid.UUID,
        fit: Fit,
        days: Sequence[tuple[date, str]],
        reason_over: int,
        check: Callable[[Release], list[Problem]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.to, self.check = to, check
        self.fields["recipient"].initial = str(to)
        self.fields["kinds"].choices = [(code, f"{_(KINDS[code].name)}: {_(KINDS[code].words)}") for code in fit.kinds]
        self.fields["sensitive"].choices = [
            (code, f"{_(KINDS[code].name)}: {_(KINDS[code].words)}. {_(SENSITIVE[code])}") for code in fit.sensitive
        ]
        self.fields["purposes"].choices = _purposes(fit.first)
        self.fields["more_purposes"].choices = _purposes(fit.others)
        self.fields["purposes"].initial = [fit.usual.value] if fit.usual else []
        self.fields["reason_for_length"].label = gettext("Reason, if sharing lasts longer than %(n)d days") % {
            "n": reason_over
        }
        self.fields["until"].choices = [
            *((one.isoformat(), words) for one, words in days),
            (OTHER, _("A different day")),
        ]

    def clean(self) -> dict[str, Any]:
        """In one pass, report everything that is missing or that the form or the rules don't allow."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("recipient") not in (None, self.to):
            self.add_error(None, _("The partner list has changed. Go back and choose the partner again."))
        if data.get("until") == OTHER and not data.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", _("Enter the last day."))
        elif data.get("until") != OTHER:
            refuse_unused(self, "last_day")
        for problem in self.check(self._release(data)):
            self._show(problem)
        return data

    def _show(self, problem: Problem) -> None:
        """Show a problem next to its question, unless that question already shows an error."""
        name = problem.field
        if name == "last_day":
            name = "last_day" if self.cleaned_data.get("until") == OTHER else "until"
        if name not in self.fields:
            self.add_error(None, problem.in_words(gettext))
        elif name not in self.errors and not {"until", "last_day"} & {name} & set(self.errors):
            self.add_error(name, problem.in_words(gettext))

    def opens(self, *names: str) -> bool:
        """Return whether to open the part of the page with these questions, because one of them was answered or has an
        error."""
        changed = self.is_bound and any(name in self.changed_data for name in names)
        return changed or any(name in self.errors for name in names)

    def languages_known(self) -> tuple[str, str] | None:
        """Return the form's language and the person's language, if the record has both."""
        form_in, reads = self.initial.get("text_language"), self.initial.get("reads")
        return (language_name(form_in), language_name(reads)) if form_in and reads else None

    def release(self) -> Release:
        """Return the terms as they will be sealed."""
        return self._release(self.cleaned_data)

    def _release(self, data: dict[str, Any]) -> Release:
        last = data.get("last_day") if data.get("until") == OTHER else data.get("until")
        start = data.get("start")
        languages = dict.fromkeys(one for one in (data.get("reads"), *data.get("person_languages", ())) if one)
        same = ("additions", "reason_for_length", "text_language", "ability_basis", "emancipated")
        chosen = {*data.get("kinds", ()), *data.get("sensitive", ())}
        return Release(
            recipient=str(self.to),
            kinds=tuple(code for code in KINDS if code in chosen),
            purposes=(*data.get("purposes", ()), *data.get("more_purposes", ())),
            start=start.isoformat() if start else "",
            last_day=last.isoformat() if isinstance(last, date) else last or "",
            person_languages=tuple(languages),
            ability=data.get("ability") or Ability.FULL.value,
            adult=said_adult(data),
            **{name: data[name] for name in same if name in data},
        )
