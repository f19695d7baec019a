"""Connected systems."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accord.core.floors import BY_FUNCTION, Backup, Floor, IdOf
from accord.core.owned import Owned


class System(Owned):
    """Another system that acts for the agency. Its membership has the same id and no account.

    Its token is its only secret. Only the hash of the token's database ticket is stored. `writes` and `reads` contain
    the kinds that it may add and read.
    """

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "ticket_hash": "hash",
        "made_by": IdOf("a membership"),
        "made_at": "time",
        "expires_at": "due date",
        "used_at": "time",
        "writes": "limits what the system may do",
        "reads": "limits what the system may do",
        "purpose": "limits what the system may do",
    }

    ticket_hash = models.BinaryField()
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    writes = ArrayField(models.TextField())
    reads = ArrayField(models.TextField())
    purpose = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["ticket_hash"], name="machine_by_ticket")]
