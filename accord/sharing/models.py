"""Persons, shares, keys and sealed entries. Readable columns are an allowlist (tests/architecture): everything that
tells of a person stands in `Entry.sealed`."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accord.core.floors import Floor


class Person(models.Model):
    """One human as one agency knows her: a random id. Two agencies that know the same human hold two."""

    floor: ClassVar = Floor.OWNED
    persons: ClassVar = ("id",)

    pk = models.CompositePrimaryKey("owner", "id")
    owner = models.UUIDField()
    id = models.UUIDField()
    opened_on = models.DateField()
    state = models.TextField()


class Assignment(models.Model):
    """Who works with whom. `about` is a Person of the same agency, or the handle of somebody shared with it."""

    floor: ClassVar = Floor.OWNED
    persons: ClassVar = ("about",)

    pk = models.CompositePrimaryKey("owner", "id")
    owner = models.UUIDField()
    id = models.UUIDField()
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


class Joining(models.Model):
    """Two records of one person in one agency, joined until they are parted. Each stays what it is."""

    floor: ClassVar = Floor.OWNED
    persons: ClassVar = ("first", "second")

    pk = models.CompositePrimaryKey("owner", "id")
    owner = models.UUIDField()
    id = models.UUIDField()
    first = models.UUIDField()
    second = models.UUIDField()
    by = models.UUIDField()
    at = models.DateTimeField()
    parted_at = models.DateTimeField(null=True)


class DataKey(models.Model):
    """The owner's copy of the key of one (person, kind, epoch), under the kind key of its ring."""

    floor: ClassVar = Floor.OWNED
    persons: ClassVar = ("person",)

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


class Share(models.Model):
    """The terms under which one kind of information about one person goes to one agency. Both sides keep it as history."""

    floor: ClassVar = Floor.SHARED
    persons: ClassVar = ("person",)
    after_erasure: ClassVar = "the terms, as history of both sides: ended, without a key"

    pk = models.CompositePrimaryKey("owner", "id")
    owner = models.UUIDField()
    id = models.UUIDField()
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
    """A recipient's copy of one data key. Exists only while its share has not ended; visible only while it is in force."""

    floor: ClassVar = Floor.SHARED
    persons: ClassVar = ("person",)

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
    """One sealed thing known of a person. Corrections are new revisions of the same series; nothing is overwritten."""

    floor: ClassVar = Floor.SHARED
    persons: ClassVar = ("person",)

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
    replaced_at = models.DateTimeField(null=True)  # by the next revision (sharing/functions.sql)
    sealed = models.BinaryField()


class SearchToken(models.Model):
    """A name's sound in one of few buckets, under the search key of an agency with more than a thousand people."""

    floor: ClassVar = Floor.OWNED
    persons: ClassVar = ("person",)

    pk = models.CompositePrimaryKey("owner", "bucket", "person")
    owner = models.UUIDField()
    bucket = models.IntegerField()
    person = models.UUIDField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner", "person"], name="token_by_person")]


class Erasure(models.Model):
    """Somebody asks that a person's record goes for good; a second colleague confirms it, and then only this line says
    that there was one. Stands in the key file of a backup: an older data file does not bring her back."""

    floor: ClassVar = Floor.OWNED
    persons: ClassVar = ("person",)
    after_erasure: ClassVar = "the line that says a record was erased, and by which two"

    pk = models.CompositePrimaryKey("owner", "id")
    owner = models.UUIDField()
    id = models.UUIDField()
    person = models.UUIDField()
    reason = models.TextField()
    by = models.UUIDField()
    at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)


class Hold(models.Model):
    """A court or a law wants a record kept as it is: it cannot be erased meanwhile."""

    floor: ClassVar = Floor.OWNED
    persons: ClassVar = ("person",)

    pk = models.CompositePrimaryKey("owner", "id")
    owner = models.UUIDField()
    id = models.UUIDField()
    person = models.UUIDField()
    by = models.UUIDField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
