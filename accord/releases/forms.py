"""Forms for releases. The whole coalition uses the same forms."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accord.access.codes import KINDS, SHARE_OFFICIAL
from accord.access.forms import StepUpForm
from accord.access.requests import ActingRequest
from accord.core.spans import ENDS
from accord.law.codes import PURPOSE_WORDS, Purpose, SignerCapacity
from accord.releases.codes import CAPACITY_WORDS, FLAG_WORDS
from accord.releases.entries import CircleMember, OfficialShare
from accord.ui.fields import DayField, NameField
from accord.ui.words import language_choices

# Only the statistics unit's own form asks for unduplicated counts. The form for services never does.
OFFERED = [purpose for purpose in Purpose if purpose is not Purpose.STATISTICS]


AROUND = [(c.value, _(w)) for c, w in CAPACITY_WORDS.items() if c is not SignerCapacity.SELF]
NEW = "new"


def capacity_field(**more: Any) -> forms.ChoiceField:
    """Return the field for someone's relationship to the person."""
    return forms.ChoiceField(label=_("Relationship to this person"), **more)


def languages_field() -> forms.MultipleChoiceField:
    """Return the field for the languages in which someone can understand what is signed."""
    return forms.MultipleChoiceField(
        label=_("Which languages do they read or understand well?"),
        choices=language_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def court_paper_field() -> forms.CharField:
    """Return the field for the court document of a court-appointed guardian."""
    return forms.CharField(
        label=_("Number on the court document we saw, if a court appointed the guardian"),
        max_length=120,
        required=False,
    )


class AgeFields(forms.Form):
    """Ask for the age, if it is not known, before the person sees anything."""

    adult = forms.ChoiceField(
        label=_("Are they 18 or older?"),
        choices=[("yes", _("Yes")), ("no", _("No")), ("unsure", _("Not sure"))],
        widget=forms.RadioSelect,
        help_text=_("The law says who signs. A minor usually signs along with one parent or guardian."),
    )
    years = forms.IntegerField(label=_("Age in years, if they tell you"), required=False, min_value=0, max_value=120)

    majority = 18

    def ask_age(self, known: bool, majority: int) -> None:
        """Remove the age questions if an age is known. Otherwise, ask about the age of majority that applies."""
        self.majority = majority
        if known:
            del self.fields["adult"], self.fields["years"]
            return
        self.fields["adult"].label = _("Are they %(years)s or older?") % {"years": majority}

    def clean(self) -> dict[str, Any]:
        """Refuse an age in years that contradicts the yes-or-no answer."""
        data: dict[str, Any] = super().clean() or {}
        years, adult = data.get("years"), data.get("adult")
        if years is not None and adult in ("yes", "no") and (years >= self.majority) != (adult == "yes"):
            self.add_error("years", _("This age doesn't match the answer above."))
        return data


def said_adult(data: Mapping[str, Any]) -> str:
    """Return the answer in cleaned data: `yes`, `no`, or '' if it is not known."""
    return data["adult"] if data.get("adult") in ("yes", "no") else ""


class OfficialForm(StepUpForm):
    """Ask for the terms on which a systems agency shares its own records: recipient, kinds, purpose, last day, reason,
    and the two confirmations."""

    recipient = forms.ChoiceField(label=_("Who will receive it?"), widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(
        label=_("What will be shared?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "You can share only what this agency wrote in its own record of this person. You can't share what a "
            "partner agency shared with you."
        ),
    )
    purposes = forms.MultipleChoiceField(
        label=_("What can the information be used for?"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(purpose.value, _(PURPOSE_WORDS[purpose])) for purpose in OFFERED],
    )
    last_day = DayField(span=ENDS, label=_("Last day"))
    reason = forms.CharField(
        label=_("Why does the recipient need this information?"),
        error_messages={"required": _("Enter why the recipient needs this information.")},
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    right_to_know = forms.BooleanField(
        label=_("The recipient has a right to know"),
        error_messages={"required": _("Check this box if the recipient has a right to know.")},
        help_text=_(
            "The recipient's work gives them the authority to have this information, and no law forbids it. The "
            "information includes nothing from a grand jury, a tax file or a wiretap, and nothing a court has "
            "sealed."
        ),
    )
    need_to_know = forms.BooleanField(
        label=_("The recipient needs to know"),
        error_messages={"required": _("Check this box if the recipient needs to know.")},
        help_text=_(
            "The recipient can't do this part of their work without this information, and less information "
            "wouldn't be enough."
        ),
    )

    def __init__(
        self, *args: Any, request: ActingRequest, partners: list[tuple[uuid.UUID, str]], kinds: list[str], **more: Any
    ) -> None:
        super().__init__(*args, request=request, action=SHARE_OFFICIAL, **more)
        self.fields["recipient"].choices = [(str(agency), name) for agency, name in partners]
        self.fields["kinds"].choices = [
            (code, f"{_(KINDS[code].name)}: {_(KINDS[code].words)}") for code in KINDS if code in kinds
        ]
        if "step_up_code" in self.fields:  # shown last, next to the button
            self.order_fields([name for name in self.fields if name != "step_up_code"])

    def terms(self) -> OfficialShare:
        """Return the entry to seal."""
        data = self.cleaned_data
        return OfficialShare(
            recipient=data["recipient"],
            kinds=tuple(data["kinds"]),
            purposes=tuple(data["purposes"]),
            last_day=data["last_day"].isoformat(),
            reason=data["reason"].strip(),
            ticks=tuple(tick for tick in ("right_to_know", "need_to_know") if data[tick]),
        )


class WithdrawForm(forms.Form):
    """Revoke a release for the person or someone who signed with or for them. The form asks for no reason and
    preselects nothing."""

    speaker = forms.ChoiceField(label=_("Who is asking?"), widget=forms.RadioSelect)
    asked = forms.ChoiceField(
        label=_("How did they ask?"),
        choices=[
            ("spoken", _("They told us to stop sharing now")),
            ("written", _("They asked us in writing to stop sharing now")),
            ("unsure", _("Pause sharing while I check who asked")),
        ],
        error_messages={"required": _("Choose how they asked.")},
    )

    def __init__(self, *args: Any, signed: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        if signed:
            self_first = (SignerCapacity.SELF.value, _(CAPACITY_WORDS[SignerCapacity.SELF]))
            self.fields["speaker"].choices = [self_first, *signed]
        else:  # no one else can ask for this
            del self.fields["speaker"]

    def arguments(self) -> dict[str, Any]:
        """Return the arguments for the service."""
        data = self.cleaned_data
        who = {"speaker": data["speaker"]} if "speaker" in data else {}
        how = "written" if data["asked"] == "written" else "oral"
        return {**who, "how": how, "checked": data["asked"] != "unsure"}


class SameForm(forms.Form):
    """Find the person's other record, first by name and then among the results."""

    name = NameField(label=_("Name in the other record"), max_length=120)
    other = forms.TypedChoiceField(
        label=_("Which of these records is for the same person?"),
        coerce=uuid.UUID,
        required=False,
        empty_value=None,
        widget=forms.RadioSelect,
        help_text=_(
            "Only records you have access to are shown. To see another record, first give yourself access and "
            "enter a reason."
        ),
    )

    def offer(self, found: list[tuple[str, str]]) -> None:
        """Offer these records as choices, after a search by name."""
        self.fields["other"].choices = found


class MemberForm(forms.Form):
    """Edit a family member or other contact who may sign, and what staff know about them. No signer sees this page."""

    same_as = forms.CharField(
        label=_("Is this someone who is already listed?"), required=False, max_length=36, widget=forms.HiddenInput
    )
    name = NameField(label=_("Name"), max_length=120)
    others = NameField(
        label=_("Other names"),
        max_length=200,
        required=False,
        help_text=_("Enter nicknames and other spellings, separated by commas."),
    )
    capacity = capacity_field(choices=AROUND, widget=forms.RadioSelect)
    languages = languages_field()
    court_paper = court_paper_field()
    flags = forms.MultipleChoiceField(
        label=_("What we know or have reason to believe"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(flag.value, capfirst(_(words))) for flag, words in FLAG_WORDS.items()],
        help_text=_(
            "Someone who has done any of these things must never sign. Any release they signed with or for this "
            "person is paused as soon as you save."
        ),
    )
    basis = forms.CharField(
        label=_("How do we know?"),
        max_length=300,
        required=False,
        help_text=_("For example: the person's own words or a protection order."),
    )

    def offer(self, like: list[tuple[str, str]], *, exact: bool) -> None:
        """Ask who this is if someone with the same or a similar name is listed. An entry with the same name is always
        for the same person, so in that case the form does not offer "someone else"."""
        other = [] if exact else [(NEW, _("No, this is someone else"))]
        self.fields["same_as"].widget = forms.RadioSelect(choices=[*like, *other])

    def clean_same_as(self) -> str:
        """Accept an empty answer, `NEW`, or the id of an entry, and refuse anything else."""
        answer: str = self.cleaned_data["same_as"]
        if answer not in ("", NEW) and not re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer):
            raise forms.ValidationError(_("Choose who this is."))
        return answer

    def chosen(self) -> uuid.UUID | None:
        """Return the listed entry that was chosen, if any."""
        answer = self.cleaned_data["same_as"]
        return uuid.UUID(answer) if answer not in ("", NEW) else None

    def another(self) -> bool:
        """Return whether staff said that none of the similar entries is for this person."""
        return bool(self.cleaned_data["same_as"] == NEW)

    def member(self) -> CircleMember:
        """Return the entry to seal."""
        data: dict[str, Any] = {
            name: self.cleaned_data[name] for name in ("name", "capacity", "court_paper", "basis", "others")
        }
        lists: dict[str, Any] = {name: tuple(self.cleaned_data[name]) for name in ("languages", "flags")}
        return CircleMember(**data, **lists)
