"""The exchanges between agencies that rooms declare: as the tables of the manual say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accord.core import rooms
from accord.core.exchange import Side, Turn
from accord.core.workflow import Workflow
from accord.numbers.workflows import SUM, TOTALS, SubmissionStep

from .tables import rows


def test_the_rooms_declare_the_exchanges_of_the_table() -> None:
    declared = {
        code: (
            *(", ".join(sorted(one.asking)), ", ".join(sorted(one.answering)), "yes" if one.to_many else "no"),
            *(
                "yes" if one.one_per_topic else "no",
                one.ring_key,
                f"{one.kept.days} days after {one.kept.after}" if one.kept else "",
            ),
        )
        for code, one in rooms.exchanges().items()
    }
    table, told = (
        rows("exchanges.md", "Which exchanges there are"),
        ("asks", "answers", "several", "once", "key", "kept"),
    )
    assert declared == {row["case"]: tuple(row[name] for name in told) for row in table}


def test_each_step_is_taken_by_the_side_of_the_table() -> None:
    declared = {
        (code, action): (
            *(turn.by, one.workflow.log(action), turn.tells, turn.notice),
            ", ".join(f"{word} {task}" for word, task in (("asks", turn.asks), ("ends", turn.ends)) if task),
            "both" if len(turn.read_by) == 2 else ", ".join(turn.read_by),
        )
        for code, one in rooms.exchanges().items()
        for action, turn in one.turns.items()
    }
    table = rows("exchanges.md", "Who takes which step")
    told = ("by", "own log", "other log", "notice", "task", "read by")
    assert declared == {(row["exchange"], row["case"]): tuple(row[name] for name in told) for row in table}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"turns": {SubmissionStep.SUBMIT: Turn(by=Side.ASKER)}}, "without a turn"),
        ({"turns": {step: Turn(by=Side.ANSWERER) for step in SubmissionStep}}, "takes the first step"),
        ({"workflow": SUM}, "without a turn"),
    ],
)
def test_a_declaration_with_a_fault_is_refused(change: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        replace(TOTALS, **change)


def test_a_step_leads_to_one_state() -> None:
    first = TOTALS.workflow.moves[0]
    moves = (*TOTALS.workflow.moves, replace(first, after="reopened", when="at random"))
    twice = Workflow(name="x", about="", states=TOTALS.workflow.states, moves=moves)
    with pytest.raises(ValueError, match="to two"):
        replace(TOTALS, workflow=twice)
