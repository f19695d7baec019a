"""The ring: an agency's keys, each encrypted to the memberships whose role may use it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.core.floors import ADDED_ONCE, Backup, Floor, IdOf, Writing


class RingKey(models.Model):
    """The public part of one key of an agency, by code (a kind of information, or a use) and version."""

    floor: ClassVar = Floor.COALITION
    writing: ClassVar = Writing(added_if="accord.ring_key_is_due(code, version)")  # a next version only when one is due
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "code": "which key",
        "version": "which key",
        "public": "public key",
        "since": "time",
        "signature": "signature",
        "retired_at": "workflow state",
        "deleted_at": "workflow state",
    }

    pk = models.CompositePrimaryKey("owner", "code", "version")
    owner = models.UUIDField()
    code = models.TextField()
    version = models.IntegerField()
    public = models.BinaryField()
    since = models.DateTimeField()
    signature = models.BinaryField(
        null=True
    )  # by the version before it; null for a first one, or if no one held that version
    retired_at = models.DateTimeField(
        null=True
    )  # someone who held it has left: it only decrypts, and a next version is due
    deleted_at = models.DateTimeField(
        null=True
    )  # nothing is encrypted to it any more: its seals are gone, this public part remains


class RingSeal(models.Model):
    """The secret of one ring key, encrypted to one membership."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = ADDED_ONCE
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {"code": "which key", "version": "which key"}

    pk = models.CompositePrimaryKey("owner", "membership", "code", "version")
    owner = models.UUIDField()
    membership = models.UUIDField()
    code = models.TextField()
    version = models.IntegerField()
    sealed = models.BinaryField()


class RecoverySeal(models.Model):
    """The secret of one ring key, encrypted to the printed recovery key."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = ADDED_ONCE
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {"recovery": IdOf("a recovery key"), "code": "which key", "version": "which key"}

    pk = models.CompositePrimaryKey("owner", "recovery", "code", "version")
    owner = models.UUIDField()
    recovery = models.UUIDField()
    code = models.TextField()
    version = models.IntegerField()
    sealed = models.BinaryField()
