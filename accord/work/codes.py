"""The states of a task."""

from __future__ import annotations

from enum import StrEnum


class TaskState(StrEnum):
    """The state of a task on a day. It is not stored: it follows from dates (`rules.state`)."""

    WAITING = "waiting"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    DONE = "done"
