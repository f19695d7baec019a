"""Accounts, sessions, and sign-in counters. No table can be read directly, only through accounts/functions.sql."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.core.floors import BY_FUNCTION, Backup, Floor, IdOf, Reading, Writing
from accord.core.owned import Owned


class Account(models.Model):
    """Someone who signs in. The passphrase is checked only by opening `wrapped`, the private half of the key pair."""

    floor: ClassVar = Floor.SYSTEM
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "user_name": "a colleague's sign-in name",
        "language": "screen language",
        "public": "public key",
        "wrap_salt": "random",
        "wrap_cost": "how the passphrase is hashed",
        "wrapped": "sealed with the passphrase",
        "proof_hash": "hash",
        "factor": "sealed with the host key",
        "factor_step": "makes each code work only once",
        "created_at": "time",
        "seen_at": "time",
        "disabled_at": "workflow state",
        "factor_failures": "locks the account after too many wrong codes",
        "failed_tries": "a count for the audit log",
    }

    id = models.UUIDField(primary_key=True)
    user_name = models.TextField(unique=True)
    language = models.TextField(default="en")
    public = models.BinaryField()
    wrap_salt = models.BinaryField()
    wrap_cost = models.TextField()
    wrapped = models.BinaryField()
    proof_hash = models.BinaryField()
    factor = models.BinaryField(null=True)
    factor_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    factor_failures = models.IntegerField(default=0, db_default=0)  # wrong codes in a row, with no time limit
    failed_tries = models.IntegerField(
        default=0, db_default=0
    )  # wrong passphrases and codes since the last sign-in, for the audit log


class RecoveryCode(models.Model):
    """A one-time replacement for the second factor, stored as a hash."""

    floor: ClassVar = Floor.SYSTEM
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {"hash": "hash of random bits", "used_at": "workflow state"}

    pk = models.CompositePrimaryKey("account", "hash")
    account = models.UUIDField()
    hash = models.BinaryField()
    used_at = models.DateTimeField(null=True)


class Passkey(models.Model):
    """A passkey used as a second factor. Its name and public key are encrypted with the host key."""

    floor: ClassVar = Floor.SYSTEM
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {"counter": "reveals a copied passkey", "made_at": "time", "used_at": "time"}

    pk = models.CompositePrimaryKey("account", "id")
    account = models.UUIDField()
    id = models.UUIDField()
    sealed = models.BinaryField()
    counter = models.BigIntegerField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Session(models.Model):
    """One signed-in browser. Not backed up, and gone after a crash (unlogged). `ticket_hash` is null while pending."""

    floor: ClassVar = Floor.SYSTEM
    backup: ClassVar = Backup.LEFT_OUT
    readable: ClassVar = {
        "agency": IdOf("an agency"),
        "ticket_hash": "hash",
        "state": "sealed with the cookie's key",
        "created_at": "time",
        "seen_at": "time",
        "factor_at": "time",
        "ended_at": "workflow state",
        "challenge": "random challenge for a passkey",
        "handed": "sealed with the cookie's key",
    }

    id = models.UUIDField(primary_key=True)
    account = models.UUIDField()
    membership = models.UUIDField(null=True)
    agency = models.UUIDField(null=True)
    ticket_hash = models.BinaryField(null=True, unique=True)
    state = models.BinaryField()
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    factor_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(
        null=True
    )  # signed out: the session opens nothing, but forms being typed are kept for a day
    challenge = models.TextField(null=True)  # the challenge for a passkey, which can be answered once
    # While a survivor holds the device, the only page that responds, encrypted with the cookie's key. Null while staff
    # hold it.
    handed = models.BinaryField(null=True)


class FailedSignIn(models.Model):
    """A failed attempt, stored under a keyed hash of the typed name, so that unknown names are locked just like known
    names."""

    floor: ClassVar = Floor.SYSTEM
    backup: ClassVar = Backup.LEFT_OUT
    readable: ClassVar = {"name_hash": "keyed hash"}

    id = models.UUIDField(primary_key=True)
    name_hash = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name_hash", "at"], name="failed_by_name")]


class Notice(Owned):
    """A notice for an agency's staff that has only a code, never a name. `origin` is the agency that caused the notice.
    `matter` is the subject of the notice: an agreement, or a record, with the id that the reader's agency uses for
    it."""

    floor: ClassVar = Floor.OWNED
    reading: ClassVar = Reading(only_if="at <= (select accord.now())")  # hides a notice of a share that starts later
    writing: ClassVar = BY_FUNCTION
    backup: ClassVar = Backup.DATA
    persons: ClassVar = ("matter",)
    readable: ClassVar = {
        "code": "a code without content",
        "origin": IdOf("the agency it comes from"),
    }

    membership = models.UUIDField(null=True)
    origin = models.UUIDField(null=True)
    matter = models.UUIDField(null=True)
    code = models.TextField()
    at = models.DateTimeField()


class NoticeSeen(models.Model):
    """Marks a notice as seen by one colleague. A notice to a whole agency stays new for the others."""

    floor: ClassVar = Floor.OWNED
    # No one can mark a notice as seen for a colleague.
    writing: ClassVar = Writing(added_if="membership = (select accord.actor_membership())")
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {"notice": IdOf("a notice")}

    pk = models.CompositePrimaryKey("owner", "membership", "notice")
    owner = models.UUIDField()
    membership = models.UUIDField()
    notice = models.UUIDField()
    at = models.DateTimeField()


class KeptForm(models.Model):
    """A form submitted in an ended session, encrypted to the account. Not backed up, and deleted after a day."""

    floor: ClassVar = Floor.SYSTEM
    backup: ClassVar = Backup.LEFT_OUT
    readable: ClassVar[dict[str, str]] = {}

    id = models.UUIDField(primary_key=True)
    account = models.UUIDField()
    membership = models.UUIDField()
    sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "at"], name="kept_form_by_account")]


class Once(models.Model):
    """A request that went through and that adds nothing if it is sent again (accounts/once.py).

    The row holds two keyed hashes and an encrypted response, and names no account. Not backed up, and deleted after a
    day.
    """

    floor: ClassVar = Floor.SYSTEM
    backup: ClassVar = Backup.LEFT_OUT
    readable: ClassVar = {"mark": "keyed hash", "said": "keyed hash"}

    mark = models.BinaryField(primary_key=True)
    said = models.BinaryField()
    sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["said"], name="once_by_content"),
            models.Index(fields=["at"], name="once_by_time"),
        ]
