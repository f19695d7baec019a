"""Turn tasks and items that need an answer into rows and text. This module loads no data and makes no decisions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.access.codes import ROLES
from accord.access.today import Turn, due_row, turn_row
from accord.core import rooms
from accord.core.text import N_
from accord.people.queries import Waiting
from accord.people.tasks import Todo
from accord.sharing.codes import record_number
from accord.ui.components import Row, Tag
from accord.ui.words import day, moment
from accord.work.codes import TaskState

NEAR = {TaskState.DUE_SOON: N_("Due soon"), TaskState.DUE_TODAY: N_("Due today")}


def tasks(rows: Sequence[Todo]) -> list[tuple[Row, str]]:
    """Return the day's tasks, each with the URL that marks it as done. The URL is empty if the task closes with its
    matter."""
    return [
        (
            _task_row(row),
            "" if rooms.tasks()[row.code].until_matter_ends else reverse("people:finish_task", args=[row.id]),
        )
        for row in rows
    ]


def _task_row(row: Todo) -> Row:
    return Row(
        title=_(rooms.tasks()[row.code].words),
        url=_url(row.code, row.person, row.matter),
        detail=row.name,
        aside=day(row.due_on),
    )


def _url(code: str, person: uuid.UUID | None, matter: uuid.UUID | None) -> str:
    """Return the URL of a task's matter or, if the task has no matter, of the person it is about."""
    page = rooms.tasks()[code].page
    if person and not (page and matter):
        return reverse("people:person", args=[person])
    return reverse(page, args=[each for each in (person, matter) if each])


def intake(rows: Sequence[Waiting]) -> list[tuple[Waiting, str]]:
    """Return shared records that are not assigned yet, each with its record number at this agency."""
    return [(row, record_number(row.handle)) for row in rows]


@dataclass(frozen=True)
class ToDo:
    """A line in today's list: a task with the URL that marks it as done, or an item that needs an answer."""

    row: Row
    done: str = ""
    button: str = ""


def todo(mine: Sequence[Todo], turns: Sequence[Turn], today: date) -> list[ToDo]:
    """Return the day's tasks and the items that need an answer in one list, sorted by due date. Items with the
    same due date keep their order."""
    lines = [(task.due_on, _to_do(task, row, done, today)) for task, (row, done) in zip(mine, tasks(mine), strict=True)]
    lines += [(turn.due or date.max, ToDo(turn_row(turn, today), button=turn.button)) for turn in turns]
    return [line for _due, line in sorted(lines, key=lambda each: each[0])]


def _to_do(task: Todo, row: Row, done: str, today: date) -> ToDo:
    """Return the task as a row that shows the person, what to do, when it is due, and who else can already see the
    task."""
    named = Row(row.detail or row.title, row.url, row.title if row.detail else "")
    if task.state in NEAR:
        named = replace(named, tag=Tag("wait", _(NEAR[task.state])))
    dated = due_row(named, task.due_on, today)
    words = _told(task)
    return ToDo(replace(dated, turn=f"{dated.turn} · {words}") if words else dated, done)


def _told(task: Todo) -> str:
    """Return the agency's roles that can already see an overdue task, or ''."""
    to = rooms.tasks()[task.code].escalates
    if task.state is not TaskState.ESCALATED or to is None or to.asker:
        return ""
    return _("also shown to: %(roles)s") % {"roles": ", ".join(_(ROLES[role].name) for role in to.roles)}


def done_tasks(rows: Sequence[Todo]) -> list[tuple[Row, str]]:
    """Return tasks marked as done, each with the URL that reopens it."""
    return [
        (replace(_task_row(row), aside=moment(row.done_at)), reverse("people:undo_task", args=[row.id])) for row in rows
    ]
