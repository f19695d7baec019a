"""Email addresses, and messages to send. Neither table can be read directly."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.core.floors import Backup, Floor, IdOf


class Address(models.Model):
    """An account's email address, encrypted under the host's key.

    All notices up to `mailed_at` are already covered by a message.
    """

    floor: ClassVar = Floor.SYSTEM
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "asked_id": IdOf("the message with the code"),
        "asked_at": "time",
        "tries": "too many wrong codes end the request",
        "confirmed_at": "workflow state",
        "refused_at": "workflow state",
        "mailed_at": "time",
    }

    account = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()
    asked_id = models.UUIDField()  # the message with the code; the code is derived from this id
    asked_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)


class Outbox(models.Model):
    """A message to an account. The row holds no text, because `what` determines the text. The row is deleted a day
    after sending."""

    floor: ClassVar = Floor.SYSTEM
    backup: ClassVar = Backup.LEFT_OUT
    readable: ClassVar = {
        "what": "which of the two texts",
        "made_at": "time",
        "due_at": "due date",
        "tries": "a number",
        "sent_at": "workflow state",
        "dropped_at": "workflow state",
    }

    id = models.UUIDField(primary_key=True)
    account = models.UUIDField()
    what = models.TextField()
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "made_at"], name="outbox_by_account"),
            models.Index(fields=["due_at"], name="outbox_by_time"),
        ]
