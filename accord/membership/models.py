"""Memberships, invitations, reset codes, and the printed recovery key."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accord.core.floors import BY_FUNCTION, Backup, Floor, IdOf, Reading
from accord.core.owned import Owned


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

    account = models.UUIDField(null=True)  # null for a connected system, which no person signs in with
    name = models.TextField()
    roles = ArrayField(models.TextField())
    public = models.BinaryField()
    sealed = models.BinaryField()
    since = models.DateTimeField()
    trained_until = models.DateField()
    ended_at = models.DateTimeField(null=True)
    reset_at = models.DateTimeField(null=True)  # after a passphrase reset: no role or key until access is restored


class Reset(Owned):
    """A one-time code for a colleague who forgot their passphrase. `factor` is true if the second factor is lost,
    too."""

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
