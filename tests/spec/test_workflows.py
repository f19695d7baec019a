"""Each workflow is its table: the table allows what the page says and refuses the rest, and the rules that compute a
state from facts follow it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from accord.agreements.rules import REVIEW_GRACE, REVIEW_OPENS, agreement_state, review_open
from accord.agreements.workflows import AGREEMENT, AgreementAction, AgreementState
from accord.core.errors import Conflict
from accord.core.rooms import actions
from accord.core.workflow import AUTOMATIC, Move, Workflow
from accord.releases.workflows import RELEASE, Action, Status
from tools.docs import every_workflow

from .tables import rows

WORKFLOWS = [workflow for _room, workflow in every_workflow()]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_the_page_is_what_the_code_allows(workflow: Workflow) -> None:
    told = {(row["before"], row["what happens"], row["after"]) for row in rows("workflows.md", workflow.name)}
    actions = {move.action for move in workflow.moves}
    for before, action in product((None, *workflow.states), actions):
        after = {cells[2] for cells in told if cells[:2] == (before or "-", action)}
        assert workflow.allows(before, action) is bool(after)
        if not after:
            with pytest.raises(Conflict) as refused:
                workflow.after(before, action)
            assert (str(refused.value), refused.value.code) == (workflow.refusal, workflow.code)
        elif len(after) == 1:
            assert {workflow.after(before, action)} == after
        else:
            with pytest.raises(LookupError):
                workflow.after(before, action)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_who_is_an_action_of_a_role(workflow: Workflow) -> None:
    assert {move.who for move in workflow.moves} <= actions().keys() | {AUTOMATIC}


def test_a_table_with_a_fault_is_refused() -> None:
    draft = Move(before=None, action=Action.DRAFT, after=Status.DRAFT, who=AUTOMATIC)
    faults: tuple[tuple[Move, ...], ...] = (
        (*RELEASE.moves, RELEASE.moves[0]),
        tuple(move for move in RELEASE.moves if move.after is not Status.DISCARDED),
        (*RELEASE.moves, replace(draft, before=Status.ACTIVE)),  # the same action, another line of the log
    )
    for moves in faults:
        with pytest.raises(ValueError, match="Release"):
            Workflow(name="Release", about="", states=Status, moves=moves)


# Agreements: the state follows from facts. Every combination of facts, and everything that can happen to it, is one of
# the table's moves, and every move of the table happens.

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Party:
    agency: int
    signed_at: datetime | None = None
    checked_at: datetime | None = None
    left_at: datetime | None = None
    reviewed_at: datetime | None = None


@dataclass(frozen=True)
class Facts:
    parties: tuple[Party, Party]
    starts_at: datetime = NOW - DAY
    review_due_at: datetime = NOW + 300 * DAY
    ended_at: datetime | None = None

    @property
    def state(self) -> AgreementState:
        return agreement_state(self, self.parties, NOW)

    def party(self, agency: int) -> Party:
        return self.parties[agency]

    def changed(self, agency: int, **facts: Any) -> Facts:
        parties = [replace(one, **facts) if one.agency == agency else one for one in self.parties]
        return replace(self, parties=(parties[0], parties[1]))


def every_agreement() -> Iterator[Facts]:
    sides = [
        Party(0, signed_at=signed, checked_at=checked, left_at=left, reviewed_at=reviewed)
        for signed, checked, left, reviewed in product((None, NOW), repeat=4)
        if (signed or not (checked or reviewed)) and not (reviewed and not checked)
    ]
    dates = ((1, 366), (-1, 364), (-320, 45), (-365, 0), (-400, -35))
    for one, other, (start, due) in product(sides, sides, dates):
        yield Facts((one, replace(other, agency=1)), NOW + start * DAY, NOW + due * DAY)


def sign(facts: Facts, agency: int) -> Iterator[Facts]:
    if facts.party(agency).signed_at is None and facts.party(agency).left_at is None:
        yield facts.changed(agency, signed_at=NOW)
        yield facts.changed(agency, signed_at=NOW, checked_at=NOW)


def check_keys(facts: Facts, agency: int) -> Iterator[Facts]:
    if facts.party(agency).signed_at and facts.party(agency).checked_at is None:
        yield facts.changed(agency, checked_at=NOW)


def review(facts: Facts, agency: int) -> Iterator[Facts]:
    if review_open(card=facts, agency=agency, now=NOW):  # type: ignore[arg-type]
        done = facts.changed(agency, reviewed_at=NOW)
        opens = facts.review_due_at - REVIEW_OPENS
        whole = all(one.reviewed_at and one.reviewed_at >= opens for one in done.parties)
        yield replace(done, review_due_at=NOW + 365 * DAY) if whole else done


def leave(facts: Facts, agency: int) -> Iterator[Facts]:
    if facts.party(agency).signed_at and facts.party(agency).left_at is None:
        yield facts.changed(agency, left_at=NOW)


def decline(facts: Facts, agency: int) -> Iterator[Facts]:
    if facts.party(agency).signed_at is None:
        yield facts.changed(agency, signed_at=NOW, left_at=NOW)


def start(facts: Facts, _agency: int) -> Iterator[Facts]:
    if facts.starts_at > NOW:
        yield replace(facts, starts_at=NOW - DAY)


def fall_due(facts: Facts, _agency: int) -> Iterator[Facts]:
    if facts.starts_at <= NOW < facts.review_due_at:
        yield replace(facts, review_due_at=NOW - DAY)


def lapse(facts: Facts, _agency: int) -> Iterator[Facts]:
    if NOW - REVIEW_GRACE < facts.review_due_at <= NOW:
        yield replace(facts, review_due_at=NOW - REVIEW_GRACE - DAY)


HAPPENS: dict[AgreementAction, Callable[[Facts, int], Iterator[Facts]]] = {
    AgreementAction.SIGN: sign,
    AgreementAction.CHECK_KEYS: check_keys,
    AgreementAction.REVIEW: review,
    AgreementAction.LEAVE: leave,
    AgreementAction.DECLINE: decline,
    AgreementAction.START: start,
    AgreementAction.FALL_DUE: fall_due,
    AgreementAction.LAPSE: lapse,
}
DATES = {
    AgreementAction.START,
    AgreementAction.FALL_DUE,
    AgreementAction.LAPSE,
}  # change nothing while a step is missing


def test_an_agreement_follows_its_table() -> None:
    seen = {
        (facts.state, action, after.state)
        for facts in every_agreement()
        if facts.state is not AgreementState.ENDED
        for action, happens in HAPPENS.items()
        for agency in (0, 1)
        for after in happens(facts, agency)
        if action not in DATES or after.state is not facts.state
    }
    table = {(move.before, move.action, move.after) for move in AGREEMENT.moves if move.before is not None}
    assert seen == table
    assert Facts((Party(0), Party(1))).state is AGREEMENT.after(None, AgreementAction.DRAFT)
