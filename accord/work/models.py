"""Tasks, stored as codes, which show who has to do what and by when. The details stay sealed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accord.core.floors import Backup, Floor, IdOf, Reading, Writing
from accord.core.owned import Owned
from accord.sharing.codes import UNDO_DAYS

FOR_ME = "(assignee = (select accord.actor_membership()) or (role is not null and accord.actor_is(role)))"


class Task(Owned):
    """Something to do by a certain day, for one colleague (`assignee`) or for everyone in a role.

    `about` is one of the agency's people, or null. `matter` is the entry or other item that closes the task when it
    ends. `asked_by` is the agency that asked for the task, or null if it was this agency. `escalated_at` is when others
    were told that the task is overdue. `done_by` is the member who marked the task as done, or null if the program
    closed it.
    """

    floor: ClassVar = Floor.OWNED
    # A supervisor answers for the team, a privacy officer for legal requests.
    reading: ClassVar = Reading(
        only_if=f"{FOR_ME} or (select accord.actor_is('supervisor')) or (select accord.actor_is('officer'))"
    )
    # For a while, the member who marked a task as done can undo that. `accord.task_close` closes tasks that end by
    # themselves.
    writing: ClassVar = Writing(
        added_if="asked_by is null and escalated_at is null and done_at is null and done_by is null",
        changes=("done_at", "done_by"),
        changed_if=f"{FOR_ME} and (done_at is null or (done_by = (select accord.actor_membership()) "
        f"and done_at > accord.now() - interval '{UNDO_DAYS} days'))",
        left_if="(done_by is null or done_by = (select accord.actor_membership()))",
    )
    backup: ClassVar = Backup.DATA
    persons: ClassVar = ("about",)
    readable: ClassVar = {
        "code": "workflow: what kind of task",
        "matter": IdOf("an entry, or a legal request"),
        "assignee": IdOf("a membership"),
        "role": "the role of the colleagues who can do it",
        "due_on": "due date",
        "asked_by": IdOf("an agency"),
        "escalated_at": "workflow state",
        "done_at": "workflow state",
        "done_by": IdOf("a membership"),
    }

    code = models.TextField()
    about = models.UUIDField(null=True)
    matter = models.UUIDField(null=True)
    assignee = models.UUIDField(null=True)
    role = models.TextField(null=True)
    due_on = models.DateField()
    asked_by = models.UUIDField(null=True)
    escalated_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "assignee"], name="work_by_assignee"),
            models.Index(fields=["owner", "role"], name="work_by_role"),
            models.Index(fields=["owner", "about"], name="work_by_person"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(assignee__isnull=True, role__isnull=False) | Q(assignee__isnull=False, role__isnull=True),
                name="work_for_one_or_a_role",
            )
        ]
