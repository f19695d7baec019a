"""Agencies, and the contact lines that their partners call. Coalition members can see which agencies belong to the
coalition, but not their numbers."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accord.access.codes import SIGN_AGREEMENT
from accord.core.floors import BY_FUNCTION, Backup, Floor, Writing


class Agency(models.Model):
    """One member of the coalition. The law packs use `traits` and `jurisdictions`."""

    floor: ClassVar = Floor.COALITION
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "name": "an agency's name",
        "zone": "sets the agency's local day",
        "jurisdictions": "decides which law applies",
        "traits": "decides which law applies",
        "since": "time",
    }

    owner = models.UUIDField(primary_key=True)
    name = models.TextField()
    kind = models.TextField()
    zone = models.TextField()
    jurisdictions = ArrayField(models.TextField())
    traits = ArrayField(models.TextField())
    since = models.DateTimeField()


class ContactLine(models.Model):
    """The contact that partners call about what an agency shares: a role, a phone number, and hours. Only agencies with
    an agreement in effect can read it, because a shelter's number is not public.
    """

    floor: ClassVar = Floor.SHARED
    writing: ClassVar = Writing(
        added_by=SIGN_AGREEMENT, changes=("role", "phone", "hours", "at", "by"), changed_by=SIGN_AGREEMENT
    )
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {
        "role": "who partners ask for, never a survivor",
        "phone": "an agency's number, for agencies with an agreement",
        "hours": "an agency's hours",
    }

    owner = models.UUIDField(primary_key=True)
    role = models.TextField()
    phone = models.TextField()
    hours = models.TextField()
    at = models.DateTimeField()
    by = models.UUIDField()
