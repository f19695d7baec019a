"""The states of an agreement, and who may do what in each state."""

from __future__ import annotations

from enum import StrEnum

from accord.access.codes import DRAFT_AGREEMENT, SIGN_AGREEMENT
from accord.core.workflow import AUTOMATIC, Move, Workflow


class AgreementState(StrEnum):
    """An agreement's state. It is derived from signatures, key checks, and dates (`rules.agreement_state`)."""

    WAITING = "waiting"
    KEYS = "keys"
    COMING = "coming"
    IN_FORCE = "in_force"
    REVIEW_DUE = "review_due"
    LAPSED = "lapsed"
    ENDED = "ended"


class AgreementAction(StrEnum):
    """An action that can be taken on an agreement."""

    DRAFT = "draft"
    SIGN = "sign"
    DECLINE = "decline"
    CHECK_KEYS = "check_keys"
    START = "start"
    FALL_DUE = "fall_due"
    LAPSE = "lapse"
    REVIEW = "review"
    LEAVE = "leave"


_AFTER_THE_LAST_STEP = {
    AgreementState.COMING: "nothing is missing, but the first day has not come yet",
    AgreementState.IN_FORCE: "nothing is missing",
    AgreementState.REVIEW_DUE: "nothing is missing, but the yearly review is due",
    AgreementState.LAPSED: "nothing is missing, but the yearly review is 30 days late",
}
_RUNNING = (AgreementState.IN_FORCE, AgreementState.REVIEW_DUE, AgreementState.LAPSED)
_AGREEMENT_ACTIONS = {
    AgreementAction.DRAFT: (DRAFT_AGREEMENT, "agreement-drafted"),
    AgreementAction.SIGN: (SIGN_AGREEMENT, "agreement-signed"),
    AgreementAction.DECLINE: (SIGN_AGREEMENT, "agreement-left"),
    AgreementAction.CHECK_KEYS: (SIGN_AGREEMENT, "keys-accepted"),
    AgreementAction.START: (AUTOMATIC, ""),
    AgreementAction.FALL_DUE: (AUTOMATIC, ""),
    AgreementAction.LAPSE: (AUTOMATIC, ""),
    AgreementAction.REVIEW: (SIGN_AGREEMENT, "agreement-reviewed"),
    AgreementAction.LEAVE: (SIGN_AGREEMENT, "agreement-left"),
}


def _agreement_move(
    before: AgreementState | None, action: AgreementAction, after: AgreementState, when: str = ""
) -> Move[AgreementState, AgreementAction]:
    who, log = _AGREEMENT_ACTIONS[action]
    return Move(before=before, action=action, after=after, who=who, when=when, log=log)


AGREEMENT = Workflow(
    name="Agreement between two agencies",
    about=(
        "The state is not stored. It is derived from each party's signature and key check, and from two dates. In a "
        "coalition agreement, each pair of members goes through these states."
    ),
    states=AgreementState,
    moves=(
        _agreement_move(None, AgreementAction.DRAFT, AgreementState.WAITING),
        _agreement_move(
            AgreementState.WAITING, AgreementAction.SIGN, AgreementState.WAITING, "another signature is missing"
        ),
        _agreement_move(
            AgreementState.WAITING, AgreementAction.SIGN, AgreementState.KEYS, "all signed, but a key check is missing"
        ),
        *(
            _agreement_move(AgreementState.WAITING, AgreementAction.SIGN, after, when)
            for after, when in _AFTER_THE_LAST_STEP.items()
        ),
        _agreement_move(
            AgreementState.WAITING,
            AgreementAction.DECLINE,
            AgreementState.ENDED,
            "a member of a coalition agreement leaves before signing with this member",
        ),
        _agreement_move(AgreementState.WAITING, AgreementAction.CHECK_KEYS, AgreementState.WAITING),
        _agreement_move(
            AgreementState.KEYS, AgreementAction.CHECK_KEYS, AgreementState.KEYS, "another key check is missing"
        ),
        *(
            _agreement_move(AgreementState.KEYS, AgreementAction.CHECK_KEYS, after, when)
            for after, when in _AFTER_THE_LAST_STEP.items()
        ),
        _agreement_move(AgreementState.COMING, AgreementAction.START, AgreementState.IN_FORCE, "its first day comes"),
        _agreement_move(
            AgreementState.IN_FORCE,
            AgreementAction.FALL_DUE,
            AgreementState.REVIEW_DUE,
            "the yearly review date arrives",
        ),
        _agreement_move(
            AgreementState.REVIEW_DUE,
            AgreementAction.LAPSE,
            AgreementState.LAPSED,
            "30 days after that date, if not all have confirmed it",
        ),
        *(
            _agreement_move(state, AgreementAction.REVIEW, state, "another party has not confirmed it yet")
            for state in _RUNNING
        ),
        *(
            _agreement_move(
                state, AgreementAction.REVIEW, AgreementState.IN_FORCE, "all have confirmed, and the next is in a year"
            )
            for state in _RUNNING
        ),
        *(
            _agreement_move(state, AgreementAction.LEAVE, AgreementState.ENDED, "a party that has signed leaves")
            for state in AgreementState
            if state is not AgreementState.ENDED
        ),
    ),
)
