"""Persons, shares, keys, and sealed entries. Readable columns are an allowlist (tests/architecture), because everything
about a person belongs in `Entry.sealed`."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accord.access.codes import SHARE_OFFICIAL, SYSTEMS, holders
from accord.core.floors import ADDED_ONCE, BY_FUNCTION, Backup, Floor, IdOf, Writing
from accord.core.owned import Owned
from accord.sharing.rules import OFFICIAL

# A systems-based agency shares its own records based on a right and a need to know. Other agencies and roles cannot.
_RIGHT_AND_NEED = (
    f"(basis <> '{OFFICIAL}' or (select accord.actor_agency_is('{SYSTEMS}') and ("
    + " or ".join(f"accord.actor_is('{role}')" for role in holders(SHARE_OFFICIAL))
    + ")))"
)


class Person(Owned):
    """A person's record at one agency, with a random id. Two agencies that serve the same person use different ids."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = ADDED_ONCE
    backup: ClassVar = Backup.DATA
    persons: ClassVar = ("id",)
    readable: ClassVar = {"opened_on": "day of change", "state": "workflow state"}

    opened_on = models.DateField()
    state = models.TextField()


class Assignment(Owned):
    """An assignment of a colleague to a person. `about` is a Person at the same agency or the handle of a shared
    person."""

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
            # Each statement about people reads the actor's bars. A colleague may have thousands of other assignments.
            models.Index(fields=["owner", "membership"], name="assignment_bars", condition=models.Q(basis="barred")),
        ]


class Joining(Owned):
    """Two records of the same person at one agency, joined until they are separated. Joining changes neither record."""

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
    """The owner's copy of the key for one (person, kind, epoch), sealed under the kind's ring key."""

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
    """The terms for sharing one kind of information about one person with one agency. Both agencies keep the terms as
    history."""

    floor: ClassVar = Floor.SHARED
    writing: ClassVar = Writing(
        added_if=_RIGHT_AND_NEED, changes=("withdrawn_at", "suspended_at"), changed_if="withdrawn_at is null"
    )
    backup: ClassVar = Backup.KEYS
    persons: ClassVar = ("person",)
    after_erasure: ClassVar = "both agencies keep the terms as history; the share has ended and has no key"
    readable: ClassVar = {
        "handle": IdOf("the person, at the recipient"),
        "purposes": "terms, which the floor and the recipient read",
        "starts_at": "terms",
        "ends_at": "terms",
        "additions": "terms",
        "basis": "terms",
        "basis_id": IdOf("a release"),
        "made_at": "time of change",
        "withdrawn_at": "workflow state, which the floor reads",
        "suspended_at": "workflow state, which the floor reads",
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
    writing: ClassVar = Writing(removes=True)  # removed when its share ends
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
    """A sealed entry about a person. A correction is a new revision of the same series, and nothing is overwritten."""

    floor: ClassVar = Floor.SHARED
    writing: ClassVar = ADDED_ONCE
    backup: ClassVar = Backup.DATA
    persons: ClassVar = ("person",)
    readable: ClassVar = {
        "type": "the format of the sealed bytes",
        "schema": "the format version",
        "replaced_at": "time of change, which the floor reads",
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
    """The sound of a name, placed in one of a few buckets. Only agencies with more than a thousand people have these
    rows."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = Writing(removes=True)  # removed when the name changes
    backup: ClassVar = Backup.DATA
    persons: ClassVar = ("person",)
    readable: ClassVar = {"bucket": "one of 8 to 1,024 buckets of about 100 people, under the agency's search key"}

    pk = models.CompositePrimaryKey("owner", "bucket", "person")
    owner = models.UUIDField()
    bucket = models.IntegerField()
    person = models.UUIDField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner", "person"], name="token_by_person")]


class Erasure(Owned):
    """A request to permanently erase a record. A second colleague confirms the request. After that, only this row shows
    that there was a record. The row is part of a backup's key file, so an older data file can't bring the record
    back."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    persons: ClassVar = ("person",)
    after_erasure: ClassVar = "this row shows that a record was erased, and by which two colleagues"
    readable: ClassVar = {
        "reason": "one of four codes, with no text",
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
    """A legal hold, for when a court or a law requires that a record be kept. The record can't be erased until the hold
    is lifted."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    persons: ClassVar = ("person",)
    readable: ClassVar = {"ended_at": "workflow state"}

    person = models.UUIDField()
    by = models.UUIDField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
