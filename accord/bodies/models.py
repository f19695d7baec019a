"""The coalition's bodies, their seats, and their decisions. No row is about a client."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.core.floors import BY_FUNCTION, Backup, Floor, IdOf, Reading
from accord.core.owned import Owned

ITS_BODY = IdOf("a body")
NO_CLIENTS = "not encrypted, so it must never be about a client"


class Body(Owned):
    """A task force, a committee, or a team of the coalition. The coalition's office maintains it.

    Only its end date can change. Opening a closed body to all agencies would reveal decisions meant for only a few of
    them.
    """

    floor: ClassVar = Floor.PARTIES
    reading: ClassVar = Reading(named_if="id in (select accord.bodies_known())")
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "name": "the name of a committee",
        "charge": NO_CLIENTS,
        "is_open": "decides who reads it",
        "since": "workflow state",
        "ended_on": "workflow state",
    }

    name = models.TextField()
    kind = models.TextField()
    charge = models.TextField()
    is_open = models.BooleanField()
    since = models.DateField()
    ended_on = models.DateField(null=True)


class Seat(Owned):
    """An agency's seat on a body, from a first day and sometimes to a last day. Both are days in the office's time
    zone.

    The seat is for one colleague (`membership`) or for anyone at the agency (`for_anyone`). Until the agency chooses
    someone, the seat is empty.
    """

    floor: ClassVar = Floor.PARTIES
    reading: ClassVar = Reading(named_if="body in (select accord.bodies_known())")
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "body": ITS_BODY,
        "agency": IdOf("the agency that has the seat"),
        "role": "decides what the seat allows",
        "for_anyone": "decides who holds the seat",
        "since": "terms",
        "until": "terms",
        "named_at": "time",
        "ended_at": "workflow state",
    }

    body = models.UUIDField()
    agency = models.UUIDField()
    membership = models.UUIDField(null=True)
    for_anyone = models.BooleanField()
    role = models.TextField()
    since = models.DateField()
    until = models.DateField(null=True)
    at = models.DateTimeField()
    named_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["agency"], name="seat_by_agency"),
            models.Index(fields=["body"], name="seat_by_body"),
        ]


class Decision(Owned):
    """A body's decision as first recorded, or a later revision that corrects it. The row belongs to the agency of the
    colleague who recorded it."""

    floor: ClassVar = Floor.BODY
    reading: ClassVar = Reading(of_body="body")
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {"body": ITS_BODY, "decided_on": "day of the decision", "words": NO_CLIENTS}

    body = models.UUIDField()
    series = models.UUIDField()
    revision = models.IntegerField()
    decided_on = models.DateField()
    words = models.TextField()
    by = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["body", "decided_on"], name="decision_by_body")]
