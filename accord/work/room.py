"""Declares what the `work` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import HOUR, Act, Job, LogLine, Room, Sql
from accord.core.text import N_

ROOM = Room(
    name="work",
    question="who has to do what, and by when?",
    jobs=(
        Job("tasks_escalate", N_("send notices about overdue tasks"), HOUR),
        Job("tasks_sweep", N_("delete completed tasks after a year"), HOUR),
    ),
    log={
        "task-done": LogLine(N_("%(by)s marked a task as done."), Act.RECORDS),
        "task-undone": LogLine(N_("%(by)s marked a task as not done."), Act.RECORDS),
    },
    sql=Sql(
        made=("terms.task_terms",),
        inner=("task_terms()", "task_ask(text, uuid[], uuid)"),
        worker=("tasks_escalate()", "tasks_sweep()"),
    ),
)
