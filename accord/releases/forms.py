"""The forms of a release: terms, signing, taking it back. One form for the whole coalition."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accord.access.codes import KINDS, SHARE_PERSON
from accord.access.forms import StepUpForm
from accord.core.text import LANGUAGES
from accord.law.codes import (
    PURPOSE_WORDS,
    STATEMENT_WORDS,
    InterpreterTie,
    Purpose,
    SignerCapacity,
    SignerFlag,
    Statement,
)
from accord.releases.codes import CAPACITY_WORDS, INTERPRETER_WORDS, TEXT_LANGUAGES
from accord.releases.entries import Release
from accord.releases.services import Signer
from accord.ui.fields import MemorableDate

# Counting each person once is asked for by the statistics unit's own form, never beside help.
OFFERED = [purpose for purpose in Purpose if purpose is not Purpose.STATISTICS]


class TermsForm(forms.Form):
    """What, for whom, what for, until when."""

    recipient = forms.TypedChoiceField(label=_("Who will receive it?"), coerce=uuid.UUID, widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(
        label=_("What will be shared?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what this help needs. Anything else can be added with a new release."),
    )
    purposes = forms.MultipleChoiceField(
        label=_("What may it be used for?"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(purpose.value, _(PURPOSE_WORDS[purpose])) for purpose in OFFERED],
    )
    start = forms.DateField(label=_("From"), widget=MemorableDate())
    last_day = forms.DateField(label=_("Until and including"), widget=MemorableDate())
    reason_for_length = forms.CharField(
        label=_("If longer than 90 days: why does she need that?"), required=False, max_length=300
    )
    additions = forms.BooleanField(
        label=_("Also share what is written later, until the last day"),
        required=False,
        help_text=_("Changes of safe contact are always passed on: an old number can be dangerous."),
    )
    text_language = forms.ChoiceField(
        label=_("In which language will she read the form?"),
        choices=list(TEXT_LANGUAGES.items()),
        widget=forms.RadioSelect,
    )
    person_languages = forms.MultipleChoiceField(
        label=_("Which languages does she read or hear well?"),
        choices=list(LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, partners: list[tuple[uuid.UUID, str]], kinds: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["recipient"].choices = [(str(agency), name) for agency, name in partners]
        self.fields["kinds"].choices = [
            (code, f"{_(KINDS[code].name)}: {_(KINDS[code].words)}") for code in KINDS if code in kinds
        ]

    def release(self) -> Release:
        """The terms as they are sealed."""
        data = self.cleaned_data
        days = {name: data[name].isoformat() for name in ("start", "last_day")}
        lists = {name: tuple(data[name]) for name in ("kinds", "purposes", "person_languages")}
        return Release(**{**data, **days, **lists, "recipient": str(data["recipient"])})


class SigningForm(StepUpForm):
    """Who signed what, with whom in the room."""

    statements = forms.MultipleChoiceField(
        label=_("We said and did this, together"), widget=forms.CheckboxSelectMultiple
    )
    witness = forms.CharField(label=_("Who of the staff was there?"), max_length=120)
    name = forms.CharField(label=_("Name of the person who signs"), max_length=120)
    how = forms.ChoiceField(
        label=_("How was it signed?"),
        choices=[("screen", _("Here, on the screen")), ("paper", _("On the printed form, which we keep"))],
        widget=forms.RadioSelect,
    )
    second_name = forms.CharField(
        label=_("Name of the parent or guardian, if one signs too"), max_length=120, required=False
    )
    second_capacity = forms.ChoiceField(
        label=_("As what does she or he sign?"),
        required=False,
        choices=[("", "—"), *((c.value, _(w)) for c, w in CAPACITY_WORDS.items() if c is not SignerCapacity.SELF)],
    )
    second_flags = forms.MultipleChoiceField(
        label=_("What we know of this parent or guardian (never shown to the signer)"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (SignerFlag.ABUSER_OF_PERSON.value, _("has harmed her")),
            (SignerFlag.ABUSER_OF_OTHER_PARENT.value, _("has harmed her other parent")),
            (SignerFlag.TRAFFICKER.value, _("has exploited her or another person")),
        ],
    )
    interpreter_kind = forms.ChoiceField(
        label=_("Did somebody interpret?"),
        required=False,
        choices=[("", _("No")), *((kind.value, _(words)) for kind, words in INTERPRETER_WORDS.items())],
    )
    interpreter_language = forms.ChoiceField(
        label=_("Into which language?"), required=False, choices=[("", "—"), *LANGUAGES.items()]
    )
    interpreter_promised = forms.BooleanField(
        label=_("The interpreter promised, before we began, to keep it confidential"), required=False
    )
    interpreter_ties = forms.MultipleChoiceField(
        label=_("Is the interpreter tied to her?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (InterpreterTie.FAMILY.value, _("family")),
            (InterpreterTie.CO_SURVIVOR.value, _("another survivor of the same people")),
            (InterpreterTie.TIED_TO_TRAFFICKER.value, _("tied to those who harmed her")),
        ],
    )

    def __init__(self, *args: Any, request: HttpRequest, needed: frozenset[Statement], **more: Any) -> None:
        super().__init__(*args, request=request, action=SHARE_PERSON, **more)
        self.fields["statements"].choices = [(s.value, _(STATEMENT_WORDS[s])) for s in Statement if s in needed]

    def clean(self) -> dict[str, Any]:
        """Signed on the screen means a drawn line, or her name written and "I sign"."""
        data: dict[str, Any] = super().clean() or {}
        typed = self.data.get("signature_i_sign") == "yes" and self.data.get("signature_typed", "").strip()
        if data.get("how") == "screen" and not (self.data.get("signature") or typed):
            self.add_error("how", _("There is no signature yet."))
        return data

    def signers(self, languages: tuple[str, ...], alone: bool) -> tuple[Signer, ...]:
        """The signatures; `alone` when only the guardian can sign (an infant)."""
        data = self.cleaned_data
        mark = "paper" if data["how"] == "paper" else self.data.get("signature") or "typed"
        first = Signer(data["name"], SignerCapacity.SELF.value, languages, mark)
        second = Signer(
            data["second_name"],
            data["second_capacity"],
            languages,
            "paper" if data["how"] == "paper" else "present",
            court_appointed=data["second_capacity"] == SignerCapacity.COURT_GUARDIAN.value,
            flags=tuple(data["second_flags"]),
        )
        signed = () if alone else (first,)
        return (*signed, second) if data["second_name"] and data["second_capacity"] else signed

    def said(self) -> dict[str, Any]:
        """What else the record keeps."""
        data = self.cleaned_data
        kept = ("interpreter_kind", "interpreter_language", "interpreter_promised", "witness")
        return {name: data[name] for name in kept} | {
            "statements": tuple(data["statements"]),
            "interpreter_ties": tuple(data["interpreter_ties"]),
        }


class WithdrawForm(forms.Form):
    """She takes it back. No reason is asked for."""

    how = forms.ChoiceField(
        label=_("How did she say it?"),
        choices=[("oral", _("By word of mouth, here or on the telephone")), ("written", _("In writing"))],
        widget=forms.RadioSelect,
    )
    checked = forms.BooleanField(
        label=_("I am sure that it is she"), help_text=_("For example: the word that you agreed on, or her voice.")
    )
