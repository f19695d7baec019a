"""Accounts, sessions and sign-in counters. None can be read directly: accounts/functions.sql is the only way in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accord.core.floors import Floor


class Account(models.Model):
    """Somebody who signs in. The passphrase opens `wrapped`, the private half of her key pair; nothing else checks it."""

    floor: ClassVar = Floor.SYSTEM

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
    )  # wrong passphrases and codes since the last sign-in, for the log


class RecoveryCode(models.Model):
    """A one-time stand-in for the second factor, kept as a hash."""

    floor: ClassVar = Floor.SYSTEM

    pk = models.CompositePrimaryKey("account", "hash")
    account = models.UUIDField()
    hash = models.BinaryField()
    used_at = models.DateTimeField(null=True)


class Passkey(models.Model):
    """A passkey that stands for the second factor. Its name and public key lie sealed under the host's key."""

    floor: ClassVar = Floor.SYSTEM

    pk = models.CompositePrimaryKey("account", "id")
    account = models.UUIDField()
    id = models.UUIDField()
    sealed = models.BinaryField()
    counter = models.BigIntegerField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Session(models.Model):
    """One signed-in browser. Unlogged: it is in no backup and gone after a crash. `ticket_hash` is null while pending."""

    floor: ClassVar = Floor.SYSTEM

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
    challenge = models.TextField(null=True)  # what a passkey has been asked and may answer once
    # The device is in a survivor's hands: the one page that answers, sealed under the cookie's key. Null: with staff.
    handed = models.BinaryField(null=True)


class FailedSignIn(models.Model):
    """A wrong try, by keyed hash of the name typed, so that an unknown name locks as a known one does."""

    floor: ClassVar = Floor.SYSTEM

    id = models.UUIDField(primary_key=True)
    name_hash = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name_hash", "at"], name="failed_by_name")]


class Notice(models.Model):
    """A line without content for one agency's people: a code, never a name. `origin` is the agency it comes from."""

    floor: ClassVar = Floor.OWNED

    pk = models.CompositePrimaryKey("owner", "id")
    owner = models.UUIDField()
    id = models.UUIDField()
    membership = models.UUIDField(null=True)
    origin = models.UUIDField(null=True)
    code = models.TextField()
    at = models.DateTimeField()


class NoticeSeen(models.Model):
    """Who has seen a notice: one that is for everybody of an agency stays new for the others."""

    floor: ClassVar = Floor.OWNED

    pk = models.CompositePrimaryKey("owner", "membership", "notice")
    owner = models.UUIDField()
    membership = models.UUIDField()
    notice = models.UUIDField()
    at = models.DateTimeField()


class Draft(models.Model):
    """A form that was sent on a dead session, sealed to the account. In no backup; gone after a day."""

    floor: ClassVar = Floor.SYSTEM

    id = models.UUIDField(primary_key=True)
    account = models.UUIDField()
    membership = models.UUIDField()
    sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "at"], name="draft_by_account")]


class Once(models.Model):
    """What went through and adds nothing when it is sent again (accounts/once.py): two keyed hashes and a sealed answer, tied
    to nobody. In no backup; gone after a day."""

    floor: ClassVar = Floor.SYSTEM

    mark = models.BinaryField(primary_key=True)
    said = models.BinaryField()
    sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["said"], name="once_by_content"),
            models.Index(fields=["at"], name="once_by_time"),
        ]
