"""Forms of casework. Codes to choose from; her own words where she wants them; no story is asked for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accord.casework.codes import CATEGORIES, EXPLOITATION, STATUS, URGENCY
from accord.ui.fields import MemorableDate


def _choices(codes: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, _(words)) for code, words in codes.items()]


class NeedForm(forms.Form):
    """Something she needs."""

    category = forms.ChoiceField(label=_("What does she need?"), choices=[("", "—"), *_choices(CATEGORIES)])
    urgency = forms.ChoiceField(label=_("How soon?"), choices=_choices(URGENCY), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In her own words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class NeedStatusForm(forms.Form):
    """Where a need stands. The revision seen keeps two people from overwriting each other."""

    status = forms.ChoiceField(label=_("Where does it stand?"), choices=_choices(STATUS), widget=forms.RadioSelect)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ServiceForm(forms.Form):
    """Help given on one day."""

    category = forms.ChoiceField(label=_("What was given?"), choices=[("", "—"), *_choices(CATEGORIES)])
    day = forms.DateField(label=_("On which day?"), widget=MemorableDate())


class ExploitationForm(forms.Form):
    """The type, as a code for counting."""

    type = forms.ChoiceField(label=_("Type of exploitation"), choices=_choices(EXPLOITATION), widget=forms.RadioSelect)


class NoteForm(forms.Form):
    """A note on the work."""

    text = forms.CharField(label=_("Note"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))
