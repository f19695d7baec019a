"""Agreements between agencies, their signatures, and partners' keys that were compared by phone."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accord.access.codes import SIGN_AGREEMENT
from accord.core.floors import BY_FUNCTION, Backup, Floor, IdOf, Reading, Writing
from accord.core.owned import Owned

# Agencies that can see an agreement can also see its lines and signatures.
WITH_ITS_AGREEMENT = "agreement in (select a.id from agreements_agreement a)"


class Agreement(Owned):
    """An agreement on which kinds agencies can share, and for how long. The coalition's office owns the row."""

    floor: ClassVar = Floor.PARTIES
    reading: ClassVar = Reading(named_if="coalesce(coalition, id) in (select accord.agreements_mine())")
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "title": "an agreement's name",
        "starts_at": "terms",
        "review_due_at": "due date",
        "ended_at": "workflow state",
        "coalition": IdOf("a coalition agreement"),
    }

    title = models.TextField()
    starts_at = models.DateTimeField()
    review_due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    coalition = models.UUIDField(null=True)  # the coalition agreement that this pair belongs to

    class Meta:
        indexes: ClassVar = [models.Index(fields=["coalition"], name="agreement_by_coalition")]


class CoalitionAgreement(Owned):
    """One set of terms for any number of members. Each pair of members has its own `Agreement`."""

    floor: ClassVar = Floor.PARTIES
    reading: ClassVar = Reading(named_if="id in (select accord.agreements_mine())")
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {"title": "an agreement's name", "kinds": "terms", "starts_at": "terms"}

    title = models.TextField()
    kinds = ArrayField(models.TextField())
    starts_at = models.DateTimeField()


class AgreementRequest(Owned):
    """A request to the coalition's office for an agreement. `partner` is null if the agency asks to join the coalition
    agreement."""

    floor: ClassVar = Floor.SUBMITTED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "submitted_to": IdOf("the coalition's office, which the floor checks"),
        "partner": IdOf("an agency"),
        "closed_at": "workflow state",
    }

    submitted_to = models.UUIDField()
    partner = models.UUIDField(null=True)
    by = models.UUIDField()
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)


class Permit(models.Model):
    """One line of an agreement: one agency may share this kind of information with another under a release."""

    floor: ClassVar = Floor.PARTIES
    reading: ClassVar = Reading(named_if=WITH_ITS_AGREEMENT)
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {"agreement": IdOf("an agreement"), "giver": IdOf("an agency"), "taker": IdOf("an agency")}

    pk = models.CompositePrimaryKey("owner", "agreement", "giver", "taker", "kind")
    owner = models.UUIDField()
    agreement = models.UUIDField()
    giver = models.UUIDField()
    taker = models.UUIDField()
    kind = models.TextField()


class Signature(models.Model):
    """An agency's signature on an agreement. The signing agency owns the row."""

    floor: ClassVar = Floor.PARTIES
    reading: ClassVar = Reading(named_if=WITH_ITS_AGREEMENT)
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "agreement": IdOf("an agreement"),
        "checked_at": "workflow state: whether the signature is in effect",
        "reviewed_at": "workflow state",
        "left_at": "workflow state",
    }

    pk = models.CompositePrimaryKey("owner", "agreement")
    owner = models.UUIDField()
    agreement = models.UUIDField()
    membership = models.UUIDField()
    at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)  # null until the partner's keys are compared
    reviewed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)


class KeyCheck(models.Model):
    """A phone call in which a privacy officer compared a partner's six words. Keys that were already pinned at that
    time are treated as checked."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {"partner": IdOf("an agency"), "words": "the six words for public keys"}

    pk = models.CompositePrimaryKey("owner", "partner", "at")
    owner = models.UUIDField()
    partner = models.UUIDField()
    at = models.DateTimeField()
    by = models.UUIDField()
    words = models.TextField()


class Pin(models.Model):
    """A partner's public key at the time the agreement was signed. Data is encrypted only to pinned keys and keys
    signed with them.
    """

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = Writing(added_by=SIGN_AGREEMENT, afresh=True)  # data for a partner is sealed to this key
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "partner": IdOf("an agency"),
        "code": "which key",
        "version": "which key",
        "public_hash": "hash of a public key",
    }

    pk = models.CompositePrimaryKey("owner", "partner", "code", "version")
    owner = models.UUIDField()
    partner = models.UUIDField()
    code = models.TextField()
    version = models.IntegerField()
    public_hash = models.BinaryField()
    at = models.DateTimeField()
