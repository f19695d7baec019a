"""The states of a task."""

from __future__ import annotations

from enum import StrEnum


class TaskState(StrEnum):
    """The state of a task on a given day. It is not stored, because dates determine it (`rules.state`)."""

    WAITING = "waiting"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    DONE = "done"
