"""Opening what is sealed, row by row, and what each seal is bound to. Decides nothing: `queries` asks before, and notes after.

Own entries come beside the owner's copy of their data key. Of what a partner shares, only the keys that came with a share
for the declared purpose open anything. A statement opens one person's page or thousands of names alike.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from accord.access.actors import Actor
from accord.core.statements import fetch, written
from accord.sharing import codes
from accord.vault import sealing
from accord.vault.ring import NoKey

if TYPE_CHECKING:
    from accord.sharing.queries import PersonRef

alarm = logging.getLogger("accord.alarm")
FALSE_GIFT = (
    "Something that one agency shares with another does not open with the key that came with it. It is shown as not "
    "readable. No page seals so: look how it came there. The receiving agency's log says whose it is."
)


class Item(NamedTuple):
    """One opened entry: the newest revision that the actor may see."""

    series: uuid.UUID
    revision: int
    kind: str
    type: str
    by: uuid.UUID
    at: datetime
    payload: Any
    opens: bool = True  # False: a partner sealed it so that it does not open here; the payload is an empty one


# What a seal is bound to ------------------------------------------------------------------------------------------


def entry_bound(row: Any) -> bytes:
    """What a sealed entry is bound to: a row moved to another person, kind, epoch or series does not open."""
    return sealing.bind(
        "entry", row.type, row.schema, row.owner.hex, row.person.hex, row.kind, row.epoch, row.series.hex, row.revision
    )


def data_key_bound(owner: uuid.UUID, person: uuid.UUID, kind: str, epoch: int, version: int) -> bytes:
    """What the owner's copy of a data key is bound to."""
    return sealing.bind("data key", owner.hex, person.hex, kind, epoch, version)


def share_info(share: Any, owner: uuid.UUID, person: uuid.UUID, epoch: int, version: int) -> bytes:
    """The terms, as bound into a share key: whoever edits the row makes the key useless."""
    purposes = ",".join(sorted(share.purposes))
    times = (share.starts_at.timestamp(), share.ends_at.timestamp())
    return sealing.bind(
        *("share key", share.id.hex, owner.hex, person.hex, share.kind, epoch, version, share.recipient.hex),
        *(purposes, *times, share.additions, share.basis, share.basis_id.hex),
    )


# Own entries ------------------------------------------------------------------------------------------------------

_ENTRY = "e.owner, e.person, e.kind, e.series, e.revision, e.epoch, e.type, e.schema, e.by, e.at, e.sealed as entry"
# The newest revision is the one that no next one has marked.
_OWN = written(
    """
    select {entry}, k.ring_version, k.sealed from sharing_entry e
    join sharing_datakey k on k.owner = e.owner and k.person = e.person and k.kind = e.kind and k.epoch = e.epoch
    where e.owner = %(agency)s and k.owner = %(agency)s and e.person = any(%(persons)s)
      and e.kind = any(%(kinds)s) and e.replaced_at is null
    order by e.at
    """,
    entry=_ENTRY,
)


def own_items(
    *, actor: Actor, persons: Collection[uuid.UUID], kinds: Sequence[str]
) -> Iterator[tuple[uuid.UUID, Item]]:
    """What is known of these people of the actor's own agency, oldest first: whom it is about, and the newest revision of
    each series. One that does not open is an error. Raises NoKey where the role has none."""
    if not persons or not kinds:
        return
    keys: dict[tuple[uuid.UUID, str, int], bytes] = {}
    for row in fetch(_OWN, agency=actor.agency, persons=list(persons), kinds=list(kinds)):
        place = (row.person, row.kind, row.epoch)
        if place not in keys:
            keys[place] = open_data_key(actor, row)
        item = _open(row, keys[place])
        if item is not None:
            yield row.person, item


def open_data_key(actor: Actor, row: Any) -> bytes:
    """The owner's copy, opened: it lies under the kind key, or was sealed towards the kind's inbound pair by a machine
    client, which holds no key. Raises NoKey where the role has none."""
    kind_key = actor.ring.kind_key(row.kind, row.ring_version)
    bound = data_key_bound(row.owner, row.person, row.kind, row.epoch, row.ring_version)
    if sealing.sealed_to_a_pair(bytes(row.sealed)):
        return actor.ring.inbound(row.kind, row.ring_version).open(bytes(row.sealed), bound)
    return sealing.decrypt(kind_key, bytes(row.sealed), bound)


