"""The signing forms: what staff record first, what the person enters on the device, and what was signed on paper."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accord.access.forms import refuse_unused
from accord.law.codes import STATEMENT_WORDS, InterpreterTie, SignerCapacity, Statement
from accord.law.packs import Signers
from accord.releases.codes import INTERPRETER_WORDS, SENTENCES, Problem
from accord.releases.forms import (
    AROUND,
    NEW,
    AgeFields,
    capacity_field,
    court_paper_field,
    languages_field,
    said_adult,
)
from accord.releases.handing import Prepared, SignedForm
from accord.releases.services import Signer
from accord.ui.fields import NameField
from accord.ui.words import language_or_none

DRAWN = re.compile(r"data:image/png;base64,[A-Za-z0-9+/]{16,200000}={0,2}")
"""A drawn signature as signature.js stores it, which is a picture of about ten thousand characters and nothing else."""


ASKED_AT = {
    "age_unknown": "adult",
    "guardian_signature_missing": "second",
    "court_guardian_missing": "second",
    "not_informed": "informed",
    "no_witness": "witness",
    "interpreter_tied": "interpreter_ties",
    "interpreter_confidence": "interpreter_promised",
}
"""The question next to which each problem is shown, by problem code. Other problems are shown above the form."""


def who(need: Signers | None) -> tuple[bool, bool]:
    """Return whether the person signs, and whether someone signs with or for them."""
    groups = need.groups if need else (frozenset({SignerCapacity.SELF}),)
    return (
        any(SignerCapacity.SELF in group for group in groups),
        any(SignerCapacity.SELF not in group for group in groups),
    )


class PreparationForm(AgeFields):
    """Record what staff enter before the person sees anything: the witness, who else signs, and who interprets."""

    witness = forms.CharField(
        label=_("Staff witness"), error_messages={"required": _("Enter the staff witness's name.")}, max_length=120
    )
    informed = forms.BooleanField(label=_("Someone tried to explain this to the child"), required=False)
    second = forms.ChoiceField(
        label=_("Which parent or guardian signs?"),
        required=False,
        help_text=_("One signature is enough, even with joint custody."),
    )
    second_name = NameField(label=_("Name"), max_length=120, required=False)
    second_capacity = capacity_field(required=False, choices=[("", "—"), *AROUND])
    second_languages = languages_field()
    second_court_paper = court_paper_field()
    interpreter_kind = forms.ChoiceField(
        label=_("Is someone interpreting?"),
        required=False,
        choices=[("", _("No")), *((kind.value, _(words)) for kind, words in INTERPRETER_WORDS.items())],
    )
    interpreter_language = forms.ChoiceField(
        label=_("Which language is the form being interpreted into?"), required=False, choices=language_or_none
    )
    interpreter_promised = forms.BooleanField(
        label=_("The interpreter promised to keep this confidential"), required=False
    )
    interpreter_ties = forms.MultipleChoiceField(
        label=_("Is the interpreter connected to this person?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (InterpreterTie.FAMILY.value, _("family")),
            (InterpreterTie.CO_SURVIVOR.value, _("another survivor of the same trafficker")),
            (InterpreterTie.TIED_TO_TRAFFICKER.value, _("connected to the people who harmed them")),
        ],
    )

    def __init__(
        self,
        *args: Any,
        need: Signers | None,
        around: list[tuple[str, str]],
        age_known: bool,
        majority: int,
        languages: tuple[str, ...],
        check: Callable[[Prepared, int | None], list[Problem]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.their_languages, self.check = languages, check
        self.ask_age(age_known, majority)
        _person, self.with_someone = who(need)
        self.for_ward = bool(need and need.court_appointed)
        self.explain = bool(need and need.inform_person)
        self.fields["second"].choices = [("", "—"), *around, (NEW, _("Someone not on this list"))]
        self.fields["second"].required = self.with_someone
        missing = "court_guardian_missing" if need and need.court_appointed else "guardian_signature_missing"
        self.fields["second"].error_messages["required"] = _(SENTENCES[missing][1])

    def clean(self) -> dict[str, Any]:
        """Require a name for someone new, and a language for an interpreter."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("second") == NEW:
            for name in ("second_name", "second_capacity"):
                if not data.get(name):
                    self.add_error(
                        name, _("Enter the parent's or guardian's name and their relationship to this person.")
                    )
        if data.get("interpreter_kind") and not data.get("interpreter_language"):
            self.add_error("interpreter_language", _("Choose the language that the form is being interpreted into."))
        self._refuse_unused(data)
        for problem in self.check(self._prepared(data), data.get("years")):
            self._show(problem)
        return data

    def _show(self, problem: Problem) -> None:
        """Show a problem next to its question, unless that question already shows an error."""
        name = ASKED_AT.get(problem.code)
        if name is None or name not in self.fields:
            self.add_error(None, problem.in_words(gettext))
        elif name not in self.errors:
            self.add_error(name, problem.in_words(gettext))

    def _refuse_unused(self, data: dict[str, Any]) -> None:
        if data.get("second") != NEW:
            refuse_unused(self, "second_name", "second_capacity")
        if not data.get("second"):
            refuse_unused(self, "second_languages", "second_court_paper")
        if not data.get("interpreter_kind"):
            refuse_unused(self, "interpreter_language", "interpreter_promised", "interpreter_ties")

    def prepared(self) -> Prepared:
        """Return the facts to save before anyone signs."""
        return self._prepared(self.cleaned_data)

    def _prepared(self, data: dict[str, Any]) -> Prepared:
        return Prepared(
            witness=data.get("witness", ""),
            informed=bool(data.get("informed")),
            interpreter_kind=data.get("interpreter_kind", ""),
            interpreter_language=data.get("interpreter_language", ""),
            interpreter_promised=bool(data.get("interpreter_promised")),
            interpreter_ties=tuple(data.get("interpreter_ties", ())),
            signs_too=self._second(data),
            adult=said_adult(data),
        )

    def _second(self, data: dict[str, Any]) -> Signer | None:
        chosen = data.get("second")
        if not chosen:
            return None
        new = chosen == NEW
        return Signer(
            data.get("second_name", "") if new else "",
            data.get("second_capacity", "") if new else "",
            tuple(data.get("second_languages", ())) or self.their_languages,
            "",
            data.get("second_court_paper", ""),
            None if new else uuid.UUID(chosen),
        )


