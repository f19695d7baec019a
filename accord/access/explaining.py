"""The page that answers "Why can I see this?" for a coalition matter, based on the decisions themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accord.access.requests import ActingRequest
from accord.access.rules import Decision, Matter, may, may_see
from accord.ui.components import Column, Table, Tag


def explain(request: ActingRequest, on: Matter, *, see: str, actions: Mapping[str, str], **words: Any) -> HttpResponse:
    """Show what the actor may do in a matter and why, and who else can see the matter.

    `see` is the text of the first line, and `actions` maps each action to the text of its line. `words` fills in the
    rest of the page: the matter's `title` and `url`, the list `here` that it is on and `here_url`, `about` (what the
    page is for), and a table of `readers` with its `readers_title` and `readers_note`.
    """
    decisions = [(see, may_see(request.actor, on))]
    decisions += [(words, may(request.actor, action, on=on)) for action, words in actions.items()]
    return render(request, "ui/why.html", {"reasons": _reasons(decisions), **words})


def _reasons(decisions: Sequence[tuple[str, Decision]]) -> Table:
    yes, no = Tag("ok", _("Yes")), Tag("plain", _("No"))
    rows = [
        [what, yes if decision else no, _(decision.words), _(decision.remedy) if decision.remedy else ""]
        for what, decision in decisions
    ]
    labels = (_("Action"), _("Allowed"), _("Why"), _("What you can do"))
    return Table("", tuple(Column(label) for label in labels), rows)
