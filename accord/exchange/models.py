"""The steps of exchanges between agencies. The database can read who took which step and when, but not the content of a
step."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accord.core.floors import BY_FUNCTION, Backup, Floor, IdOf, Reading

# An exchange that is no longer kept is gone, even if no worker has deleted it yet.
READS = (
    "(select accord.actor_agency()) = any(readers) and (code not in (select k.code from accord.exchange_kept() k) "
    "or not accord.exchange_over(code, asker, exchange, answerer))"
)


class Step(models.Model):
    """One step between the agency that asks and an agency that answers. It is never changed. `owner` is the agency that
    took the step.

    The other side can open `sealed`, and the owner can open `sealed_own`. Each is empty if there is nothing to read. If
    the first step goes to several agencies, there is a row for each of them, with the same `exchange`. Only
    `accord.exchange_take` writes rows.
    """

    floor: ClassVar = Floor.PARTIES
    reading: ClassVar = Reading(only_if=READS, named_if=READS)
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {
        "asker": IdOf("the agency that began the exchange"),
        "exchange": IdOf("an exchange"),
        "answerer": IdOf("the agency that it was begun with"),
        "step": "a number",
        "code": "workflow: what kind of exchange",
        "action": "workflow: what was done",
        "state": "workflow state after it",
        "topic": "code: what the exchange is about, such as a half-year or a type of legal request",
        "day": "a date that both sides see, such as the day a request came",
        "readers": IdOf("the sides that read the row, which the floor checks"),
        "former": "hash of the step before",
        "own_ring_version": "which key of the owner opens the row",
    }

    pk = models.CompositePrimaryKey("owner", "asker", "exchange", "answerer", "step")
    owner = models.UUIDField()
    asker = models.UUIDField()
    exchange = models.UUIDField()
    answerer = models.UUIDField()
    step = models.IntegerField()
    code = models.TextField()
    action = models.TextField()
    state = models.TextField()
    topic = models.TextField()
    day = models.DateField(null=True)
    readers = ArrayField(models.UUIDField())
    former = models.BinaryField()
    ring_version = models.IntegerField()
    sealed = models.BinaryField()
    own_ring_version = models.IntegerField()
    sealed_own = models.BinaryField()
    at = models.DateTimeField()
    by = models.UUIDField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["asker", "exchange", "answerer", "step"], name="exchange_in_order"),
            models.Index(fields=["asker", "code", "topic"], name="exchange_by_asker"),
            models.Index(fields=["answerer", "code", "topic"], name="exchange_by_answerer"),
        ]
