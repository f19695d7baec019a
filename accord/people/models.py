"""Tasks: who has to do what by when, as codes; what it is about stays sealed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.core.floors import Floor


class Task(models.Model):
    """Something to do about a person of one's own agency."""

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

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner", "assignee"], name="task_by_assignee")]
