"""Drafts: forms that their authors saved before finishing them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.core.floors import BY_FUNCTION, Backup, Floor, IdOf, Reading
from accord.core.owned import Owned
from accord.drafts.codes import KEPT_DAYS


class Draft(Owned):
    """An unfinished form that its author saved. There is at most one for each author, form, and person. Only the
    author's sessions can see it, and only until it expires."""

    floor: ClassVar = Floor.OWNED
    reading: ClassVar = Reading(
        only_if="author = (select accord.actor_membership()) "
        f"and saved_at > (select accord.now()) - interval '{KEPT_DAYS} days'"
    )
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.DATA
    persons: ClassVar = ("person",)
    readable: ClassVar = {
        "author": IdOf("a membership"),
        "form": "which form",
        "begun_at": "time",
        "saved_at": "time of change, which the floor checks",
    }

    author = models.UUIDField()
    form = models.TextField()
    person = models.UUIDField()
    kind = models.TextField()
    revision = models.IntegerField()
    ring_version = models.IntegerField()
    sealed = models.BinaryField()
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "author", "form", "person"], name="draft_of_author")
        ]
        indexes: ClassVar = [models.Index(fields=["owner", "person"], name="draft_by_person")]
