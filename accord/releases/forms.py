"""The forms of a release: terms, signing, taking it back. One form for the whole coalition."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accord.access.codes import KINDS, SHARE_OFFICIAL, SHARE_PERSON
from accord.access.forms import StepUpForm
from accord.core.spans import BEGINS, ENDS
from accord.core.text import LANGUAGES
from accord.law.codes import (
    PURPOSE_WORDS,
    STATEMENT_WORDS,
    InterpreterTie,
    Purpose,
    SignerCapacity,
    Statement,
)
from accord.law.packs import Signers
from accord.releases.codes import ABILITY_WORDS, CAPACITY_WORDS, FLAG_WORDS, INTERPRETER_WORDS, TEXT_LANGUAGES, Ability
from accord.releases.entries import CircleMember, OfficialShare, Release
from accord.releases.services import Said, Signer
from accord.ui.fields import DayField, NameField

# Counting each person once is asked for by the statistics unit's own form, never beside help.
OFFERED = [purpose for purpose in Purpose if purpose is not Purpose.STATISTICS]


AROUND = [(c.value, _(w)) for c, w in CAPACITY_WORDS.items() if c is not SignerCapacity.SELF]
NEW = "new"
DRAWN = re.compile(r"data:image/png;base64,[A-Za-z0-9+/]{16,200000}={0,2}")
"""A line drawn on glass, as signature.js keeps it: a picture and nothing else, some ten thousand characters."""


def _capacity(**more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Who is this?"), **more)


def _languages() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Which languages does she or he read or hear well?"),
        choices=list(LANGUAGES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _court_paper() -> forms.CharField:
    return forms.CharField(
        label=_("If a court appointed her or him: the number of the paper that we saw"), max_length=120, required=False
    )


def _how() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("How was it signed?"),
        choices=[("screen", _("Here, on the screen")), ("paper", _("On the printed form, which we keep"))],
        widget=forms.RadioSelect,
    )


def _signed(form: forms.Form) -> None:
    """On the screen there is a drawn line, or a name written and "I sign"."""
    typed = form.data.get("signature_i_sign") == "yes" and form.data.get("signature_typed", "").strip()
    drawn = DRAWN.fullmatch(form.data.get("signature", ""))
    if form.cleaned_data.get("how") == "screen" and not (drawn or typed):
        form.add_error("how", _("There is no signature yet."))


def _mark(form: forms.Form) -> str:
    if form.cleaned_data["how"] == "paper":
        return "paper"
    drawn = DRAWN.fullmatch(form.data.get("signature", ""))
    return drawn.group() if drawn else "typed"


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
    start = DayField(span=BEGINS, label=_("From"))
    last_day = DayField(span=ENDS, label=_("Until and including"))
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
    ability = forms.ChoiceField(
        label=_("Can she decide about this herself?"),
        required=False,
        choices=[(ability.value, _(words)) for ability, words in ABILITY_WORDS.items()],
        widget=forms.RadioSelect,
        help_text=_("The law says who signs. A young person signs too, with one parent or guardian."),
    )
    ability_basis = forms.CharField(
        label=_("If not: on what does that rest?"),
        max_length=300,
        required=False,
        help_text=_("For example: the number of the court's paper, or that the child is one year old."),
    )
    emancipated = forms.BooleanField(
        label=_("Under age, and a court or the law treats her as an adult"), required=False
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
        ability = data["ability"] or Ability.FULL.value
        return Release(**{**data, **days, **lists, "recipient": str(data["recipient"]), "ability": ability})


class OfficialForm(StepUpForm):
    """What a systems agency shares of its own: with whom, what, what for, until when, why, and the two confirmations."""

    recipient = forms.ChoiceField(label=_("Who will receive it?"), widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(
        label=_("What will be shared?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Only what this agency wrote in its own record of her. What a partner shared with you stays with you."
        ),
    )
    purposes = forms.MultipleChoiceField(
        label=_("What may it be used for?"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(purpose.value, _(PURPOSE_WORDS[purpose])) for purpose in OFFERED],
    )
    last_day = DayField(span=ENDS, label=_("Until and including"))
    reason = forms.CharField(label=_("Why do they need it?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    right_to_know = forms.BooleanField(
        label=_("They have a right to know"),
        help_text=_(
            "Their work gives them the authority to hold it, and no law keeps it from them. Nothing of a grand jury, a tax "
            "file or a wiretap, and nothing that a court has sealed, is in it."
        ),
    )
    need_to_know = forms.BooleanField(
        label=_("They need to know"),
        help_text=_("They cannot do this part of their work without it, and less would not do."),
    )

    def __init__(
        self, *args: Any, request: HttpRequest, partners: list[tuple[uuid.UUID, str]], kinds: list[str], **more: Any
    ) -> None:
        super().__init__(*args, request=request, action=SHARE_OFFICIAL, **more)
        self.fields["recipient"].choices = [(str(agency), name) for agency, name in partners]
        self.fields["kinds"].choices = [
            (code, f"{_(KINDS[code].name)}: {_(KINDS[code].words)}") for code in KINDS if code in kinds
        ]
        if "step_up_code" in self.fields:  # last, beside the button
            self.order_fields([name for name in self.fields if name != "step_up_code"])

    def terms(self) -> OfficialShare:
        """What is sealed."""
        data = self.cleaned_data
        return OfficialShare(
            recipient=data["recipient"],
            kinds=tuple(data["kinds"]),
            purposes=tuple(data["purposes"]),
            last_day=data["last_day"].isoformat(),
            reason=data["reason"].strip(),
            ticks=tuple(tick for tick in ("right_to_know", "need_to_know") if data[tick]),
        )


class SigningForm(StepUpForm):
    """Who signed what, with whom in the room."""

    statements = forms.MultipleChoiceField(
        label=_("We said and did this, together"), widget=forms.CheckboxSelectMultiple
    )
    witness = NameField(label=_("Who of the staff was there?"), max_length=120)
    informed = forms.BooleanField(label=_("Somebody tried to explain this to the child"), required=False)
    name = NameField(label=_("Name of the person who signs"), max_length=120)
    how = _how()
    second = forms.ChoiceField(
        label=_("Which parent or guardian signs?"),
        required=False,
        help_text=_("One is enough, also where two have custody."),
    )
    second_name = NameField(label=_("Name"), max_length=120, required=False)
    second_capacity = _capacity(required=False, choices=[("", "—"), *AROUND])
    second_languages = _languages()
    second_court_paper = _court_paper()
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

    def __init__(
        self,
        *args: Any,
        request: HttpRequest,
        needed: frozenset[Statement],
        need: Signers | None,
        around: list[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, request=request, action=SHARE_PERSON, **more)
        groups = need.groups if need else (frozenset({SignerCapacity.SELF}),)
        self.herself = any(SignerCapacity.SELF in group for group in groups)
        self.with_somebody = any(SignerCapacity.SELF not in group for group in groups)
        self.explain = bool(need and need.inform_person)
        self.fields["statements"].choices = [(s.value, _(STATEMENT_WORDS[s])) for s in Statement if s in needed]
        self.fields["second"].choices = [("", "—"), *around, (NEW, _("Somebody who is not on this list"))]
        if not self.herself:
            del self.fields["name"]

    def clean(self) -> dict[str, Any]:
        """Signed on the screen means a drawn line, or a name written and "I sign". Who has to sign stands on the form."""
        data: dict[str, Any] = super().clean() or {}
        _signed(self)
        missing = {code for code, _words in self.fields["statements"].choices} - set(data.get("statements", ()))
        if missing and "statements" in data:
            self.add_error("statements", _("Everything that stands here has to be said before anybody signs."))
        if self.with_somebody and not data.get("second"):
            self.add_error("second", _("The law asks for this signature too."))
        if data.get("second") == NEW:
            for name in ("second_name", "second_capacity"):
                if not data.get(name):
                    self.add_error(name, _("Write who this is."))
        return data

    def signers(self, languages: tuple[str, ...]) -> tuple[Signer, ...]:
        """The signatures: her own where she signs, and that of somebody around her."""
        data = self.cleaned_data
        mark = _mark(self)
        first = (Signer(data["name"], SignerCapacity.SELF.value, languages, mark),) if self.herself else ()
        if not data["second"]:
            return first
        new = data["second"] == NEW
        return (
            *first,
            Signer(
                data["second_name"] if new else "",
                data["second_capacity"] if new else "",
                tuple(data["second_languages"]) or languages,
                mark if not self.herself or mark == "paper" else "present",
                data["second_court_paper"],
                None if new else uuid.UUID(data["second"]),
            ),
        )

    def said(self) -> Said:
        """What else the record keeps."""
        data = self.cleaned_data
        return Said(
            statements=tuple(data["statements"]),
            witness=data["witness"],
            interpreter_kind=data["interpreter_kind"],
            interpreter_language=data["interpreter_language"],
            interpreter_promised=data["interpreter_promised"],
            interpreter_ties=tuple(data["interpreter_ties"]),
            informed=data["informed"],
        )


class AgainForm(StepUpForm):
    """She signs again what rests."""

    witness = NameField(label=_("Who of the staff was there?"), max_length=120)
    name = NameField(label=_("Name of the person who signs"), max_length=120)
    how = _how()

    def clean(self) -> dict[str, Any]:
        """As for a first signature."""
        data: dict[str, Any] = super().clean() or {}
        _signed(self)
        return data

    def signed(self) -> dict[str, str]:
        """The signature as the service takes it."""
        return {name: self.cleaned_data[name] for name in ("name", "witness")} | {"mark": _mark(self)}


class WithdrawForm(forms.Form):
    """She takes it back, or somebody who signed with her. No reason is asked for."""

    speaker = forms.ChoiceField(label=_("Who asks?"), initial=SignerCapacity.SELF.value, widget=forms.RadioSelect)
    how = forms.ChoiceField(
        label=_("How was it said?"),
        choices=[("oral", _("By word of mouth, here or on the telephone")), ("written", _("In writing"))],
        widget=forms.RadioSelect,
    )
    checked = forms.BooleanField(
        label=_("I am sure who asks"),
        required=False,
        help_text=_(
            "For example: the word that you agreed on, or her voice. If you are not sure, leave it empty: nothing is "
            "shared from this moment all the same, and you find out."
        ),
    )

    def __init__(self, *args: Any, signed: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        if signed:
            herself = (SignerCapacity.SELF.value, _(CAPACITY_WORDS[SignerCapacity.SELF]))
            self.fields["speaker"].choices = [herself, *signed]
        else:  # nobody else could ask
            del self.fields["speaker"]


class SameForm(forms.Form):
    """Which other record is hers too: first a name, then one of what was found."""

    name = NameField(label=_("Name in the other record"), max_length=120)
    other = forms.TypedChoiceField(
        label=_("Which of these is the same person?"),
        coerce=uuid.UUID,
        required=False,
        empty_value=None,
        widget=forms.RadioSelect,
        help_text=_(
            "Only records that are open to you stand here. Let yourself in to the other one first, with a reason."
        ),
    )

    def offer(self, found: list[tuple[str, str]]) -> None:
        """What can be chosen, once a name was looked for."""
        self.fields["other"].choices = found


class MemberForm(forms.Form):
    """Somebody around her who may sign, and what is known of her or him. For staff: no signer sees this page."""

    name = NameField(label=_("Name"), max_length=120)
    capacity = _capacity(choices=AROUND, widget=forms.RadioSelect)
    languages = _languages()
    court_paper = _court_paper()
    flags = forms.MultipleChoiceField(
        label=_("What we know, or have reason to believe"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(flag.value, _(words)) for flag, words in FLAG_WORDS.items()],
        help_text=_(
            "Whoever has done one of these never signs. What was signed with her or him rests from this moment."
        ),
    )
    basis = forms.CharField(
        label=_("From where do we know it?"),
        max_length=300,
        required=False,
        help_text=_("For example: her own words, a protection order."),
    )

    def member(self) -> CircleMember:
        """What is sealed."""
        data = {name: self.cleaned_data[name] for name in ("name", "capacity", "court_paper", "basis")}
        lists = {name: tuple(self.cleaned_data[name]) for name in ("languages", "flags")}
        return CircleMember(**data, **lists)
