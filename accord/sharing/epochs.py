"""Data keys, one for each person, kind, and epoch. This module finds the current epoch, closes epochs, and seals keys
to recipients.

An epoch ends when a share of its kind ends, or when the kind's ring key is renewed. Later entries are sealed under a
new key that former recipients and staff do not hold. This module does not check access, because `services` has already
checked it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence

from django.db import connection

from accord.access.actors import Actor
from accord.agreements import queries as partners
from accord.core import clock
from accord.core.errors import Refused
from accord.core.rows import insert
from accord.core.statements import build_sql, fetch
from accord.core.text import N_
from accord.sharing import opening
from accord.sharing.models import DataKey, Share, ShareKey
from accord.vault import queries as vault
from accord.vault import sealing

Epoch = tuple[int, bytes]
"""An epoch's number and its opened data key."""

_KEYS = """
select k.owner, k.person, k.kind, k.epoch, k.ring_version, k.sealed, k.closed from sharing_datakey k
where k.owner = %(agency)s and k.person = %(person)s
"""
# A lapsed share closes its epoch at once. A job marks the epoch as closed and deletes the share's key later.
_LAST = """
select k.owner, k.person, k.kind, k.epoch, k.ring_version, k.sealed, k.closed or exists (
  select from sharing_sharekey h join sharing_share s on s.owner = h.owner and s.id = h.share
  where h.owner = k.owner and h.person = k.person and h.kind = k.kind and h.epoch = k.epoch
    and (s.ends_at <= accord.now() or s.withdrawn_at is not null)) as closed
from sharing_datakey k
where k.owner = %(agency)s and k.person = %(person)s and k.kind = %(kind)s order by k.epoch desc limit 1
"""
_IN_USE = build_sql(
    """
    {keys} and k.kind = any(%(kinds)s) and exists (
      select from sharing_entry e
      where e.owner = k.owner and e.person = k.person and e.kind = k.kind and e.epoch = k.epoch and e.replaced_at is null)
    """,
    keys=_KEYS,
)


def running(*, actor: Actor, person: uuid.UUID, kind: str) -> Epoch:
    """Return the current epoch for one kind and one of the agency's own people. This opens the next epoch if the last
    one is closed or the kind's ring key was renewed since then, so that former staff can't open what is written from
    now on."""
    last = next(iter(fetch(_LAST, agency=actor.agency, person=person, kind=kind)), None)
    # without the key, start a new epoch
    goes_on = last is not None and not last.closed and kind in actor.ring.codes()
    if last is not None and goes_on and last.ring_version >= actor.ring.latest(kind):
        return last.epoch, opening.open_data_key_undecided(actor, last)
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
    """Return the owner's copy of a new data key without storing it."""
    if kind in actor.ring.codes():
        version = actor.ring.latest(kind)
        bound = opening.data_key_bound(actor.agency, person, kind, epoch, version)
        sealed = sealing.encrypt(actor.ring.kind_key(kind, version), key, bound)
    else:  # `decide` allows only connected systems here, and they seal to a public key
        version, public = vault.newest_public(agencies=[actor.agency], code=kind)[actor.agency]
        sealed = sealing.seal_to(public, key, opening.data_key_bound(actor.agency, person, kind, epoch, version))
    return DataKey(owner=actor.agency, person=person, kind=kind, epoch=epoch, ring_version=version, sealed=sealed)


def close(*, actor: Actor, person: uuid.UUID, kinds: Collection[str]) -> None:
    """Close the epochs of these kinds, so that later entries use new keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update sharing_datakey set closed = true where owner = %s and person = %s and kind = any(%s) and not closed",
            [actor.agency, person, list(kinds)],
        )


def in_use(*, actor: Actor, person: uuid.UUID, kinds: Sequence[str]) -> Mapping[str, Sequence[Epoch]]:
    """For each kind, return the epochs that hold the newest revision of an entry. Text that has since been corrected is
    not shared."""
    found: dict[str, list[Epoch]] = {kind: [] for kind in kinds}
    for row in fetch(_IN_USE, agency=actor.agency, person=person, kinds=list(kinds)):
        found[row.kind].append((row.epoch, opening.open_data_key_undecided(actor, row)))
    return found


def seal_to_recipients(*, actor: Actor, keys: Sequence[tuple[Share, int, bytes]]) -> None:
    """Seal data keys to the recipients of their shares, each bound to its share's terms. Each item in `keys` consists
    of a share, an epoch, and a data key. Raises Refused if the partner's keys are not the ones that were compared and
    pinned."""
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
