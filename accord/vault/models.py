"""The ring holds an agency's keys, each encrypted to the memberships whose roles may use it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.core.floors import ADDED_ONCE, Backup, Floor, IdOf, Writing


class RingKey(models.Model):
    """The public part of an agency's key, by code (a kind of information or a use) and version."""

    floor: ClassVar = Floor.COALITION
    writing: ClassVar = Writing(added_if="accord.ring_key_is_due(code, version)")  # a new version only when one is due
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
    )  # made with the previous version's key; null for a first version, or if no one held the previous version
    retired_at = models.DateTimeField(
        null=True
    )  # set when someone who held the key has left; it then only decrypts, and a new version is due
    deleted_at = models.DateTimeField(
        null=True
    )  # set when nothing is encrypted to the key anymore; its seals are gone, and this public part remains


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
