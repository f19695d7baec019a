"""Describe a kind of exchange as data: sealed steps between an agency that asks and one or more agencies that answer.

A room declares its exchanges in its `workflows.py` and lists them in its `room.py`. `accord/exchange` writes the steps.
Pure: no Django, no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from accord.core.workflow import Workflow


class Side(StrEnum):
    """The two sides of an exchange. The agency that asks takes the first step."""

    ASKER = "asker"
    ANSWERER = "answerer"

    @property
    def other(self) -> Side:
        return Side.ANSWERER if self is Side.ASKER else Side.ASKER


BOTH = frozenset(Side)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """How a workflow action is taken, and what the other side learns about it.

    by: the side that takes the action. tells: the line in the other agency's audit log, or "" for none. notice: the
    notice that goes to staff at the other agency who may do what the notice is about, or "". asks: the task that a role
    at the other agency then gets. ends: the task of the actor's agency that the action closes. read_by: the sides that
    can read the step. once: if several agencies answer, only the first one can take the action. reading: a page that
    only shows something may take the action.
    """

    by: Side
    tells: str = ""
    notice: str = ""
    asks: str = ""
    ends: str = ""
    read_by: frozenset[Side] = BOTH
    once: bool = False
    reading: bool = False


@dataclass(frozen=True)
class Kept:
    """How long an exchange with one agency is kept: this many `days` after the action in `after`. Until that action is
    taken, it is kept indefinitely."""

    days: int
    after: Any


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A kind of exchange. Its workflow lists the actions that are possible in each state, and who may take them.

    asking, answering: the kinds of agencies on each side. ring_key: the code of the ring key that a body is encrypted
    to. bound: the parts that a body is bound to, computed from the step; by default, everything that identifies the
    step. to_many: the first step can go to several agencies, and each of them then has its own state. one_per_topic: an
    agency begins at most one exchange about a topic. kept: when the exchange is deleted, or None to keep it
    indefinitely.
    """

    code: str
    workflow: Workflow[Any, Any]
    turns: Mapping[Any, Turn]
    asking: frozenset[str]
    answering: frozenset[str]
    ring_key: str
    to_many: bool = False
    one_per_topic: bool = False
    kept: Kept | None = None
    bound: Callable[[Any], tuple[str | int, ...]] | None = None

    def __post_init__(self) -> None:
        moves = self.workflow.moves
        if {move.action for move in moves} != set(self.turns):
            raise ValueError(f"{self.code}: an action without a turn, or a turn without an action")
        if len({(move.before, move.action) for move in moves}) < len(moves):
            raise ValueError(f"{self.code}: an action leads from one state to two")
        if any(self.turns[move.action].by is Side.ANSWERER for move in moves if move.before is None):
            raise ValueError(f"{self.code}: the agency that answers takes the first step")
