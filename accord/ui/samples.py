"""What the gallery shows: invented people and agencies of Riverbend, with the longest plausible words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from accord.ui import components as c
from accord.ui.fields import MemorableDate
from accord.ui.frame import Frame, Language, NavItem


def frame() -> Frame:
    """An advocate's frame, on the page *People*."""
    return Frame(
        signed_in=True,
        acting_for="Harbor House",
        role_words=_("advocate"),
        nav=(
            NavItem(_("Today"), "#today", icon="today"),
            NavItem(
                _("People"),
                "#people",
                True,
                "people",
                (NavItem(_("My people"), "#mine", True), NavItem(_("Find somebody"), "#find")),
            ),
            NavItem(_("Referrals"), "#referrals", icon="referrals"),
            NavItem(_("Coalition"), "#coalition", icon="coalition"),
            NavItem(_("Learning"), "#learning", icon="learning"),
            NavItem(_("Numbers"), "#numbers", icon="numbers"),
            NavItem(_("Our agency"), "#agency", icon="agency"),
        ),
        notices=3,
        notices_url="#notices",
        search_url="#search",
        account_name="Alma",
        account_items=(NavItem(_("Your account"), "#account"),),
        sign_out_url="#sign-out",
        language_url="#language",
        languages=tuple(Language(code, str(name)) for code, name in settings.LANGUAGES),
        exit_url="https://www.weather.gov/",
    )


class Sample(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="The name she uses")
    contact = forms.ChoiceField(
        label="How is it safe to reach her?",
        widget=forms.RadioSelect,
        choices=[("text", "Text"), ("call", "Call"), ("none", "Prefer not to say"), ("unasked", "Not asked")],
    )
    needs = forms.MultipleChoiceField(
        label="What does she need first?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("room", "A safe room of her own"), ("papers", "Papers and status"), ("work", "Work")],
    )
    born = forms.DateField(
        label="Date of birth", widget=MemorableDate, required=False, help_text="For example: 3 11 1998"
    )
    language = forms.ChoiceField(label="Language", choices=[("en", "English"), ("es", "Español")])
    story = forms.CharField(label="In her own words", widget=forms.Textarea, required=False)
    passphrase = forms.CharField(label="Passphrase", widget=forms.PasswordInput)
    agree = forms.BooleanField(label="I have read this to her in her language")


def components() -> dict[str, Any]:
    return {
        "strip": c.WhoSees(
            (
                c.Sees("Harbor House", "everything"),
                c.Sees("Legal Aid", "name and needs, until 20 December 2026, legal help"),
            ),
            why_url="#why",
        ),
        "strip_partner": c.WhoSees(
            own_line="Harbor House shares this with you until 20 December 2026, for legal help."
        ),
        "may": c.Explanation(
            True,
            "Sam signed a release to your agency, and she is assigned to you.",
            (c.Link("Release of 20 November 2026", "#release"), "Assignment by Adele on 2 October 2026"),
        ),
        "may_not": c.Explanation(
            False,
            "Health notes are open to clinicians only.",
            would_take=("Sam's release that names health", c.Link("Ask a supervisor for a grant", "#grant")),
        ),
        "needs": (
            c.Row(
                "A safe room of her own",
                "#room",
                "Offered to two shelters",
                "Somewhere with a lock that is mine.",
                c.Tag("urgent", "This week"),
                turn="Lakeside's turn, waiting 4 hours",
            ),
            c.Row(
                "Papers and status",
                "#papers",
                "With Elena at Legal Aid since Thursday",
                tag=c.Tag("wait", "This month"),
            ),
            c.Row(
                "Work that is not cleaning", "#work", "Her goal: bakery course in spring", tag=c.Tag("plain", "Later")
            ),
        ),
        "form": Sample(prefix="new"),
        "form_wrong": Sample(
            {"wrong-name": "", "wrong-contact": "", "wrong-born_0": "31", "wrong-born_1": "2", "wrong-born_2": "1998"},
            prefix="wrong",
        ),
    }
