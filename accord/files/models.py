"""The sealed pieces of files."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.core.floors import ADDED_ONCE, Backup, Floor, IdOf


class Piece(models.Model):
    """A sealed piece of a file about a person. The file's key is in a sealed entry about the same person, or in a draft
    about them. Deleting that draft deletes the piece."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = ADDED_ONCE
    backup: ClassVar = Backup.DATA
    persons: ClassVar = ("person",)
    readable: ClassVar = {"file": IdOf("a file, random"), "number": "order of the pieces", "draft": IdOf("a draft")}

    pk = models.CompositePrimaryKey("owner", "file", "number")
    owner = models.UUIDField()
    person = models.UUIDField()
    file = models.UUIDField()
    number = models.IntegerField()
    draft = models.UUIDField(null=True)
    sealed = models.BinaryField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "person"], name="piece_by_person"),
            models.Index(fields=["owner", "draft"], name="piece_by_draft", condition=models.Q(draft__isnull=False)),
        ]
