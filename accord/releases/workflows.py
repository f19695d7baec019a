"""Workflow tables for releases and for legal requests or reports about a person."""

from __future__ import annotations

from enum import StrEnum

from accord.access.codes import SHARE_PERSON, WITHDRAW_SHARE, WRITE_PERSON
from accord.core.workflow import AUTOMATIC, Move, Workflow


class Status(StrEnum):
    """The state of a release. "Not started" and "expired" are not states because they follow from the dates."""

    DRAFT = "draft"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


class Action(StrEnum):
    """An action that can be taken on a release."""

    DRAFT = "draft"
    ACTIVATE = "activate"
    DISCARD = "discard"
    WITHDRAW = "withdraw"
    SUSPEND = "suspend"
    LIFT = "lift"


RELEASE = Workflow(
    name="Release",
    about=(
        "Signed terms never change. Different terms need another release. A release that expires keeps its state, and "
        "its dates show that it is over."
    ),
    states=Status,
    moves=(
        Move(before=None, action=Action.DRAFT, after=Status.DRAFT, who=WRITE_PERSON, log="written"),
        Move(
            before=Status.DRAFT,
            action=Action.ACTIVATE,
            after=Status.ACTIVE,
            who=SHARE_PERSON,
            when="everyone who must sign has signed these terms",
            log="share-begun",
        ),
        Move(before=Status.DRAFT, action=Action.DISCARD, after=Status.DISCARDED, who=WRITE_PERSON, log="written"),
        *(
            Move(
                before=state,
                action=Action.WITHDRAW,
                after=Status.WITHDRAWN,
                who=WITHDRAW_SHARE,
                when="staff are sure who asked",
                log="share-ended",
            )
            for state in (Status.ACTIVE, Status.SUSPENDED)
        ),
        Move(
            before=Status.ACTIVE,
            action=Action.SUSPEND,
            after=Status.SUSPENDED,
            who=AUTOMATIC,
            when="there is a reason to pause the whole release",
            log="written",
        ),
        Move(
            before=Status.SUSPENDED,
            action=Action.LIFT,
            after=Status.ACTIVE,
            who=AUTOMATIC,
            when="no reason to pause the whole release is left",
            log="written",
        ),
    ),
)
