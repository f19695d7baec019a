"""Agencies, memberships and agreements. Members of a coalition can see who is in it, but not keys or reasons."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accord.access.codes import SIGN_AGREEMENT
from accord.core.floors import BY_FUNCTION, Backup, Floor, IdOf, Reading, Writing
from accord.core.owned import Owned

# Lines and signatures are shown to the agencies that the agreement itself is shown to.
WITH_ITS_AGREEMENT = "agreement in (select a.id from agencies_agreement a)"


class Agency(models.Model):
    """One member of the coalition. The law packs use `traits` and `jurisdictions`."""

    floor: ClassVar = Floor.COALITION
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "name": "the name of an agency",
        "zone": "decides its day",
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
    """Who partners call about what an agency shares: a role, a phone number and hours. Only agencies with an agreement in
    effect read it: the number of a shelter is not for everyone.
    """

    floor: ClassVar = Floor.SHARED
    writing: ClassVar = Writing(
        added_by=SIGN_AGREEMENT, changes=("role", "phone", "hours", "at", "by"), changed_by=SIGN_AGREEMENT
    )
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {
        "role": "who partners ask for, no survivor",
        "phone": "an agency's number, for agencies with an agreement",
        "hours": "an agency's hours",
    }

    owner = models.UUIDField(primary_key=True)
    role = models.TextField()
    phone = models.TextField()
    hours = models.TextField()
    at = models.DateTimeField()
    by = models.UUIDField()


class Membership(Owned):
    """Someone who acts for one agency, with their own key pair. Its secret is encrypted to their account."""

    floor: ClassVar = Floor.OWNED
    # To choose an agency to work for, an account must see its own memberships first.
    reading: ClassVar = Reading(also_if="account = (select accord.actor_account())")
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "name": "the name of a colleague, never of a survivor",
        "roles": "decides what the colleague may do",
        "public": "public key",
        "since": "time",
        "trained_until": "due date",
        "ended_at": "workflow state",
        "reset_at": "workflow state",
    }

    account = models.UUIDField(null=True)  # null: a machine client; no person signs in with it
    name = models.TextField()
    roles = ArrayField(models.TextField())
    public = models.BinaryField()
    sealed = models.BinaryField()
    since = models.DateTimeField()
    trained_until = models.DateField()
    ended_at = models.DateTimeField(null=True)
    reset_at = models.DateTimeField(null=True)  # a reset passphrase: no role and no key until access is restored


class Reset(Owned):
    """A one-time code for a colleague who forgot their passphrase. `factor`: the second factor is lost, too."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "factor": "what the code resets",
        "code_hash": "keyed hash of 96 random bits",
        "used_at": "workflow state",
    }

    membership = models.UUIDField()
    factor = models.BooleanField()
    code_hash = models.BinaryField()
    by = models.UUIDField()
    at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class RecoveryKey(Owned):
    """The printed recovery key: one more member of the ring. Only its public half is stored."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {"public": "public key", "ended_at": "workflow state"}

    public = models.BinaryField()
    by = models.UUIDField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class RecoveryStart(models.Model):
    """The words of the recovery sheet as one privacy officer typed them, encrypted to each other officer who can confirm."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {"recovery": IdOf("a recovery key")}

    pk = models.CompositePrimaryKey("owner", "recovery", "membership")
    owner = models.UUIDField()
    recovery = models.UUIDField()
    membership = models.UUIDField()
    sealed = models.BinaryField()
    by = models.UUIDField()
    at = models.DateTimeField()


class Invitation(Owned):
    """A one-time code that a privacy officer hands over. Only its hash is stored."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "name": "the name of a colleague, never of a survivor",
        "roles": "the roles of the new colleague",
        "code_hash": "keyed hash of 96 random bits",
        "used_at": "workflow state",
    }

    name = models.TextField()
    roles = ArrayField(models.TextField())
    code_hash = models.BinaryField()
    by = models.UUIDField()
    at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Agreement(Owned):
    """An agreement: kinds that agencies can share, and until when. Owned by the coalition's office."""

    floor: ClassVar = Floor.PARTIES
    reading: ClassVar = Reading(named_if="coalesce(coalition, id) in (select accord.agreements_mine())")
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "title": "the name of an agreement",
        "starts_at": "terms",
        "review_due_at": "due date",
        "ended_at": "workflow state",
        "coalition": IdOf("a coalition agreement"),
    }

    title = models.TextField()
    starts_at = models.DateTimeField()
    review_due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    coalition = models.UUIDField(null=True)  # the coalition agreement of which this is one pair

    class Meta:
        indexes: ClassVar = [models.Index(fields=["coalition"], name="agreement_by_coalition")]


