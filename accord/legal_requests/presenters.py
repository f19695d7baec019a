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


def title(disclosure: Disclosure) -> str:
    """Return the type of request."""
    return _(PROCESS_WORDS[Process(disclosure.process)]) if disclosure.process in set(Process) else _("Can't be read")


def tag(disclosure: Disclosure) -> Tag:
    """Return the state of a request as a tag."""
    tags: dict[str, Tag] = {
        DisclosureStatus.DISCLOSED: Tag("wait", _("Handed over but not closed")),
        DisclosureStatus.CLOSED: Tag("ended", _("Handed over and closed")),
        DisclosureStatus.ENDED: Tag("ended", _("Nothing was handed over")),
    }
    return tags.get(disclosure.status, Tag("urgent", _("Needs a response")))


def rows(ref: uuid.UUID, disclosures: Iterable[Item]) -> list[Row]:
    """Return legal requests as rows."""
    return [
        Row(
            title=title(item.payload),
            url=reverse("legal_requests:request", args=[ref, item.series]),
            detail=_row_detail(item.payload),
            tag=tag(item.payload),
        )
        for item in disclosures
    ]


def _row_detail(disclosure: Disclosure) -> str:
    """Return who sent the request, when it arrived, and, if it is still open, when the response is due."""
    received = _("%(who)s · received %(day)s") % {"who": disclosure.sender, "day": day(disclosure.received_on)}
    if disclosure.status != DisclosureStatus.LOGGED:
        return received
    return f"{received} · " + (
        _("response due %(day)s") % {"day": day(disclosure.due_on)} if disclosure.due_on else _("no due date given")
    )


def lead(disclosure: Disclosure) -> str:
    """Return the warning to show while a request is open, with the date when a response is due."""
    if disclosure.status != DisclosureStatus.LOGGED:
        return ""
    if not disclosure.due_on:
        return _("Don't ignore this request. Ask your attorney today when a response is due.")
    due = {"day": day(disclosure.due_on), "distance": distance(date.fromisoformat(disclosure.due_on))}
    return _("Don't ignore this request. A response is due %(day)s (%(distance)s).") % due


def facts(disclosure: Disclosure) -> list[tuple[str, str]]:
    """Return the facts at the top of the request's page."""
    return [
        (_("Who is asking"), disclosure.sender or _("Not stated")),
        (_("Who signed it"), disclosure.signed_by or _("Not stated")),
        (_("Case number or law"), disclosure.citation or _("Not stated")),
        (_("Received on"), day(disclosure.received_on)),
        (_("Response due"), day(disclosure.due_on) or _("No due date given")),
        (_("Kinds of information requested"), kinds(disclosure.listed) or _("None of these")),
    ]


def steps(disclosure: Disclosure) -> list[Row]:
    """Return the steps taken, oldest first, with details, who took each one, and when."""
    return [
        Row(
            title=_(STEP_WORDS[Step(step["step"])]),
            quote=step["words"],
            aside=_("%(day)s, by %(who)s") % {"day": day(step["on"]), "who": step["by"]},
        )
        for step in disclosure.steps
    ]


def handed_over(disclosure: Disclosure, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what was disclosed because of the request, or an empty list."""
    if not disclosure.disclosed_on:
        return []
    found = [
        (_("Who received it"), disclosure.outside or names.get(disclosure.taker, "")),
        (_("What"), kinds(disclosure.chosen)),
        (_("Date"), day(disclosure.disclosed_on)),
        (_("Rules that apply"), ", ".join(disclosure.rule_ids)),
    ]
    if disclosure.status == DisclosureStatus.CLOSED:
        found += [
            (_("How we told the client"), disclosure.notice_attempt),
            (_("For the client's safety"), disclosure.safety_steps),
        ]
    return found
