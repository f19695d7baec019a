"""A workflow as a table of moves. The code looks up the allowed moves and the next states in this table, and
`tools/docs.py` generates the manual's page and diagram from it.

Pure: no Django, no clock. Each room declares its workflows in its `workflows.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from accord.core.errors import Conflict
from accord.core.text import N_

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)

AUTOMATIC = "automatic"
"""Used in place of an action when no one makes the move, because it happens on a certain day or follows from a recorded
event."""


@dataclass(frozen=True, kw_only=True)
class Move(Generic[S, A]):
    """One row of the table.

    before: the state, or None if the thing does not exist yet.
    who: the action in `access/codes.py` that a role must include, or AUTOMATIC. when: a condition in words, or "".
    log: the action in the audit log, or "" if the move is not logged.
    """

    before: S | None
    action: A
    after: S
    who: str
    when: str = ""
    log: str = ""


@dataclass(frozen=True, kw_only=True)
class Workflow(Generic[S, A]):
    """Everything that can happen to one kind of thing. A move not in `moves` is refused with `refusal` and `code`."""

    name: str
    about: str
    states: type[S]
    moves: tuple[Move[S, A], ...]
    refusal: str = N_("This was already done, or another step has to come first.")
    code: str = "not_allowed_now"

    def __post_init__(self) -> None:
        keys = [(move.before, move.action, move.after, move.when) for move in self.moves]
        if len(keys) != len(set(keys)):
            raise ValueError(f"{self.name}: the same move twice")
        if len({(move.action, move.log) for move in self.moves}) > len({move.action for move in self.moves}):
            raise ValueError(f"{self.name}: one action, two lines of the log")
        if missing := set(self.states) - {move.after for move in self.moves}:
            raise ValueError(f"{self.name}: nothing leads to {sorted(missing)}")

    def actions(self, state: S | None) -> frozenset[A]:
        """Return the actions that are possible in this state."""
        return frozenset(move.action for move in self.moves if move.before == state)

    def allows(self, state: S | None, action: A) -> bool:
        """Return True if this action is possible in this state."""
        return action in self.actions(state)

    def move(self, state: S | None, action: A) -> Move[S, A]:
        """Return the one move for this state and action.

        Raises Conflict if the table does not allow the action, and LookupError if the state and action lead to more
        than one next state.
        """
        found = [move for move in self.moves if move.before == state and move.action == action]
        if not found:
            raise self.refused()
        if len({move.after for move in found}) > 1:
            raise LookupError(f"{self.name}: {action} leads from {state} to more than one state")
        return found[0]

    def after(self, state: S | None, action: A) -> S:
        """Return the next state. Raises Conflict if the table does not allow the action."""
        return self.move(state, action).after

    def refused(self) -> Conflict:
        """Return the error for a move that is not allowed, or for a caller that lost a race in the database."""
        return Conflict(self.refusal, code=self.code)

    def log(self, action: A) -> str:
        """Return the audit log's name for this action."""
        return next(move.log for move in self.moves if move.action == action)

    def diagram(self) -> str:
        """Return the workflow's diagram as Mermaid text, with one arrow for each pair of states."""
        arrows: dict[tuple[str, str], list[str]] = {}
        for move in self.moves:
            words = arrows.setdefault((move.before or "[*]", move.after), [])
            if move.action.value not in words:
                words.append(move.action.value)
        return "\n".join(self._lines(arrows)) + "\n"

    def _lines(self, arrows: dict[tuple[str, str], list[str]]) -> Iterator[str]:
        yield "stateDiagram-v2"
        for (before, after), actions in arrows.items():
            yield f"    {before} --> {after}: {', '.join(actions)}"
        for state in self.states:
            if not self.actions(state):
                yield f"    {state.value} --> [*]"
