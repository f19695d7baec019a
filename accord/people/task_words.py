"""Turn tasks and items that need an answer into rows and text. This module loads no data and makes no decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.access.today import Turn, due_row, turn_row
from accord.core import rooms
from accord.people.queries import Waiting
from accord.people.tasks import Todo
from accord.sharing.rules import record_number
from accord.ui.components import Row
from accord.ui.words import day, moment


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
    task = rooms.tasks()[row.code]
    url = reverse(task.page, args=[row.person, row.matter]) if task.page and row.matter else ""
    return Row(
        title=_(task.words),
        url=url or reverse("people:person", args=[row.person]),
        detail=row.name,
        aside=day(row.due_on),
    )


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
    """Return the task as a row with the person first and then what to do."""
    named = Row(row.detail or row.title, row.url, row.title if row.detail else "")
    return ToDo(due_row(named, task.due_on, today), done)


def done_tasks(rows: Sequence[Todo]) -> list[tuple[Row, str]]:
    """Return tasks marked as done, each with the URL that reopens it."""
    return [
        (replace(_task_row(row), aside=moment(row.done_at)), reverse("people:undo_task", args=[row.id])) for row in rows
    ]
