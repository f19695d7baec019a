"""The states of a task. This module is pure: it uses no Django and reads no clock."""

from __future__ import annotations

from datetime import date

from accord.work.codes import TaskState


def state(*, due_on: date, today: date, warns: int = 0, escalates: int | None = None, done: bool = False) -> TaskState:
    """Return the state of a task on a given day in its agency's time zone.

    The task is due soon from `warns` days before the due date. `escalates` is the number of days after the due date
    when others see it too, or None. The job `accord.tasks_escalate` counts the same days.
    """
    if done:
        return TaskState.DONE
    late = (today - due_on).days
    if escalates is not None and late >= escalates:
        return TaskState.ESCALATED
    if late >= 0:
        return TaskState.OVERDUE if late else TaskState.DUE_TODAY
    return TaskState.DUE_SOON if -late <= warns else TaskState.WAITING
