"""Tasks. Codes show who has to do what and by when, and the details stay sealed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.core.floors import Backup, Floor, IdOf, Writing
from accord.core.owned import Owned
from accord.sharing.codes import UNDO_DAYS


class Task(Owned):
    """A task about one of the agency's people. The task closes when the entry `matter` ends. `done_by` is the member
    who marked the task as done, or null if the program closed it."""

    floor: ClassVar = Floor.OWNED
    # For a while, the member who marked a task as done can reopen it.
    writing: ClassVar = Writing(
        changes=("done_at", "done_by"),
        changed_if="(done_at is null or (done_by = (select accord.actor_membership()) "
        f"and done_at > accord.now() - interval '{UNDO_DAYS} days'))",
        left_if="(done_by is null or done_by = (select accord.actor_membership()))",
    )
    backup: ClassVar = Backup.DATA
    persons: ClassVar = ("person",)
    readable: ClassVar = {
        "code": "workflow: what kind of task",
        "assignee": IdOf("a membership"),
        "due_on": "due date",
        "done_at": "workflow state",
        "done_by": IdOf("a membership"),
        "matter": IdOf("an entry"),
    }

    person = models.UUIDField()
    code = models.TextField()
    assignee = models.UUIDField()
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)
    matter = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner", "assignee"], name="task_by_assignee")]
