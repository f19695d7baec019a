"""Tasks: who has to do what by when, as codes; what it is about stays sealed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.core.floors import Floor


class Task(models.Model):
    """Something to do about a person of one's own agency. `matter` is the entry that it hangs on, where it ends only with
    that; `done_by` is who marked it as done, and empty where the program ended it."""

    floor: ClassVar = Floor.OWNED
    persons: ClassVar = ("person",)

    pk = models.CompositePrimaryKey("owner", "id")
    owner = models.UUIDField()
    id = models.UUIDField()
    person = models.UUIDField()
    code = models.TextField()
    assignee = models.UUIDField()
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)
    matter = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner", "assignee"], name="task_by_assignee")]