def _statements() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Before signing, we talked about this"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Check each box. If something here isn't true, you don't have to sign.")},
    )


def _offer_statements(form: forms.Form, needed: frozenset[Statement]) -> None:
    field = form.fields["statements"]
    field.choices = [(s.value, _(STATEMENT_WORDS[s])) for s in Statement if s in needed]
    field.required = bool(needed)


def _all_ticked(form: forms.Form) -> None:
    field = form.fields["statements"]
    missing = {code for code, _words in field.choices} - set(form.cleaned_data.get("statements", ()))
    if missing and "statements" in form.cleaned_data:
        form.add_error("statements", field.error_messages["required"])


class TheirForm(forms.Form):
    """Collect what the person enters on the device. Every sentence is in the language of their page."""

    all_true = forms.BooleanField(label=_("All of this is true"), required=False)
    statements = _statements()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, needed: frozenset[Statement], version: int, signers: dict[str, bool], **more: Any
    ) -> None:
        super().__init__(*args, initial={"version": version}, **more)
        self.signers, self.now = signers, version
        if needed:
            _offer_statements(self, needed)
        else:
            del self.fields["statements"], self.fields["all_true"]
        for name in signers:
            # These hold the error messages. `{% signature %}` draws them, so they are not rendered as fields.
            label = _("Your signature") if name == "signature" else _("Second signature")
            self.fields[name] = forms.CharField(label=label, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Require that every box is checked, everyone signs, and the person read the current version of the text."""
        data: dict[str, Any] = super().clean() or {}
        if "statements" in self.fields:
            if data.get("all_true"):
                self.errors.pop("statements", None)
                data["statements"] = [code for code, _words in self.fields["statements"].choices]
            _all_ticked(self)
        for name in self.signers:
            if not self.mark(name):
                self.add_error(
                    name,
                    _("There is no signature yet. Sign inside the box, or type your name and check “I sign this.”"),
                )
        if data.get("version") not in (None, self.now):
            self.add_error(None, _("This form has changed. Please read it again."))
        return data

    def mark(self, name: str) -> str:
        """Return one signature as it will be sealed: the drawing, `typed`, or '' if there is none."""
        if drawn := DRAWN.fullmatch(self.data.get(name, "")):
            return drawn.group()
        return "typed" if self.data.get(f"{name}_i_sign") == "yes" and self.typed(name) else ""

    def typed(self, name: str) -> str:
        """Return the name typed next to "I sign"."""
        return self.data.get(f"{name}_typed", "").strip()[:120]

    def signed_form(self, name: str) -> SignedForm:
        """Return the signed form to save. `name` is the name that the record uses."""
        return SignedForm(
            statements=tuple(self.cleaned_data.get("statements", ())),
            name=self.typed("signature") or name,
            mark=self.mark("signature") if "signature" in self.signers else "",
            second_mark=self.mark("second") if "second" in self.signers else "",
        )


class PaperForm(forms.Form):
    """Record what was signed on the printed form, which the agency keeps."""

    statements = _statements()
    name = NameField(
        label=_("Name of the person who signed"),
        error_messages={"required": _("Enter the name of the person who signed.")},
        max_length=120,
    )
    kept = forms.BooleanField(
        label=_("Everyone who has to sign has signed the printed form, and we have it on file"),
        error_messages={"required": _("Nothing can be shared without a signature.")},
    )

    def __init__(self, *args: Any, needed: frozenset[Statement], person_signs: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if needed:
            _offer_statements(self, needed)
        else:
            del self.fields["statements"]
        if not person_signs:
            del self.fields["name"]

    def clean(self) -> dict[str, Any]:
        """Require that staff discussed everything printed on the form before anyone signed."""
        data: dict[str, Any] = super().clean() or {}
        if "statements" in self.fields:
            _all_ticked(self)
        return data

    def signed_form(self, signs_too: bool) -> SignedForm:
        """Return the signed form to save."""
        data = self.cleaned_data
        return SignedForm(
            statements=tuple(data.get("statements", ())),
            name=data.get("name", ""),
            mark="paper" if "name" in self.fields else "",
            second_mark="paper" if signs_too else "",
        )
