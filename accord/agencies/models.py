"""Agencies, memberships and agreements. Who is in a coalition is open within it; keys and reasons are not."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accord.core.floors import Floor


class Agency(models.Model):
    """One member of the coalition. `traits` and `jurisdictions` are what the law packs ask about it."""

    floor: ClassVar = Floor.COALITION

    owner = models.UUIDField(primary_key=True)
    name = models.TextField()
    kind = models.TextField()
    zone = models.TextField()
    jurisdictions = ArrayField(models.TextField())
    traits = ArrayField(models.TextField())
    since = models.DateTimeField()


class Membership(models.Model):
    """Somebody acting for one agency, with her own key pair; its secret is sealed to her account."""

    floor: ClassVar = Floor.OWNED

    pk = models.CompositePrimaryKey("owner", "id")
    owner = models.UUIDField()
    id = models.UUIDField()
    account = models.UUIDField(null=True)  # null: a machine client, which nobody signs in as
    name = models.TextField()
    roles = ArrayField(models.TextField())
    public = models.BinaryField()
    sealed = models.BinaryField()
    since = models.DateTimeField()
    trained_until = models.DateField()
    ended_at = models.DateTimeField(null=True)
    reset_at = models.DateTimeField(
        null=True
    )  # a new passphrase by a reset: no role and no key until she is let back in


class Reset(models.Model):
    """A one-time code for a colleague who forgot her passphrase; `factor`: her second step is lost too."""

    floor: ClassVar = Floor.OWNED

    pk = models.CompositePrimaryKey("owner", "id")
    owner = models.UUIDField()
    id = models.UUIDField()
    membership = models.UUIDField()
    factor = models.BooleanField()
    code_hash = models.BinaryField()
    by = models.UUIDField()
    at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class RecoveryKey(models.Model):
    """The key on paper: one more member of the ring. Only its public half is here."""

    floor: ClassVar = Floor.OWNED

    pk = models.CompositePrimaryKey("owner", "id")
    owner = models.UUIDField()
    id = models.UUIDField()
    public = models.BinaryField()
    by = models.UUIDField()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class RecoveryStart(models.Model):
    """An officer has typed the words of the paper; they wait, sealed to each other officer, for the second one's yes."""

    floor: ClassVar = Floor.OWNED

    pk = models.CompositePrimaryKey("owner", "recovery", "membership")
    owner = models.UUIDField()
    recovery = models.UUIDField()
    membership = models.UUIDField()
    sealed = models.BinaryField()
    by = models.UUIDField()
    at = models.DateTimeField()


class Invitation(models.Model):
    """A one-time code that an officer hands over. Only its hash is kept."""

    floor: ClassVar = Floor.OWNED

    pk = models.CompositePrimaryKey("owner", "id")
    owner = models.UUIDField()
    id = models.UUIDField()
    name = models.TextField()
    roles = ArrayField(models.TextField())
    code_hash = models.BinaryField()
    by = models.UUIDField()
    at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Agreement(models.Model):
    """What may pass between which agencies, and until when. Its owner is the coalition's office."""

    floor: ClassVar = Floor.COALITION

    pk = models.CompositePrimaryKey("owner", "id")
    owner = models.UUIDField()
    id = models.UUIDField()
    title = models.TextField()
    starts_at = models.DateTimeField()
    review_due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Permit(models.Model):
    """One line of an agreement: this kind of information may pass from one agency to another, with a release."""

    floor: ClassVar = Floor.COALITION

    pk = models.CompositePrimaryKey("owner", "agreement", "giver", "taker", "kind")
    owner = models.UUIDField()
    agreement = models.UUIDField()
    giver = models.UUIDField()
    taker = models.UUIDField()
    kind = models.TextField()


class Signature(models.Model):
    """An agency's signature under an agreement; the row belongs to the agency that signs."""

    floor: ClassVar = Floor.COALITION

    pk = models.CompositePrimaryKey("owner", "agreement")
    owner = models.UUIDField()
    agreement = models.UUIDField()
    membership = models.UUIDField()
    at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)


class Pin(models.Model):
    """A partner's inbound keys as they were when its agreement was counter-signed; sealing to others is refused."""

    floor: ClassVar = Floor.OWNED

    pk = models.CompositePrimaryKey("owner", "partner", "code", "version")
    owner = models.UUIDField()
    partner = models.UUIDField()
    code = models.TextField()
    version = models.IntegerField()
    public_hash = models.BinaryField()
    at = models.DateTimeField()


class ServedPaper(models.Model):
    """A demand that reached the hub and asks of this agency. Who sent it and what it says is sealed to the agency's
    officers; the hub reads the rest through `accord.papers_forwarded`, and this table not at all."""

    floor: ClassVar = Floor.OWNED

    pk = models.CompositePrimaryKey("owner", "id")
    owner = models.UUIDField()
    id = models.UUIDField()
    process = models.TextField()
    came_on = models.DateField()
    sent_at = models.DateTimeField()
    key_version = models.IntegerField()
    sealed = models.BinaryField()
    opened_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.UUIDField(null=True)


class MachineClient(models.Model):
    """Another system that acts for the agency: the membership with the same id, which has no account. Its token is
    its only secret; of the token the hash of its database ticket is kept. `writes` and `reads` are kinds."""

    floor: ClassVar = Floor.OWNED

    pk = models.CompositePrimaryKey("owner", "id")
    owner = models.UUIDField()
    id = models.UUIDField()
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
