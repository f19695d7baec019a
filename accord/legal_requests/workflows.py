"""The states of a legal request that the hub forwards (as an exchange with each agency) and of a disclosure without a
release."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from accord.access.codes import (
    AGENCY_KINDS,
    FORWARD_LEGAL_REQUEST,
    HUB,
    READ_LEGAL_REQUESTS,
    SHARE_PERSON,
    SUBMISSIONS_KEY,
)
from accord.core.exchange import Exchange, Kept, Side, Turn
from accord.core.text import N_
from accord.core.workflow import Move, Workflow

KEPT_DAYS = 365  # after a privacy officer took on a legal request that the hub forwarded


class ServedState(StrEnum):
    """The state of a legal request from the hub at one agency."""

    SENT = "sent"
    OPENED = "opened"
    TAKEN_ON = "taken_on"


class ServedAction(StrEnum):
    """An action that can be taken on a legal request from the hub."""

    FORWARD = "forward"
    OPEN = "open"
    TAKE_ON = "take_on"


SERVED = Workflow(
    name="Legal request that reached the hub",
    about=(
        "There is one for each agency that the operator chose. It is deleted a year after a privacy officer takes it "
        "on. What is done about it is recorded in the person's own record, as a legal request about a person."
    ),
    states=ServedState,
    moves=(
        Move(
            before=None,
            action=ServedAction.FORWARD,
            after=ServedState.SENT,
            who=FORWARD_LEGAL_REQUEST,
            when="the agency has a privacy officer who can open it",
            log="paper-forwarded",
        ),
        Move(
            before=ServedState.SENT,
            action=ServedAction.OPEN,
            after=ServedState.OPENED,
            who=READ_LEGAL_REQUESTS,
            log="paper-opened",
        ),
        *(
            Move(before=state, action=ServedAction.OPEN, after=state, who=READ_LEGAL_REQUESTS, log="paper-opened")
            for state in (ServedState.OPENED, ServedState.TAKEN_ON)
        ),
        *(
            Move(
                before=state,
                action=ServedAction.TAKE_ON,
                after=ServedState.TAKEN_ON,
                who=READ_LEGAL_REQUESTS,
                log="paper-taken-on",
            )
            for state in (ServedState.SENT, ServedState.OPENED)
        ),
    ),
    refusal=N_("Someone is already handling this."),
)


def _bound(step: Any) -> tuple[str | int, ...]:
    """Return the values that a sealed legal request is bound to. Requests that are older than exchanges are bound to
    the same values."""
    day = step.day.isoformat() if step.day else ""
    return ("served paper", step.answerer.hex, step.exchange.hex, step.topic, day, step.ring_version)


_TO_AGENCY = frozenset({Side.ANSWERER})
FORWARDED = Exchange(
    code="legal-request",
    workflow=SERVED,
    # The hub can't read back what it forwarded, and learns only the state that an agency's steps led to.
    turns={
        ServedAction.FORWARD: Turn(
            by=Side.ASKER,
            tells="paper-reached-agency",
            notice="legal-request-came",
            asks="handle-legal-request",
            read_by=_TO_AGENCY,
        ),
        ServedAction.OPEN: Turn(by=Side.ANSWERER, read_by=_TO_AGENCY, reading=True),
        ServedAction.TAKE_ON: Turn(by=Side.ANSWERER, read_by=_TO_AGENCY, ends="handle-legal-request"),
    },
    asking=frozenset({HUB}),
    answering=frozenset(AGENCY_KINDS) - {HUB},
    # The only ring key reserved for an agency's privacy officers. In a statistics unit, the analyst and the reviewer also
    # hold it. There, the page shows legal requests only to privacy officers.
    ring_key=SUBMISSIONS_KEY,
    to_many=True,
    kept=Kept(days=KEPT_DAYS, after=ServedAction.TAKE_ON),
    bound=_bound,
)


class DisclosureStatus(StrEnum):
    """The state of a legal request about a person, or of a duty to report."""

    LOGGED = "logged"
    DISCLOSED = "disclosed"
    CLOSED = "closed"
    ENDED = "ended"


class DisclosureAction(StrEnum):
    """An action that can be taken on a legal request or a duty to report."""

    LOG = "log"
    DISCLOSE = "disclose"
    CLOSE = "close"
    END = "end"


DISCLOSURE = Workflow(
    name="Legal request about a person",
    about=(
        "A subpoena, warrant, letter, or duty to report in the record of the person it is about. Steps such as asking "
        "the attorney are recorded while the request is open and do not change its state."
    ),
    states=DisclosureStatus,
    moves=(
        Move(
            before=None,
            action=DisclosureAction.LOG,
            after=DisclosureStatus.LOGGED,
            who=SHARE_PERSON,
            log="legal-paper-logged",
        ),
        Move(
            before=DisclosureStatus.LOGGED,
            action=DisclosureAction.DISCLOSE,
            after=DisclosureStatus.DISCLOSED,
            who=SHARE_PERSON,
            when="the request compels the disclosure and names what is disclosed",
            log="disclosed-outside",
        ),
        Move(
            before=DisclosureStatus.LOGGED,
            action=DisclosureAction.END,
            after=DisclosureStatus.ENDED,
            who=SHARE_PERSON,
            when="nothing was handed over",
            log="legal-paper-ended",
        ),
        Move(
            before=DisclosureStatus.DISCLOSED,
            action=DisclosureAction.CLOSE,
            after=DisclosureStatus.CLOSED,
            who=SHARE_PERSON,
            when="the record says how the person was told and what was done for their safety",
            log="legal-paper-closed",
        ),
    ),
)
