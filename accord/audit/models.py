"""The audit log's tables. Only one SQL function writes rows, and no row is ever changed (audit/functions.sql)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.core.floors import ADDED_ONCE, BY_FUNCTION, Backup, Floor, IdOf


class Event(models.Model):
    """One event in an agency's chain. `line` is the text that was hashed. Its details are encrypted (ADR 0011)."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {
        "position": "position in the chain",
        "actor_account": IdOf("an account"),
        "actor_membership": IdOf("a membership"),
        "actor_agency": IdOf("an agency"),
        "source": "the staff member's network address",
        "action": "code for what was done",
        "outcome": "code for the outcome",
        "line": "the event as JSON, as hashed, with its details sealed (tests/attack/test_dump.py)",
        "hash": "link in the chain",
    }

    pk = models.CompositePrimaryKey("owner", "position")
    owner = models.UUIDField()
    position = models.BigIntegerField()
    at = models.DateTimeField()
    actor_account = models.UUIDField(null=True)
    actor_membership = models.UUIDField(null=True)
    actor_agency = models.UUIDField(null=True)
    source = models.TextField()
    action = models.TextField()
    outcome = models.TextField()
    line = models.TextField()
    hash = models.BinaryField()

    class Meta:
        ordering = ("owner", "position")
        indexes: ClassVar = [
            models.Index(fields=["owner", "actor_membership", "at"], name="event_by_member"),
            models.Index(fields=["owner", "position"], condition=~models.Q(outcome="done"), name="event_refused"),
        ]


class About(models.Model):
    """The people an event is about, indexed so that a list of who looked at a record needs no table scan."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.DATA
    persons: ClassVar = ("person",)
    after_erasure: ClassVar = "ids in the audit log, which still shows who did what"
    readable: ClassVar = {"position": "position in the chain"}

    pk = models.CompositePrimaryKey("owner", "person", "position")
    owner = models.UUIDField()
    person = models.UUIDField()
    position = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner", "position"], name="about_by_position")]


class ChainHead(models.Model):
    """The end of each chain: its length and last hash. Heads are locked in id order when events are appended."""

    floor: ClassVar = Floor.SYSTEM
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {"position": "position in the chain", "hash": "link in the chain"}

    owner = models.UUIDField(primary_key=True)
    position = models.BigIntegerField()
    hash = models.BinaryField()


class SignedHead(models.Model):
    """An agency's signature on the end of its own chain, made in a session that holds the signing key."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = ADDED_ONCE
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {
        "position": "position in the chain",
        "hash": "link in the chain",
        "signature": "signature",
        "key_version": "which key",
    }

    pk = models.CompositePrimaryKey("owner", "position")
    owner = models.UUIDField()
    position = models.BigIntegerField()
    hash = models.BinaryField()
    signature = models.BinaryField()
    key_version = models.IntegerField()
