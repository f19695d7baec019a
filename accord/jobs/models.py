"""A record of when each job last ran. The queue's own tables belong to Procrastinate. See the first migration."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.core.floors import Backup, Floor


class Run(models.Model):
    """The times when a job last succeeded and last failed, according to the database clock. A job is identified only by
    its name.

    `started_at` is when a worker first started after the last success, so that a new worker does not appear late.
    """

    floor: ClassVar = Floor.SYSTEM
    backup: ClassVar = Backup.LEFT_OUT
    readable: ClassVar = {"name": "which job", "done_at": "time", "failed_at": "time", "started_at": "time"}

    name = models.TextField(primary_key=True)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
