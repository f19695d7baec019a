"""Workflow tables for an agency's submission, which is an exchange with the statistics unit, and for combined totals."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from accord.access.codes import MEETS_PEOPLE, REVIEW_TOTALS, STATISTICS, SUBMISSIONS_KEY, SUBMIT_TOTALS, SUM_TOTALS
from accord.core.exchange import Exchange, Side, Turn
from accord.core.text import N_
from accord.core.workflow import Move, Workflow


class SubmissionState(StrEnum):
    """The state of an agency's totals for one half-year. Totals that are not submitted yet have no state."""

    SUBMITTED = "submitted"
    REOPENED = "reopened"


class SubmissionStep(StrEnum):
    """The steps that an agency can take with its totals."""

    SUBMIT = "submit"
    REOPEN = "reopen"


SUBMISSION = Workflow(
    name="Submission of an agency's totals",
    about="Nothing is overwritten, because each step is a separate row. Counting again does not change the state.",
    states=SubmissionState,
    moves=(
        Move(
            before=None,
            action=SubmissionStep.SUBMIT,
            after=SubmissionState.SUBMITTED,
            who=SUBMIT_TOTALS,
            when="the half-year is over",
            log="totals-submitted",
        ),
        Move(
            before=SubmissionState.SUBMITTED,
            action=SubmissionStep.REOPEN,
            after=SubmissionState.REOPENED,
            who=SUBMIT_TOTALS,
            when="the half-year has not been published since the submission, and a reason is given",
            log="totals-reopened",
        ),
        Move(
            before=SubmissionState.REOPENED,
            action=SubmissionStep.SUBMIT,
            after=SubmissionState.SUBMITTED,
            who=SUBMIT_TOTALS,
            when="the half-year is over",
            log="totals-submitted",
        ),
    ),
    refusal=N_("This reporting period's status has changed since you viewed it. Review it again."),
    code="frozen",
)


def _bound(step: Any) -> tuple[str | int, ...]:
    """Return what a submission is bound to. Submissions made before exchanges existed are bound in the same way."""
    measure, version, period = step.topic.split()
    return (
        *("totals submission", step.asker.hex, step.answerer.hex, measure, version, period),
        *(step.step, step.state, step.ring_version, step.own_ring_version),
    )


TOTALS = Exchange(
    code="totals",
    workflow=SUBMISSION,
    turns={
        SubmissionStep.SUBMIT: Turn(by=Side.ASKER, tells="totals-submitted-by-agency"),
        SubmissionStep.REOPEN: Turn(by=Side.ASKER, tells="totals-reopened-by-agency"),
    },
    asking=MEETS_PEOPLE,
    answering=frozenset({STATISTICS}),
    ring_key=SUBMISSIONS_KEY,
    one_per_topic=True,
    bound=_bound,
)


class SumState(StrEnum):
    """The state of combined totals. The functions in `numbers/functions.sql` set it."""

    WAITING = "waiting"
    PUBLISHED = "published"
    SENT_BACK = "sent_back"
    REPLACED = "replaced"


class SumStep(StrEnum):
    """The steps that the statistics unit can take with combined totals."""

    COMBINE = "combine"
    PUBLISH = "publish"
    SEND_BACK = "send_back"
    REPLACE = "replace"


SUM = Workflow(
    name="Combined totals",
    about="One person combines the totals, and another reviews them. The database checks both.",
    states=SumState,
    moves=(
        Move(
            before=None,
            action=SumStep.COMBINE,
            after=SumState.WAITING,
            who=SUM_TOTALS,
            when="at least three agencies have submitted",
            log="totals-summed",
        ),
        Move(
            before=SumState.WAITING,
            action=SumStep.PUBLISH,
            after=SumState.PUBLISHED,
            who=REVIEW_TOTALS,
            when="someone else combined them, and every submission is still the newest",
            log="totals-published",
        ),
        Move(
            before=SumState.WAITING,
            action=SumStep.SEND_BACK,
            after=SumState.SENT_BACK,
            who=REVIEW_TOTALS,
            when="someone else combined them",
            log="totals-sent-back",
        ),
        Move(
            before=SumState.WAITING,
            action=SumStep.REPLACE,
            after=SumState.REPLACED,
            who=SUM_TOTALS,
            when="newer totals are combined",
        ),
    ),
)
