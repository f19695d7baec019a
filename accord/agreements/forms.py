"""Forms for agreements: drafting, signing with key checks, and requesting an agreement."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from accord.access.codes import KINDS
from accord.access.forms import StepUpForm
from accord.agencies.forms import kind_label
from accord.agreements.codes import COALITION_KINDS
from accord.core.spans import BEGINS
from accord.ui.fields import DayField, NameField, OneOfGroupsField

TO_JOIN = "join"  # sent in place of a partner's id
CHANGED = _("Their keys changed while you were comparing the words. Compare the words again.")


class SignForm(StepUpForm):
    """A checkbox for each partner whose six words the officer just compared by phone. No box is required."""

    checked = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": CHANGED},
    )

    def __init__(self, *args: Any, ticks: Collection[str], members: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.members = members
        self.fields["checked"].choices = [(tick, tick) for tick in ticks]

    field_order = ("checked", "step_up_code")

    def clean(self) -> dict[str, Any]:
        """Refuse the form if the members changed since the page was shown, so that no one signs with an agency that
        wasn't on the page."""
        data: dict[str, Any] = super().clean() or {}
        if self.members and self.data.get("members") != self.members:
            self.add_error(
                None, _("The list of members has changed since you opened this page. Read it again before you sign.")
            )
        return data

    def compared(self) -> dict[uuid.UUID, str]:
        """Return the six words shown on the page for each partner whose box is checked."""
        return {uuid.UUID(tick[:36]): tick[37:] for tick in self.cleaned_data["checked"]}


class CheckForm(SignForm):
    """A key check for one partner. Its checkbox is required."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["checked"].required = True
        self.fields["checked"].error_messages["required"] = _(
            "Check the box once you've called them and the words match."
        )


class CoalitionForm(StepUpForm):
    """A coalition agreement: its name, its members, what any two members may share, and the first day."""

    title = NameField(
        label=_("Agreement name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "sentences"}),
    )
    members = forms.TypedMultipleChoiceField(label=_("Members"), coerce=uuid.UUID, widget=forms.CheckboxSelectMultiple)
    kinds = forms.MultipleChoiceField(
        label=_("What can any two members share with each other?"),
        help_text=_("In both directions, and only with a signed release or another legal basis."),
        choices=[(code, kind_label(KINDS[code])) for code in COALITION_KINDS],
        widget=forms.CheckboxSelectMultiple,
    )
    start = DayField(span=BEGINS, label=_("First day"))

    field_order = ("title", "members", "kinds", "start", "step_up_code")

    def __init__(self, *args: Any, agencies: list[Any], zone: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.zone = ZoneInfo(zone)
        self.fields["members"].choices = [(str(agency.owner), agency.name) for agency in agencies]

    def terms(self) -> dict[str, Any]:
        """Return the fields as arguments for the service."""
        data = self.cleaned_data
        starts_at = datetime.combine(data["start"], time(), self.zone)
        return {"title": data["title"], "kinds": data["kinds"], "members": data["members"], "starts_at": starts_at}


class MembersForm(StepUpForm):
    """New members of a coalition agreement. Its terms stay the same."""

    members = forms.TypedMultipleChoiceField(
        label=_("New members"), coerce=uuid.UUID, widget=forms.CheckboxSelectMultiple
    )

    field_order = ("members", "step_up_code")

    def __init__(self, *args: Any, agencies: list[Any], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["members"].choices = [(str(agency.owner), agency.name) for agency in agencies]


class AskForm(forms.Form):
    """An agency's request to the coalition's office for an agreement."""

    partner = forms.TypedChoiceField(
        label=_("What do you need?"),
        coerce=lambda typed: None if typed == TO_JOIN else uuid.UUID(typed),
        empty_value=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, agencies: list[Any], may_join: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        each = [(str(agency.owner), _("An agreement with %(agency)s") % {"agency": agency.name}) for agency in agencies]
        join = [(TO_JOIN, _("To join the coalition agreement"))] if may_join else []
        self.fields["partner"].choices = [*join, *each]


class DraftForm(StepUpForm):
    """A draft agreement: two agencies, the kinds each may share with the other, and the first day."""

    one = forms.TypedChoiceField(label=_("First agency"), coerce=uuid.UUID)
    other = forms.TypedChoiceField(label=_("Second agency"), coerce=uuid.UUID)
    one_gives = OneOfGroupsField(label=_("What can the first agency share with the second?"))
    other_gives = OneOfGroupsField(label=_("What can the second agency share with the first?"))
    start = DayField(span=BEGINS, label=_("First day"))

    field_order = ("one", "other", "one_gives", "other_gives", "start", "step_up_code")

    def __init__(self, *args: Any, agencies: list[Any], zone: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.zone, self.names = ZoneInfo(zone), {agency.owner: agency.name for agency in agencies}
        choices = [("", _("Choose an agency")), *((str(owner), name) for owner, name in self.names.items())]
        kinds = [(code, kind_label(kind)) for code, kind in KINDS.items() if not kind.never_shared]
        for name in ("one", "other"):
            self.fields[name].choices = choices
            self.fields[f"{name}_gives"].choices = kinds

    def terms(self) -> dict[str, Any]:
        """Return the fields as arguments for the service."""
        data = self.cleaned_data
        one, other = data["one"], data["other"]
        permits = [(one, other, kind) for kind in data["one_gives"]]
        permits += [(other, one, kind) for kind in data["other_gives"]]
        starts_at = datetime.combine(data["start"], time(), self.zone)
        return {"title": f"{self.names[one]} · {self.names[other]}", "starts_at": starts_at, "permits": permits}
