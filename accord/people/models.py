"""Tasks: who has to do what by when, as codes. The details stay sealed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.core.floors import Floor
from accord.core.owned import Owned


class Task(Owned):
    """A task about a person of the agency. `matter` is the entry whose end closes the task. `done_by` is the member
    who marked it as done, or null if the program closed it."""

    floor: ClassVar = Floor.OWNED
    persons: ClassVar = ("person",)

    person = models.UUIDField()
    code = models.TextField()
    assignee = models.UUIDField()
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)
    matter = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner", "assignee"], name="task_by_assignee")]
