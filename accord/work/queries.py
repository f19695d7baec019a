"""Read the actor's own tasks and those for the actor's roles."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from accord.access.actors import Actor
from accord.core import clock, rooms
from accord.sharing.codes import UNDO_DAYS
from accord.work import rules
from accord.work.codes import TaskState
from accord.work.models import Task


def roles_with_tasks() -> frozenset[str]:
    """Return the roles that can have tasks of their own, which belong to no single colleague."""
    return frozenset(task.role for task in rooms.tasks().values() if task.role)


def escalations_to(*, roles: Collection[str]) -> dict[str, int]:
    """Return the codes of tasks that escalate to one of these roles, each with the number of days after the due date."""
    found = {code: task.escalates for code, task in rooms.tasks().items() if task.escalates}
    return {code: to.days for code, to in found.items() if not to.asker and set(to.roles) & set(roles)}


def open_tasks(*, actor: Actor, about: uuid.UUID | None = None) -> list[Task]:
    """Return the open tasks of the actor and of the actor's roles, in order of due date. Leave out tasks that are not
    due for a long time. If `about` is given, return only tasks about that person."""
    rows = _for(actor).filter(done_at=None)
    rows = rows if about is None else rows.filter(about=about)
    for code, task in rooms.tasks().items():
        if task.days_before is not None:
            rows = rows.exclude(code=code, due_on__gt=clock.today(actor.zone) + timedelta(days=task.days_before))
    return list(rows.order_by("due_on", "code", "id"))


def done_lately(*, actor: Actor, only: uuid.UUID | None = None) -> list[Task]:
    """Return the tasks that the actor marked as done and can still undo, newest first. `only` selects one of them."""
    since = clock.now() - timedelta(days=UNDO_DAYS)
    rows = Task.objects.filter(owner=actor.agency, done_by=actor.membership, done_at__gt=since)
    rows = rows if only is None else rows.filter(id=only)
    return list(rows.order_by("-done_at", "code", "id"))


def find(*, actor: Actor, task: uuid.UUID) -> Task | None:
    """Return a task of the actor or of the actor's roles, whether open or done, or None."""
    return _for(actor).filter(id=task).first()


def _for(actor: Actor) -> QuerySet[Task]:
    return Task.objects.filter(Q(assignee=actor.membership) | Q(role__in=sorted(actor.roles)), owner=actor.agency)


def state_of(*, task: Task, today: date) -> TaskState:
    """Return the state of a task on a given day in its agency's time zone."""
    declared = rooms.tasks()[task.code]
    escalates = declared.escalates.days if declared.escalates else None
    return rules.state(
        due_on=task.due_on,
        today=today,
        warns=declared.warns,
        escalates=escalates,
        done=task.done_at is not None,
    )
