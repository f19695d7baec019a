"""Text and rows for legal requests that the hub received. This module loads no data and makes no decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accord.core.text import N_
from accord.law.codes import PROCESS_WORDS, Process
from accord.legal_requests.served import Content, Forwarded, ReceivedRequest
from accord.legal_requests.workflows import ServedState
from accord.ui.components import Column, Row, Table, Tag, Value
from accord.ui.words import day, distance, moment


def forwarded_table(legal_requests: Sequence[Forwarded]) -> Table | None:
    """Return a table of the legal requests that the hub forwarded, or None if there are none."""
    lines: list[list[Value]] = [
        [process_words(legal_request.process), day(legal_request.came_on), name, _state_tag(state)]
        for legal_request in legal_requests
        for name, state in legal_request.agencies
    ]
    columns = (Column(_("Legal request")), Column(_("Received on")), Column(_("Forwarded to")), Column(_("Status")))
    return Table("", columns, lines) if lines else None


def process_words(code: str) -> str:
    """Return a legal request's type in words. The stored code comes from the sender, so it can be unknown."""
    return _(PROCESS_WORDS[Process(code)]) if code in set(Process) else _("Can't be read")


def _state_tag(state: ServedState) -> Tag:
    return {
        ServedState.SENT: Tag("urgent", _("Not opened yet")),
        ServedState.OPENED: Tag("wait", _("Opened")),
        ServedState.TAKEN_ON: Tag("ok", _("Being handled")),
    }[state]


def received_rows(legal_requests: Sequence[ReceivedRequest]) -> list[Row]:
    """Return an agency's legal requests as rows."""
    return [
        Row(
            title=process_words(legal_request.process),
            url=reverse("legal_requests:served", args=[legal_request.id]),
            detail=_days(legal_request),
            aside=_("forwarded %(moment)s") % {"moment": moment(legal_request.sent_at)},
            tag=_state_tag(legal_request.state),
        )
        for legal_request in legal_requests
    ]


def _days(legal_request: ReceivedRequest) -> str:
    """Return the response's due date, then the date when the request came in."""
    came = _("Reached the hub on %(day)s") % {"day": day(legal_request.came_on)}
    if legal_request.due_on is None:
        return came
    due = _("No due date given")
    if legal_request.due_on:
        when = {"day": day(legal_request.due_on), "distance": distance(date.fromisoformat(legal_request.due_on))}
        due = _("Response due %(day)s, %(distance)s") % when
    return f"{due} · {came}"


def served_facts(legal_request: ReceivedRequest, content: Content) -> list[tuple[str, str]]:
    """Return the main facts of a legal request: dates, sender, reference, and how long the request is kept."""
    return [
        (_("Reached the hub"), day(legal_request.came_on)),
        (_("Response due"), day(content.due_on) or _("No due date given")),
        (_("Sent by"), content.sender or _("Not stated")),
        (_("Reference"), content.reference or _("Not stated")),
        (
            _("Kept until"),
            day(localdate(legal_request.goes_at))
            if legal_request.goes_at
            else _("One year after someone starts handling this"),
        ),
    ]


WORTH = {
    True: N_(
        "This type of legal request can require a response, but only about the information named in it. Your "
        "attorney will tell you whether you have to respond."
    ),
    False: N_(
        "Under the rules for your agency, this type of legal request doesn't require you to hand anything "
        "over. Don't hand anything over because of it. Ask your attorney how to respond."
    ),
    None: N_("The rules in this system don't say what this request requires of your agency. Ask your attorney."),
}
"""What a legal request requires, depending on whether it can compel disclosure. None means that no rule for this agency
covers it."""


def served_steps(compels: bool | None) -> list[str]:
    """Return the steps to take now, in order (confidentiality.md 4.1)."""
    worth = _(WORTH[compels])
    return [
        _(
            "Call your agency's attorney today. Only the attorney or a privacy officer should respond. No one "
            "else should talk to the sender."
        ),
        _("Don't confirm or deny that anyone is a client, even by phone."),
        worth,
        _("In most places, a subpoena that a judge didn't sign isn't a court order. Your attorney can object to it."),
        _(
            "If the request is about someone you work with, tell that person soon and calmly, and ask what they "
            "want. Unless the law compels you, you need their signed release to share anything."
        ),
        _(
            "Don't destroy anything the request asks for. Place a legal hold on the person's record. You can do "
            "this on the page for erasing records."
        ),
        _(
            "On the person's page, under Subpoenas and legal requests, the colleague who works with this person "
            "should record what was received and when, and what was done."
        ),
    ]
