"""Accounts, sessions and sign-in counters. No table can be read directly, only through accounts/functions.sql."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.core.floors import BY_FUNCTION, Backup, Floor, IdOf, Reading, Writing
from accord.core.owned import Owned


class Account(models.Model):
    """Someone who signs in. The passphrase opens `wrapped`, the private half of their key pair; nothing else checks it."""

    floor: ClassVar = Floor.SYSTEM
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {
        "user_name": "the name typed to sign in, of a colleague",
        "language": "of the screen",
        "public": "public key",
        "wrap_salt": "random",
        "wrap_cost": "how the passphrase is hashed",
        "wrapped": "sealed under the passphrase",
        "proof_hash": "hash",
        "factor": "sealed under the host's key",
        "factor_step": "a code is used once",
        "created_at": "time",
        "seen_at": "time",
        "disabled_at": "workflow state",
        "factor_failures": "wrong codes lock",
        "failed_tries": "a number for the audit log",
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
    factor_failures = models.IntegerField(default=0, db_default=0)  # wrong codes in a row, over any time
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
    """A passkey used as second factor. Its name and public key are encrypted under the host's key."""

    floor: ClassVar = Floor.SYSTEM
    backup: ClassVar = Backup.KEYS
    readable: ClassVar = {"counter": "a copy of a passkey is noticed", "made_at": "time", "used_at": "time"}

    pk = models.CompositePrimaryKey("account", "id")
    account = models.UUIDField()
    id = models.UUIDField()
    sealed = models.BinaryField()
    counter = models.BigIntegerField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Session(models.Model):
    """One signed-in browser. Unlogged: in no backup, and gone after a crash. `ticket_hash` is null while pending."""

    floor: ClassVar = Floor.SYSTEM
    backup: ClassVar = Backup.LEFT_OUT
    readable: ClassVar = {
        "agency": IdOf("an agency"),
        "ticket_hash": "hash",
        "state": "sealed under the cookie's key",
        "created_at": "time",
        "seen_at": "time",
        "factor_at": "time",
        "ended_at": "workflow state",
        "challenge": "random question for a passkey",
        "handed": "sealed under the cookie's key",
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
    )  # signed out: opens nothing; what was being typed is still kept for a day
    challenge = models.TextField(null=True)  # the question for a passkey, which can be answered once
    # The device is in a survivor's hands: the only page that answers, encrypted under the cookie's key. Null: with
    # staff.
    handed = models.BinaryField(null=True)


class FailedSignIn(models.Model):
    """A wrong try, by keyed hash of the name typed, so that an unknown name locks like a known one."""

    floor: ClassVar = Floor.SYSTEM
    backup: ClassVar = Backup.LEFT_OUT
    readable: ClassVar = {"name_hash": "keyed hash"}

    id = models.UUIDField(primary_key=True)
    name_hash = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name_hash", "at"], name="failed_by_name")]


class Notice(Owned):
    """A notice without content for an agency's staff: a code, never a name. `origin` is the agency that caused it, `matter`
    what it is about: an agreement, or a record by the id under which the reader's agency knows it."""

    floor: ClassVar = Floor.OWNED
    reading: ClassVar = Reading(only_if="at <= (select accord.now())")  # of a share that begins tomorrow: not today
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
    """Who has seen a notice. A notice for everyone in an agency stays new for the others."""

    floor: ClassVar = Floor.OWNED
    # No one reads a notice for a colleague.
    writing: ClassVar = Writing(added_if="membership = (select accord.actor_membership())")
    backup: ClassVar = Backup.DATA
    readable: ClassVar = {"notice": IdOf("a notice")}

    pk = models.CompositePrimaryKey("owner", "membership", "notice")
    owner = models.UUIDField()
    membership = models.UUIDField()
    notice = models.UUIDField()
    at = models.DateTimeField()


class Draft(models.Model):
    """A form that was sent on an ended session, encrypted to the account. In no backup; deleted after a day."""

    floor: ClassVar = Floor.SYSTEM
    backup: ClassVar = Backup.LEFT_OUT
    readable: ClassVar[dict[str, str]] = {}

    id = models.UUIDField(primary_key=True)
    account = models.UUIDField()
    membership = models.UUIDField()
    sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "at"], name="draft_by_account")]


class Once(models.Model):
    """A request that went through and adds nothing if sent again (accounts/once.py).

    Two keyed hashes and an encrypted answer, linked to no account. In no backup; deleted after a day.
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
