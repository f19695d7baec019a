"""Add, close, and finish tasks, and undo finished ones."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from accord.access.actors import Actor
from accord.core import clock, rooms
from accord.core.errors import Conflict, Hidden
from accord.core.statements import call_sql
from accord.core.text import N_
from accord.membership import queries as membership
from accord.sharing.assignments import assigned_to
from accord.sharing.codes import AssignmentBasis
from accord.work import queries
from accord.work.models import Task


def add_task(
    *,
    actor: Actor,
    code: str,
    days: int,
    about: uuid.UUID | None = None,
    assignee: uuid.UUID | None = None,
    matter: uuid.UUID | None = None,
) -> None:
    """Add a task to *Today* for everyone in the role that the task's declaration specifies. Without a role, the task
    goes to one colleague, who is the `assignee` or else the actor.

    The task is due in `days` days. `about` is one of the agency's people, and `matter` is the entry that closes the
    task when it ends. Raises LookupError for a code that no room declares.
    """
    if code not in rooms.tasks():
        raise LookupError(f"unknown task {code}")
    role = rooms.tasks()[code].role or None
    Task.objects.create(
        owner=actor.agency,
        id=uuid.uuid4(),
        code=code,
        about=about,
        matter=matter,
        role=role,
        assignee=None if role else assignee or _who_does_it(actor, about),
        due_on=clock.today(actor.zone) + timedelta(days=days),
    )


def _who_does_it(actor: Actor, about: uuid.UUID | None) -> uuid.UUID:
    """Return the actor's membership or, for a connected system, the first colleague assigned to the person."""
    if actor.inward is None or about is None:
        return actor.membership
    machines = membership.machine_names(actor=actor)
    helpers = [member for member, basis in assigned_to(actor=actor, ref=about) if basis == AssignmentBasis.ASSIGNED]
    return next((member for member in helpers if member not in machines), actor.membership)


def close_tasks(
    *,
    actor: Actor,
    code: str,
    about: uuid.UUID | None = None,
    matter: uuid.UUID | None = None,
    due_on: date | None = None,
) -> None:
    """Close the agency's tasks with this code, no matter who has them. The other arguments limit this to one person,
    one matter, or one due date."""
    call_sql("task_close", code, about, matter, due_on)


def finish_task(*, actor: Actor, task: uuid.UUID) -> None:
    """Mark a task of the actor or of the actor's roles as done. A role's task is then done for everyone in the role. If
    a colleague has already marked it as done, nothing happens.

    Raises Hidden if there is no such task, and Conflict if the task closes only when its matter does.
    """
    row = queries.find(actor=actor, task=task)
    if row is None or (row.done_at is not None and row.role is None):
        raise Hidden
    if rooms.tasks()[row.code].until_matter_ends:
        raise Conflict(N_("This task closes when the legal matter is closed."), code="until_it_ends")
    rows = Task.objects.filter(owner=actor.agency, id=task, done_at=None)
    if rows.update(done_at=clock.now(), done_by=actor.membership):
        actor.log("task-done", about=[row.about] if row.about else [])


def undo_task(*, actor: Actor, task: uuid.UUID) -> None:
    """Undo the actor's own "done" within 30 days. Raises Hidden for any other task."""
    rows = queries.done_lately(actor=actor, only=task)
    if not rows or not Task.objects.filter(owner=actor.agency, id=task).update(done_at=None, done_by=None):
        raise Hidden
    actor.log("task-undone", about=[row.about for row in rows if row.about])
