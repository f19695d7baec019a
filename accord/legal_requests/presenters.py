"""Text for legal requests about a person."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.law.codes import PROCESS_WORDS, Process
from accord.legal_requests.codes import STEP_WORDS, Step
from accord.legal_requests.entries import Disclosure
from accord.legal_requests.workflows import DisclosureStatus
from accord.people.presenters import kinds
from accord.sharing.queries import Item
from accord.ui.components import Row, Tag
from accord.ui.words import day, distance


def title(paper: Disclosure) -> str:
    """Return the type of request."""
    return _(PROCESS_WORDS[Process(paper.process)]) if paper.process in set(Process) else _("Can't be read")


def tag(paper: Disclosure) -> Tag:
    """Return the state of a request as a tag."""
    tags: dict[str, Tag] = {
        DisclosureStatus.DISCLOSED: Tag("wait", _("Handed over but not closed")),
        DisclosureStatus.CLOSED: Tag("ended", _("Handed over and closed")),
        DisclosureStatus.ENDED: Tag("ended", _("Nothing was handed over")),
    }
    return tags.get(paper.status, Tag("urgent", _("Needs a response")))


def rows(ref: uuid.UUID, papers: Iterable[Item]) -> list[Row]:
    """Return legal requests as rows."""
    return [
        Row(
            title=title(item.payload),
            url=reverse("legal_requests:request", args=[ref, item.series]),
            detail=_row_detail(item.payload),
            tag=tag(item.payload),
        )
        for item in papers
    ]


def _row_detail(paper: Disclosure) -> str:
    """Return who sent the request, when it arrived, and, if it is still open, when the response is due."""
    said = _("%(who)s · received %(day)s") % {"who": paper.sender, "day": day(paper.received_on)}
    if paper.status != DisclosureStatus.LOGGED:
        return said
    return f"{said} · " + (
        _("response due %(day)s") % {"day": day(paper.due_on)} if paper.due_on else _("no due date given")
    )


def lead(paper: Disclosure) -> str:
    """Return the warning to show while a request is open, with the date when a response is due."""
    if paper.status != DisclosureStatus.LOGGED:
        return ""
    if not paper.due_on:
        return _("Don't ignore this request. Ask your attorney today when a response is due.")
    said = {"day": day(paper.due_on), "distance": distance(date.fromisoformat(paper.due_on))}
    return _("Don't ignore this request. A response is due %(day)s (%(distance)s).") % said


def facts(paper: Disclosure) -> list[tuple[str, str]]:
    """Return the facts at the top of the request's page."""
    return [
        (_("Who is asking"), paper.sender or _("Not stated")),
        (_("Who signed it"), paper.signed_by or _("Not stated")),
        (_("Case number or law"), paper.citation or _("Not stated")),
        (_("Received on"), day(paper.received_on)),
        (_("Response due"), day(paper.due_on) or _("No due date given")),
        (_("Kinds of information requested"), kinds(paper.listed) or _("None of these")),
    ]


def steps(paper: Disclosure) -> list[Row]:
    """Return the steps taken, oldest first, with details, who took each one, and when."""
    return [
        Row(
            title=_(STEP_WORDS[Step(step["step"])]),
            quote=step["words"],
            aside=_("%(day)s, by %(who)s") % {"day": day(step["on"]), "who": step["by"]},
        )
        for step in paper.steps
    ]


def handed_over(paper: Disclosure, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what was disclosed because of the request, or an empty list."""
    if not paper.disclosed_on:
        return []
    found = [
        (_("Who received it"), paper.outside or names.get(paper.taker, "")),
        (_("What"), kinds(paper.chosen)),
        (_("Date"), day(paper.disclosed_on)),
        (_("Rules that apply"), ", ".join(paper.rule_ids)),
    ]
    if paper.status == DisclosureStatus.CLOSED:
        found += [
            (_("How the client was told"), paper.notice_attempt),
            (_("For the client's safety"), paper.safety_steps),
        ]
    return found
