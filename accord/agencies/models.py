"""Agencies, memberships, and agreements. Coalition members can see which agencies belong to the coalition, but not keys
or reasons."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accord.access.codes import SIGN_AGREEMENT
from accord.core.floors import BY_FUNCTION, Backup, Floor, IdOf, Reading, Writing
from accord.core.owned import Owned

# Agencies that can see an agreement can also see its lines and signatures.
WITH_ITS_AGREEMENT = "agreement in (select a.id from agencies_agreement a)"


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


class Membership(Owned):
    """A colleague or connected system that acts for one agency, with its own key pair. A colleague's secret key is
    encrypted to their account.
    """

    floor: ClassVar = Floor.OWNED
    # An account must see its own memberships so that its user can choose an agency to work for.
    reading: ClassVar = Reading(also_if="account = (select accord.actor_account())")
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "name": "a colleague's name, never a survivor's",
        "roles": "decides what the colleague may do",
        "public": "public key",
        "since": "time",
        "trained_until": "due date",
        "ended_at": "workflow state",
        "reset_at": "workflow state",
    }

    account = models.UUIDField(null=True)  # null for a machine client, which no person signs in with
    name = models.TextField()
    roles = ArrayField(models.TextField())
    public = models.BinaryField()
    sealed = models.BinaryField()
    since = models.DateTimeField()
    trained_until = models.DateField()
    ended_at = models.DateTimeField(null=True)
    reset_at = models.DateTimeField(null=True)  # after a passphrase reset: no role or key until access is restored


class Reset(Owned):
    """A one-time code for a colleague who forgot their passphrase. `factor`: whether the second factor is lost, too."""

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
    """The printed recovery key, to which the agency's keys are also sealed. Only its public half is stored."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {"public": "public key", "ended_at": "workflow state"}

    public = models.BinaryField()
    by = models.UUIDField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class RecoveryStart(models.Model):
    """Recovery sheet words that one privacy officer typed, encrypted to each of the other officers who can confirm
    them."""

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
    """An invitation with a one-time code for a new colleague. Only the code's hash is stored."""

    floor: ClassVar = Floor.OWNED
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "name": "a colleague's name, never a survivor's",
        "roles": "the new colleague's roles",
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
    """A request to the coalition's office for an agreement. `partner` is null if it is for the coalition agreement."""

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
    """A phone call in which a privacy officer compared a partner's six words. Keys that were pinned by then count as
    checked."""

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


class ServedPaper(Owned):
    """A legal request that the hub received for this agency.

    Its sender and text are encrypted to the agency's privacy officers. The hub reads the other columns only through
    `accord.papers_forwarded`, because it can't read this table.
    """

    floor: ClassVar = Floor.OWNED
    # A year after an officer took it on it is gone, even if no worker has deleted it yet (`accord.papers_sweep`).
    reading: ClassVar = Reading(only_if="taken_at is null or taken_at >= (select accord.now()) - interval '365 days'")
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {
        "process": "code for the type of legal request, which the hub shows",
        "came_on": "day the hub received it",
        "sent_at": "time of change",
        "key_version": "which key opens it",
        "opened_at": "workflow state: the hub shows if it is set",
        "taken_at": "workflow state: the hub shows if it is set",
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
    """Another system that acts for the agency. Its membership has the same id and no account.

    Its token is its only secret. Only the hash of the token's database ticket is stored. `writes` and `reads` list
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
        "writes": "limits what the system may do",
        "reads": "limits what the system may do",
        "purpose": "limits what the system may do",
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
