"""Legal requests that the hub received and forwarded to an agency."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.core.floors import BY_FUNCTION, Backup, Floor, IdOf, Reading
from accord.core.owned import Owned


class ServedRequest(Owned):
    """A legal request that the hub received for this agency.

    Its sender and text are encrypted to the agency's privacy officers. The hub reads the other columns only through
    `accord.legal_requests_forwarded`, because it can't read this table.
    """

    floor: ClassVar = Floor.OWNED
    # A year after an officer took it on it is gone, even if no worker has deleted it yet (`accord.legal_requests_sweep`).
    reading: ClassVar = Reading(only_if="taken_at is null or taken_at >= (select accord.now()) - interval '365 days'")
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {
        "process": "code for the type of legal request, which the hub shows",
        "came_on": "day the hub received it",
        "sent_at": "time of change",
        "key_version": "which key opens it",
        "opened_at": "workflow state: the hub shows if it is set",
        "taken_at": "workflow state: the hub shows if it is set",
        "taken_by": IdOf("a membership"),
    }

    process = models.TextField()
    came_on = models.DateField()
    sent_at = models.DateTimeField()
    key_version = models.IntegerField()
    sealed = models.BinaryField()
    opened_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.UUIDField(null=True)
