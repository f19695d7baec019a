"""The signing forms: what staff record before, what the person gives on the device, what was signed on paper."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accord.access.codes import SHARE_PERSON
from accord.access.forms import StepUpForm, refuse_unused
from accord.core.text import LANGUAGES
from accord.law.codes import STATEMENT_WORDS, InterpreterTie, SignerCapacity, Statement
from accord.law.packs import Signers
from accord.releases.codes import INTERPRETER_WORDS
from accord.releases.forms import AROUND, NEW, AgeFields, capacity_field, court_paper_field, languages_field
from accord.releases.handing import Given, Prepared
from accord.releases.services import Signer
from accord.ui.fields import NameField

DRAWN = re.compile(r"data:image/png;base64,[A-Za-z0-9+/]{16,200000}={0,2}")
"""A drawn signature as signature.js stores it: only a picture, of some ten thousand characters."""


def who(need: Signers | None) -> tuple[bool, bool]:
    """Return whether the person signs, and whether someone signs with or for them."""
    groups = need.groups if need else (frozenset({SignerCapacity.SELF}),)
    return (
        any(SignerCapacity.SELF in group for group in groups),
        any(SignerCapacity.SELF not in group for group in groups),
    )


class PreparationForm(AgeFields):
    """Record what staff say before the person sees anything: the witness, who else signs, who interprets."""

    witness = forms.CharField(label=_("Staff witness"), max_length=120)
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
        label=_("Into which language?"), required=False, choices=[("", "—"), *LANGUAGES.items()]
    )
    interpreter_promised = forms.BooleanField(
        label=_("The interpreter promised to keep it confidential"), required=False
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
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.majority, self.their_languages = majority, languages
        self.ask_age(age_known, majority)
        self.herself, self.with_someone = who(need)
        self.explain = bool(need and need.inform_person)
        self.fields["second"].choices = [("", "—"), *around, (NEW, _("Someone not on this list"))]
        self.fields["second"].required = self.with_someone

    def clean(self) -> dict[str, Any]:
        """Require a name for someone new, and a language for an interpreter."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("second") == NEW:
            for name in ("second_name", "second_capacity"):
                if not data.get(name):
                    self.add_error(name, _("Enter their name and relationship."))
        if data.get("interpreter_kind") and not data.get("interpreter_language"):
            self.add_error("interpreter_language", _("Choose the language they interpret into."))
        self._refuse_unused(data)
        return data

    def _refuse_unused(self, data: dict[str, Any]) -> None:
        if data.get("second") != NEW:
            refuse_unused(self, "second_name", "second_capacity")
        if not data.get("second"):
            refuse_unused(self, "second_languages", "second_court_paper")
        if not data.get("interpreter_kind"):
            refuse_unused(self, "interpreter_language", "interpreter_promised", "interpreter_ties")

    def prepared(self) -> Prepared:
        """Return what is saved before anyone signs."""
        data = self.cleaned_data
        same = ("witness", "informed", "interpreter_kind", "interpreter_language", "interpreter_promised")
        return Prepared(
            **{name: data[name] for name in same},
            interpreter_ties=tuple(data["interpreter_ties"]),
            signs_too=self._second(),
            adult=self.said_adult(),
        )

    def _second(self) -> Signer | None:
        data = self.cleaned_data
        if not data["second"]:
            return None
        new = data["second"] == NEW
        return Signer(
            data["second_name"] if new else "",
            data["second_capacity"] if new else "",
            tuple(data["second_languages"]) or self.their_languages,
            "",
            data["second_court_paper"],
            None if new else uuid.UUID(data["second"]),
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
    """Take what the person gives on the device. Every sentence is in the language of their page."""

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
            del self.fields["statements"]
        for name in signers:
            # Not rendered as fields: `{% signature %}` draws them. They carry the error messages.
            label = _("Your signature") if name == "signature" else _("Second signature")
            self.fields[name] = forms.CharField(label=label, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Require every box checked, every signature, and the version of the text that was read."""
        data: dict[str, Any] = super().clean() or {}
        if "statements" in self.fields:
            _all_ticked(self)
        for name in self.signers:
            if not self.mark(name):
                self.add_error(
                    name, _("There is no signature yet. Sign in the box, or write your name and check “I sign”.")
                )
        if data.get("version") not in (None, self.now):
            self.add_error(None, _("This form has changed. Please read it again."))
        return data

    def mark(self, name: str) -> str:
        """Return one signature as it is sealed: the drawing, `typed`, or '' for none."""
        if drawn := DRAWN.fullmatch(self.data.get(name, "")):
            return drawn.group()
        return "typed" if self.data.get(f"{name}_i_sign") == "yes" and self.typed(name) else ""

    def typed(self, name: str) -> str:
        """Return the name written beside "I sign"."""
        return self.data.get(f"{name}_typed", "").strip()[:120]

    def given(self, name: str) -> Given:
        """Return what is saved. `name` is the name that the record uses."""
        return Given(
            statements=tuple(self.cleaned_data.get("statements", ())),
            name=self.typed("signature") or name,
            mark=self.mark("signature") if "signature" in self.signers else "",
            second_mark=self.mark("second") if "second" in self.signers else "",
        )


class PaperForm(StepUpForm):
    """Record what was signed on the printed form, which the agency keeps."""

    statements = _statements()
    name = NameField(label=_("Name of the person who signed"), max_length=120)
    kept = forms.BooleanField(
        label=_("Everyone who has to sign has signed the printed form, and we keep it"),
        error_messages={"required": _("Nothing can be shared without a signature.")},
    )

    def __init__(
        self, *args: Any, request: HttpRequest, needed: frozenset[Statement], herself: bool, **more: Any
    ) -> None:
        super().__init__(*args, request=request, action=SHARE_PERSON, **more)
        if needed:
            _offer_statements(self, needed)
        else:
            del self.fields["statements"]
        if not herself:
            del self.fields["name"]
        if "step_up_code" in self.fields:  # last, beside the button
            self.order_fields([name for name in self.fields if name != "step_up_code"])

    def clean(self) -> dict[str, Any]:
        """Require that everything printed on the form was said before anyone signed."""
        data: dict[str, Any] = super().clean() or {}
        if "statements" in self.fields:
            _all_ticked(self)
        return data

    def given(self, signs_too: bool) -> Given:
        """Return what is saved."""
        data = self.cleaned_data
        return Given(
            statements=tuple(data.get("statements", ())),
            name=data.get("name", ""),
            mark="paper" if "name" in self.fields else "",
            second_mark="paper" if signs_too else "",
        )
