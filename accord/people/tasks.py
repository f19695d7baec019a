"""An actor's tasks with people's names: open tasks, completed tasks, and the next tasks for one person."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from accord.access.actors import Actor
from accord.core import clock
from accord.people.finding import name_in
from accord.people.queries import Page
from accord.sharing import queries as sharing
from accord.work import queries as work
from accord.work.codes import TaskState

NEXT = 2  # tasks shown on one person's page


@dataclass(frozen=True)
class Todo:
    """A task and its current state. If the task is not about a person, `person` is None and `name` is empty."""

    id: uuid.UUID
    person: uuid.UUID | None
    name: str
    code: str
    due_on: date
    state: TaskState
    matter: uuid.UUID | None = None
    done_at: datetime | None = None


def my_tasks(*, actor: Actor) -> list[Todo]:
    """Return the actor's open tasks and those for the actor's roles, the first one due first, with the names that the
    actor may read."""
    return _todos(actor, work.open_tasks(actor=actor))


def my_done_tasks(*, actor: Actor, only: uuid.UUID | None = None) -> list[Todo]:
    """Return the actor's completed tasks, newest first, with the names that the actor may read. `only` selects one
    task."""
    return _todos(actor, work.done_lately(actor=actor, only=only))


def next_of(*, actor: Actor, page: Page) -> list[Todo]:
    """Return the actor's next tasks for the person on this page, the first one due first."""
    if not page.known.own:
        return []
    rows = work.open_tasks(actor=actor, about=page.known.ref)[:NEXT]
    return [_todo(actor, row, page.name) for row in rows]


def _todos(actor: Actor, rows: Sequence[work.Task]) -> list[Todo]:
    names = _named(actor, {row.about for row in rows if row.about is not None})
    return [_todo(actor, row, names.get(row.about, "")) for row in rows if row.about is None or row.about in names]


def _todo(actor: Actor, row: work.Task, name: str) -> Todo:
    state = work.state_of(task=row, today=clock.today(actor.zone))
    return Todo(row.id, row.about, name, row.code, row.due_on, state, row.matter, row.done_at)


def _named(actor: Actor, refs: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return people's names, or "" for a name that the actor may not read. People the actor is barred from are left
    out."""
    wanted = sorted(refs)
    known = sharing.find_many(actor=actor, refs=wanted) if wanted else []
    if not known:
        return {}
    facts = sharing.decision_facts(actor=actor, known_ones=known)
    readable = sharing.readable_many(actor=actor, known_ones=known, kind="identity.name", facts=facts)
    opened = sharing.open_entries_undecided(actor=actor, known_ones=readable, kinds=["identity.name"], facts=facts)
    if readable:
        actor.log("listed-my-tasks", about=[one.ref for one in readable])
        shown = {"identity.name": {one.ref for one in readable}}
        sharing.note_listing(actor=actor, known_ones=readable, kinds=shown, facts=facts)
    names = {ref: name_in(items) for ref, items in opened.items()}
    return {one.ref: name.used if (name := names.get(one.ref)) else "" for one in known}
