"""Data keys: one for each person, kind and epoch. Which epoch runs, which are closed, and which go to a recipient.

An epoch ends when a share of its kind ends, or when the kind's ring key was renewed: what is written afterwards lies under
a key that nobody holds who should not read it. Decides nothing: `services` has asked before.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence

from django.db import connection

from accord.access.actors import Actor
from accord.agencies import partners
from accord.core import clock
from accord.core.errors import Refused
from accord.core.rows import insert
from accord.core.statements import fetch, written
from accord.core.text import N_
from accord.sharing import opening
from accord.sharing.models import DataKey, Share, ShareKey
from accord.vault import queries as vault
from accord.vault import sealing

Epoch = tuple[int, bytes]
"""The number of an epoch and its data key, opened."""

_KEYS = """
select k.owner, k.person, k.kind, k.epoch, k.ring_version, k.sealed, k.closed from sharing_datakey k
where k.owner = %(agency)s and k.person = %(person)s
"""
_LAST = written("{keys} and k.kind = %(kind)s order by k.epoch desc limit 1", keys=_KEYS)
_IN_USE = written(
    """
    {keys} and k.kind = any(%(kinds)s) and exists (
      select from sharing_entry e
      where e.owner = k.owner and e.person = k.person and e.kind = k.kind and e.epoch = k.epoch and e.replaced_at is null)
    """,
    keys=_KEYS,
)


def running(*, actor: Actor, person: uuid.UUID, kind: str) -> Epoch:
    """The running epoch of an own person and a kind; opens the next one when the last is closed, or when the kind's ring
    key was renewed since: what is written now, somebody who has left cannot open."""
    last = next(iter(fetch(_LAST, agency=actor.agency, person=person, kind=kind)), None)
    goes_on = last is not None and not last.closed and kind in actor.ring.codes()  # who holds no key opens no epoch
    if last is not None and goes_on and last.ring_version >= actor.ring.latest(kind):
        return last.epoch, opening.open_data_key(actor, last)
    return _next(actor, person, kind, last.epoch + 1 if last else 1)


def _next(actor: Actor, person: uuid.UUID, kind: str, epoch: int) -> Epoch:
    key = sealing.new_secret()
    insert([new_key(actor=actor, person=person, kind=kind, epoch=epoch, key=key)])
    going_on = Share.objects.filter(
        owner=actor.agency, person=person, kind=kind, additions=True, withdrawn_at=None, ends_at__gt=clock.now()
    )
    seal_to_recipients(actor=actor, keys=[(share, epoch, key) for share in going_on])
    return epoch, key


def new_key(*, actor: Actor, person: uuid.UUID, kind: str, epoch: int, key: bytes) -> DataKey:
    """The owner's copy of a new data key, not yet stored."""
    if kind in actor.ring.codes():
        version = actor.ring.latest(kind)
        bound = opening.data_key_bound(actor.agency, person, kind, epoch, version)
        sealed = sealing.encrypt(actor.ring.kind_key(kind, version), key, bound)
    else:  # `decide` lets only a machine client come here: it seals inwards
        version, public = vault.newest_public(agencies=[actor.agency], code=kind)[actor.agency]
        sealed = sealing.seal_to(public, key, opening.data_key_bound(actor.agency, person, kind, epoch, version))
    return DataKey(owner=actor.agency, person=person, kind=kind, epoch=epoch, ring_version=version, sealed=sealed)


def close(*, actor: Actor, person: uuid.UUID, kinds: Collection[str]) -> None:
    """What is written from now on lies under other keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update sharing_datakey set closed = true where owner = %s and person = %s and kind = any(%s) and not closed",
            [actor.agency, person, list(kinds)],
        )


def in_use(*, actor: Actor, person: uuid.UUID, kinds: Sequence[str]) -> Mapping[str, Sequence[Epoch]]:
    """By kind, the epochs that hold a newest revision: what was corrected before is not handed on."""
    found: dict[str, list[Epoch]] = {kind: [] for kind in kinds}
    for row in fetch(_IN_USE, agency=actor.agency, person=person, kinds=list(kinds)):
        found[row.kind].append((row.epoch, opening.open_data_key(actor, row)))
    return found


def seal_to_recipients(*, actor: Actor, keys: Sequence[tuple[Share, int, bytes]]) -> None:
    """Each data key (of this epoch) to the recipient of its share, under that share's terms. Raises Refused where the
    partner's keys are not those that were compared and pinned."""
    try:
        pinned = partners.pinned_keys(actor=actor, ways={(share.recipient, share.kind) for share, _, _ in keys})
    except LookupError:
        raise Refused(
            N_("The partner agency's keys haven't been compared and confirmed yet."), code="unpinned"
        ) from None
    rows = []
    for share, epoch, key in keys:
        version, public, public_hash = pinned[share.recipient, share.kind]
        if not sealing.same(sealing.digest(public), public_hash):
            raise Refused(
                N_("The partner agency's keys have changed since they were confirmed. Nothing was shared."),
                code="unpinned",
            )
        row = ShareKey(
            owner=actor.agency,
            person=share.person,
            kind=share.kind,
            epoch=epoch,
            recipient=share.recipient,
            share=share.id,
            ring_version=version,
        )
        row.sealed = sealing.seal_to(public, key, opening.share_info(share, row.owner, row.person, epoch, version))
        rows.append(row)
    insert(rows)
