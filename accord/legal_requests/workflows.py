"""The states of a legal request at the hub, and of a disclosure without a release."""

from __future__ import annotations

from enum import StrEnum

from accord.access.codes import FORWARD_LEGAL_REQUEST, READ_LEGAL_REQUESTS, SHARE_PERSON
from accord.core.text import N_
from accord.core.workflow import Move, Workflow


class ServedState(StrEnum):
    """What an agency has done with a legal request from the hub."""

    SENT = "sent"
    OPENED = "opened"
    TAKEN_ON = "taken_on"


class ServedAction(StrEnum):
    """What can happen to a legal request from the hub."""

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


class DisclosureStatus(StrEnum):
    """The state of a legal request about a person, or of a duty to report."""

    LOGGED = "logged"
    DISCLOSED = "disclosed"
    CLOSED = "closed"
    ENDED = "ended"


class DisclosureAction(StrEnum):
    """What can happen to a legal request or a duty to report."""

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