def _open(row: Any, key: bytes) -> Item | None:
    return _read(row, sealing.decrypt(key, row.entry, entry_bound(row)))


def _read(row: Any, text: bytes, opens: bool = True) -> Item | None:
    payload = codes.from_bytes(row.type, row.kind, text)
    if payload is None:
        return None
    return Item(row.series, row.revision, row.kind, row.type, row.by, row.at, payload, opens)


# What partners share ----------------------------------------------------------------------------------------------

# The newest revision may lie in an epoch that is not shared: then it is the one before.
_GIVEN = written(
    """
    select {entry} from sharing_entry e
    where e.owner = any(%(owners)s) and e.person = any(%(persons)s) and e.kind = any(%(kinds)s)
    order by e.owner, e.person, e.kind, e.series, e.revision desc
    """,
    entry=_ENTRY,
)
_SHARE_KEYS = """
select y.share, y.owner, y.person, y.kind, y.epoch, y.ring_version, y.sealed from sharing_sharekey y
where y.owner = any(%(owners)s) and y.person = any(%(persons)s) and y.kind = any(%(kinds)s) and y.recipient = %(agency)s
"""

# By owner, person, kind, epoch. None: the ring key that a share key was sealed to is not held (yet).
Keys = dict[tuple[uuid.UUID, uuid.UUID, str, int], bytes | None]
_OPENS_NOTHING = b""


def given_items(
    *, actor: Actor, known_ones: Sequence[PersonRef], kinds: Sequence[str], shares: Mapping[uuid.UUID, Any]
) -> Iterator[tuple[uuid.UUID, Item]]:
    """What others share of these people: the actor's handle, and the newest visible revision of each series. `shares`:
    theirs towards her agency, by id. What was sealed so that it does not open comes as not readable, and is told."""
    refs = {(known.owner, known.person): known.ref for known in known_ones}
    owners, persons = (list({place[part] for place in refs}) for part in (0, 1))
    which = {"owners": owners, "persons": persons, "kinds": list(kinds)}
    keys = _shared_keys(actor, shares, which)
    done, false = set(), set()
    for row in fetch(_GIVEN, **which):
        ref, place = refs.get((row.owner, row.person)), (row.owner, row.person, row.kind, row.epoch)
        if ref is None or place not in keys or (row.owner, row.series) in done:
            continue
        done.add((row.owner, row.series))
        item = _open_given(row, keys[place])
        if item is None:
            continue
        if not item.opens and keys[place] is not None:
            false.add((ref, row.kind))
        yield ref, item
    if false:
        alarm.critical(FALSE_GIFT)
        actor.log("given-unreadable", about={ref for ref, _ in false}, kinds=sorted({kind for _, kind in false}))


def _open_given(row: Any, key: bytes | None) -> Item | None:
    """Of what a partner sealed: whatever it was, the reader's page stands. No key (None): hers has not come yet."""
    if key is not None:
        with suppress(sealing.CannotOpen):
            return _open(row, key)
    return _read(row, b"", opens=False)


def _shared_keys(actor: Actor, shares: Mapping[uuid.UUID, Any], which: Mapping[str, Any]) -> Keys:
    """Only the keys of shares for the purpose declared: another share of the same kind opens nothing."""
    opened: Keys = {}
    for row in fetch(_SHARE_KEYS, agency=actor.agency, **which):
        if actor.purpose not in shares[row.share].purposes:
            continue
        place = (row.owner, row.person, row.kind, row.epoch)
        key = _given_key(actor, row, shares[row.share])
        opened[place] = opened.get(place) or key  # one that opens stands beside another share's that does not
    return opened


def _given_key(actor: Actor, row: Any, share: Any) -> bytes | None:
    info = share_info(share, row.owner, row.person, row.epoch, row.ring_version)
    try:
        return actor.ring.inbound(row.kind, row.ring_version).open(bytes(row.sealed), info)
    except sealing.CannotOpen:
        return _OPENS_NOTHING
    except NoKey:
        return None
