"""An actor's tasks: open tasks, done tasks, and the next tasks for one person."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from accord.access.actors import Actor
from accord.core import clock, rooms
from accord.people.finding import name_in
from accord.people.models import Task
from accord.people.queries import Page
from accord.sharing import queries as sharing
from accord.sharing.codes import UNDO_DAYS

NEXT = 2  # tasks shown on one person's page


@dataclass(frozen=True)
class Todo:
    """A task with the name of the person it is about."""

    id: uuid.UUID
    person: uuid.UUID
    name: str
    code: str
    due_on: date
    matter: uuid.UUID | None = None
    done_at: datetime | None = None


def my_tasks(*, actor: Actor) -> list[Todo]:
    """Return the actor's open tasks, soonest first, with the names that the actor may read."""
    return _named(actor, list(tasks_that_show(actor=actor).order_by("due_on", "code", "id")))


def tasks_that_show(*, actor: Actor) -> QuerySet[Task]:
    """Return the actor's open tasks, except those due too far in the future to show yet."""
    rows = Task.objects.filter(owner=actor.agency, assignee=actor.membership, done_at=None)
    for code, task in rooms.tasks().items():
        if task.days_before is not None:
            rows = rows.exclude(code=code, due_on__gt=clock.today(actor.zone) + timedelta(days=task.days_before))
    return rows


def done_lately(*, actor: Actor) -> QuerySet[Task]:
    """Return the tasks that the actor marked as done and can still undo."""
    since = clock.now() - timedelta(days=UNDO_DAYS)
    return Task.objects.filter(owner=actor.agency, done_by=actor.membership, done_at__gt=since)


def my_done_tasks(*, actor: Actor, only: uuid.UUID | None = None) -> list[Todo]:
    """Return the actor's done tasks, newest first, with the names that the actor may read. `only` selects one task."""
    rows = done_lately(actor=actor)
    rows = rows if only is None else rows.filter(id=only)
    return _named(actor, list(rows.order_by("-done_at", "code", "id")))


def _named(actor: Actor, rows: list[Task]) -> list[Todo]:
    known = sharing.find_many(actor=actor, refs=list({row.person for row in rows}))
    there = {one.ref for one in known}  # an actor who has been barred since then gets no task about this person
    standing = sharing.standing_of(actor=actor, known_ones=known)
    readable = sharing.readable_many(actor=actor, known_ones=known, kind="identity.name", standing=standing)
    opened = sharing.open_entries_undecided(
        actor=actor, known_ones=readable, kinds=["identity.name"], standing=standing
    )
    names = {ref: name_in(items) for ref, items in opened.items()}
    if readable:
        actor.log("listed-my-tasks", about=[one.ref for one in readable])
        shown = {"identity.name": {one.ref for one in readable}}
        sharing.note_listing(actor=actor, known_ones=readable, kinds=shown, standing=standing)
    return [
        Todo(
            row.id,
            row.person,
            name.used if (name := names.get(row.person)) else "",
            row.code,
            row.due_on,
            row.matter,
            row.done_at,
        )
        for row in rows
        if row.person in there
    ]


def next_of(*, actor: Actor, page: Page) -> list[Todo]:
    """Return the actor's first tasks for the person on this page, soonest first."""
    if not page.known.own:
        return []
    rows = tasks_that_show(actor=actor).filter(person=page.known.ref).order_by("due_on", "code", "id")[:NEXT]
    return [Todo(row.id, row.person, page.name, row.code, row.due_on, row.matter) for row in rows]
