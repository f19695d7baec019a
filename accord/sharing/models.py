"""Persons, shares, keys and sealed entries. Readable columns are an allowlist (tests/architecture): everything about a
person is in `Entry.sealed`."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accord.access.codes import SHARE_OFFICIAL, SYSTEMS, holders
from accord.core.floors import ADDED_ONCE, BY_FUNCTION, Backup, Floor, IdOf, Writing
from accord.core.owned import Owned
from accord.sharing.rules import OFFICIAL

# A systems-based agency shares its own records, based on right and need to know. No other agency and no other role can.
_RIGHT_AND_NEED = (
    f"(basis <> '{OFFICIAL}' or (select accord.actor_agency_is('{SYSTEMS}') and ("
    + " or ".join(f"accord.actor_is('{role}')" for role in holders(SHARE_OFFICIAL))
    + ")))"
)


class Person(Owned):
    """One human as one agency knows them: a random id. Two agencies that know the same human have two."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = ADDED_ONCE
    backup: ClassVar = Backup.DATA
    persons: ClassVar = ("id",)
    readable: ClassVar = {"opened_on": "day of change", "state": "workflow state"}

    opened_on = models.DateField()
    state = models.TextField()


class Assignment(Owned):
    """Who works with which person. `about` is a Person of the same agency, or the handle of someone shared with it."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = Writing(changes=("ended_at",), changed_if="(ended_at is null or ended_at > accord.now())")
    backup: ClassVar = Backup.KEYS
    persons: ClassVar = ("about",)
    readable: ClassVar = {"basis": "workflow: assigned, given access, barred", "ended_at": "time of change"}

    about = models.UUIDField()
    membership = models.UUIDField()
    basis = models.TextField()
    by = models.UUIDField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner", "membership"], name="assignment_by_member"),
            models.Index(fields=["owner", "about"], name="assignment_by_person"),
        ]


class Joining(Owned):
    """Two records of one person in one agency, joined until they are separated. Neither is changed."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = Writing(changes=("parted_at",), changed_if="parted_at is null")
    backup: ClassVar = Backup.KEYS
    persons: ClassVar = ("first", "second")
    readable: ClassVar = {"parted_at": "workflow state"}

    first = models.UUIDField()
    second = models.UUIDField()
    by = models.UUIDField()
    at = models.DateTimeField()
    parted_at = models.DateTimeField(null=True)


class DataKey(models.Model):
    """The owner's copy of the key for one (person, kind, epoch), under the ring key of its kind."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = Writing(
        changes=("closed", "ring_version", "sealed"),
        left_if="(closed or not accord.epoch_is_closed(person, kind, epoch)) "
        "and accord.wrap_may_become(person, kind, epoch, ring_version, sealed)",
    )
    backup: ClassVar = Backup.KEYS
    persons: ClassVar = ("person",)
    readable: ClassVar = {"closed": "workflow state"}

    pk = models.CompositePrimaryKey("owner", "person", "kind", "epoch")
    owner = models.UUIDField()
    person = models.UUIDField()
    kind = models.TextField()
    epoch = models.IntegerField()
    ring_version = models.IntegerField()
    sealed = models.BinaryField()
    closed = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner", "kind", "ring_version"], name="datakey_by_version")]


class Share(Owned):
    """The terms under which one kind of information about one person goes to one agency. Both sides keep it as
    history."""

    floor: ClassVar = Floor.SHARED
    writing: ClassVar = Writing(
        added_if=_RIGHT_AND_NEED, changes=("withdrawn_at", "suspended_at"), changed_if="withdrawn_at is null"
    )
    backup: ClassVar = Backup.KEYS
    persons: ClassVar = ("person",)
    after_erasure: ClassVar = "the terms, as history of both sides: ended, without a key"
    readable: ClassVar = {
        "handle": IdOf("the person, as the recipient knows them"),
        "purposes": "terms: the floor and the recipient read them",
        "starts_at": "terms",
        "ends_at": "terms",
        "additions": "terms",
        "basis": "terms",
        "basis_id": IdOf("a release"),
        "made_at": "time of change",
        "withdrawn_at": "workflow state: the floor reads it",
        "suspended_at": "workflow state: the floor reads it",
    }

    person = models.UUIDField()
    handle = models.UUIDField()
    kind = models.TextField()
    recipient = models.UUIDField()
    purposes = ArrayField(models.TextField())
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    additions = models.BooleanField()
    basis = models.TextField()
    basis_id = models.UUIDField()
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["recipient", "handle"], name="share_by_recipient"),
            models.Index(fields=["owner", "person"], name="share_by_person"),
        ]


class ShareKey(models.Model):
    """A recipient's copy of one data key. It exists only until its share ends, and is visible only while the share is
    in force."""

    floor: ClassVar = Floor.SHARED
    writing: ClassVar = Writing(removes=True)  # when its share ends
    backup: ClassVar = Backup.KEYS
    persons: ClassVar = ("person",)
    readable: ClassVar[dict[str, str]] = {}

    pk = models.CompositePrimaryKey("owner", "person", "kind", "epoch", "recipient", "share")
    owner = models.UUIDField()
    person = models.UUIDField()
    kind = models.TextField()
    epoch = models.IntegerField()
    recipient = models.UUIDField()
    share = models.UUIDField()
    ring_version = models.IntegerField()
    sealed = models.BinaryField()


class Entry(models.Model):
    """One sealed entry about a person. A correction is a new revision of the same series; nothing is overwritten."""

    floor: ClassVar = Floor.SHARED
    writing: ClassVar = ADDED_ONCE
    backup: ClassVar = Backup.DATA
    persons: ClassVar = ("person",)
    readable: ClassVar = {
        "type": "which form the sealed bytes have",
        "schema": "its version",
        "replaced_at": "time of change: the floor reads it",
    }

    pk = models.CompositePrimaryKey("owner", "person", "kind", "series", "revision")
    owner = models.UUIDField()
    person = models.UUIDField()
    kind = models.TextField()
    series = models.UUIDField()
    revision = models.IntegerField()
    epoch = models.IntegerField()
    type = models.TextField()
    schema = models.IntegerField()
    by = models.UUIDField()
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)  # set when the next revision is saved (sharing/functions.sql)
    sealed = models.BinaryField()


class SearchToken(models.Model):
    """The sound of a name in one of a few buckets, under the search key of an agency with more than a thousand people."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = Writing(removes=True)  # of a changed name
    backup: ClassVar = Backup.DATA
    persons: ClassVar = ("person",)
    readable: ClassVar = {"bucket": "one of 8 to 1,024, about a hundred people to each, under the agency's search key"}

    pk = models.CompositePrimaryKey("owner", "bucket", "person")
    owner = models.UUIDField()
    bucket = models.IntegerField()
    person = models.UUIDField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner", "person"], name="token_by_person")]


class Erasure(Owned):
    """A request to erase a record for good. A second colleague confirms it; after that, only this row says that there
    was a record. It is part of a backup's key file, so an older data file can't bring the record back."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    persons: ClassVar = ("person",)
    after_erasure: ClassVar = "the line that says a record was erased, and by which two"
    readable: ClassVar = {
        "reason": "one of four codes, no words",
        "confirmed_by": IdOf("a membership"),
        "confirmed_at": "workflow state",
    }

    person = models.UUIDField()
    reason = models.TextField()
    by = models.UUIDField()
    at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)


class Hold(Owned):
    """A court or a law requires keeping a record as it is. It can't be erased until the hold is lifted."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    persons: ClassVar = ("person",)
    readable: ClassVar = {"ended_at": "workflow state"}

    person = models.UUIDField()
    by = models.UUIDField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