class CoalitionAgreement(Owned):
    """One set of terms for any number of members. Each pair of members has its own `Agreement`."""

    floor: ClassVar = Floor.PARTIES
    reading: ClassVar = Reading(named_if="id in (select accord.agreements_mine())")
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {"title": "the name of an agreement", "kinds": "terms", "starts_at": "terms"}

    title = models.TextField()
    kinds = ArrayField(models.TextField())
    starts_at = models.DateTimeField()


class AgreementRequest(Owned):
    """A request to the coalition's office for an agreement. `partner` is null for the coalition agreement."""

    floor: ClassVar = Floor.SUBMITTED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "submitted_to": IdOf("the coalition's office: the floor reads it"),
        "partner": IdOf("an agency"),
        "closed_at": "workflow state",
    }

    submitted_to = models.UUIDField()
    partner = models.UUIDField(null=True)
    by = models.UUIDField()
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)


class Permit(models.Model):
    """One line of an agreement: one agency may share this kind of information with another, with a release."""

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
    """An agency's signature of an agreement. The row belongs to the agency that signs."""

    floor: ClassVar = Floor.PARTIES
    reading: ClassVar = Reading(named_if=WITH_ITS_AGREEMENT)
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "agreement": IdOf("an agreement"),
        "checked_at": "workflow state: whether it is in effect",
        "reviewed_at": "workflow state",
        "left_at": "workflow state",
    }

    pk = models.CompositePrimaryKey("owner", "agreement")
    owner = models.UUIDField()
    agreement = models.UUIDField()
    membership = models.UUIDField()
    at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)  # null: signed, but the partner's keys were not compared yet
    reviewed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)


class KeyCheck(models.Model):
    """A privacy officer called a partner and compared the six words of its keys. Keys pinned until then were checked."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {"partner": IdOf("an agency"), "words": "six words of public keys"}

    pk = models.CompositePrimaryKey("owner", "partner", "at")
    owner = models.UUIDField()
    partner = models.UUIDField()
    at = models.DateTimeField()
    by = models.UUIDField()
    words = models.TextField()


class Pin(models.Model):
    """A partner's public keys when the agreement was signed. Nothing is encrypted to keys that don't follow from these."""

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


class ServedPaper(Owned):
    """A legal request that reached the hub and is addressed to this agency.

    Its sender and text are encrypted to the agency's privacy officers. The hub reads the other columns through
    `accord.papers_forwarded`, and can't read this table.
    """

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {
        "process": "the kind of legal request, a code: the hub shows it",
        "came_on": "day it reached the hub",
        "sent_at": "time of change",
        "key_version": "which key opens it",
        "opened_at": "workflow state: the hub shows whether",
        "taken_at": "workflow state: the hub shows whether",
        "taken_by": IdOf("a membership"),
    }

    process = models.TextField()
    came_on = models.DateField()
    sent_at = models.DateTimeField()
    key_version = models.IntegerField()
    sealed = models.BinaryField()
    opened_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.UUIDField(null=True)


class MachineClient(Owned):
    """Another system that acts for the agency: the membership with the same id, which has no account.

    Its token is its only secret; only the hash of the token's database ticket is stored. `writes` and `reads` are
    kinds.
    """

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "ticket_hash": "hash",
        "made_by": IdOf("a membership"),
        "made_at": "time",
        "expires_at": "due date",
        "used_at": "time",
        "writes": "decides what it may do",
        "reads": "decides what it may do",
        "purpose": "decides what it may do",
    }

    ticket_hash = models.BinaryField()
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    writes = ArrayField(models.TextField())
    reads = ArrayField(models.TextField())
    purpose = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["ticket_hash"], name="machine_by_ticket")]
