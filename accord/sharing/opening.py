"""Open sealed rows and define what each seal is bound to. `queries` checks access beforehand and logs afterward.

The agency's own entries come with the owner's copy of their data key. A partner's entries open only with the keys of a
share for the declared purpose. The same SQL statement serves one person's page or thousands of names.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from accord.access.actors import Actor
from accord.core.statements import build_sql, fetch
from accord.sharing import codes
from accord.sharing.rules import PersonRef
from accord.vault import sealing
from accord.vault.ring import NoKey

alarm = logging.getLogger("accord.alarm")
FALSE_GIFT = (
    "An entry that one agency shares with another can't be opened with the key that came with it. It is shown as not "
    "readable. No page of Accord produces this, so find out how it got there. The receiving agency's audit log says "
    "whose entry it is."
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
    opens: bool = True  # False if a partner's entry can't be opened; the payload is then empty


# What a seal is bound to ------------------------------------------------------------------------------------------


def entry_bound(row: Any) -> bytes:
    """Return the bytes that bind a sealed entry to its place. A row that was moved to another person, kind, epoch, or
    series does not open."""
    return sealing.bind(
        "entry", row.type, row.schema, row.owner.hex, row.person.hex, row.kind, row.epoch, row.series.hex, row.revision
    )


def data_key_bound(owner: uuid.UUID, person: uuid.UUID, kind: str, epoch: int, version: int) -> bytes:
    """Return the bytes that bind the owner's copy of a data key to its place."""
    return sealing.bind("data key", owner.hex, person.hex, kind, epoch, version)


def share_info(share: Any, owner: uuid.UUID, person: uuid.UUID, epoch: int, version: int) -> bytes:
    """Return the terms that are bound into a share key. Editing the share's row makes the key useless."""
    purposes = ",".join(sorted(share.purposes))
    times = (share.starts_at.timestamp(), share.ends_at.timestamp())
    return sealing.bind(
        *("share key", share.id.hex, owner.hex, person.hex, share.kind, epoch, version, share.recipient.hex),
        *(purposes, *times, share.additions, share.basis, share.basis_id.hex),
    )


# Own entries ------------------------------------------------------------------------------------------------------

_ENTRY = "e.owner, e.person, e.kind, e.series, e.revision, e.epoch, e.type, e.schema, e.by, e.at, e.sealed as entry"
# The newest revision is the one that is not marked as replaced.
_OWN = build_sql(
    """
    select {entry}, k.ring_version, k.sealed from sharing_entry e
    join sharing_datakey k on k.owner = e.owner and k.person = e.person and k.kind = e.kind and k.epoch = e.epoch
    where e.owner = %(agency)s and k.owner = %(agency)s and e.person = any(%(persons)s)
      and e.kind = any(%(kinds)s) and e.replaced_at is null
    order by e.at, e.series
    """,
    entry=_ENTRY,
)


# Every revision of one series of the agency's own, newest first.
_REVISIONS = build_sql(
    """
    select {entry}, k.ring_version, k.sealed from sharing_entry e
    join sharing_datakey k on k.owner = e.owner and k.person = e.person and k.kind = e.kind and k.epoch = e.epoch
    where e.owner = %(agency)s and k.owner = %(agency)s and e.person = %(person)s and e.kind = %(kind)s
      and e.series = %(series)s
    order by e.revision desc
    """,
    entry=_ENTRY,
)


def own_revisions_undecided(*, actor: Actor, person: uuid.UUID, kind: str, series: uuid.UUID) -> list[Item]:
    """Return every revision of one series about a client of the actor's agency, newest first."""
    rows = fetch(_REVISIONS, agency=actor.agency, person=person, kind=kind, series=series)
    found = [_open(row, open_data_key_undecided(actor, row)) for row in rows]
    return [item for item in found if item is not None]


def own_items_undecided(
    *, actor: Actor, persons: Collection[uuid.UUID], kinds: Sequence[str]
) -> Iterator[tuple[uuid.UUID, Item]]:
    """Yield the newest revision of each series about these clients of the actor's agency, oldest first, each with the
    person's id. An entry that does not open is an error. Raises NoKey if the actor's role has no key."""
    if not persons or not kinds:
        return
    keys: dict[tuple[uuid.UUID, str, int], bytes] = {}
    for row in fetch(_OWN, agency=actor.agency, persons=list(persons), kinds=list(kinds)):
        place = (row.person, row.kind, row.epoch)
        if place not in keys:
            keys[place] = open_data_key_undecided(actor, row)
        item = _open(row, keys[place])
        if item is not None:
            yield row.person, item


def open_data_key_undecided(actor: Actor, row: Any) -> bytes:
    """Open the owner's copy of a data key. The copy is sealed under the kind key. A connected system that holds no key
    seals the copy to the kind's inbound key pair instead. Raises NoKey if the actor's role has no key."""
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

# The newest revision may be in an epoch that is not shared. In that case, the newest shared revision is used.
_GIVEN = build_sql(
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

# By owner, person, kind, and epoch. None if the session does not hold the ring key for that share key (yet).
Keys = dict[tuple[uuid.UUID, uuid.UUID, str, int], bytes | None]
_OPENS_NOTHING = b""


def given_items_undecided(
    *, actor: Actor, known_ones: Sequence[PersonRef], kinds: Sequence[str], shares: Mapping[uuid.UUID, Any]
) -> Iterator[tuple[uuid.UUID, Item]]:
    """Yield the newest visible revision of each series that partner agencies share about these people, with the actor's
    handle for the person. `shares` are the shares to the actor's agency, by id. An entry that can't be opened with its
    key is yielded as unreadable and logged as an alarm."""
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
    """Open an entry that a partner sealed. An entry that can't be opened is returned as unreadable, so that it never
    breaks the page. Without a key (None), the entry can't be read yet."""
    if key is not None:
        with suppress(sealing.CannotOpen):
            return _open(row, key)
    return _read(row, b"", opens=False)


def _shared_keys(actor: Actor, shares: Mapping[uuid.UUID, Any], which: Mapping[str, Any]) -> Keys:
    """Open only the keys of shares for the declared purpose. A share of the same kind for another purpose opens
    nothing."""
    opened: Keys = {}
    for row in fetch(_SHARE_KEYS, agency=actor.agency, **which):
        if actor.purpose not in shares[row.share].purposes:
            continue
        place = (row.owner, row.person, row.kind, row.epoch)
        key = _given_key(actor, row, shares[row.share])
        opened[place] = opened.get(place) or key  # prefer a key that opens to another share's key that does not
    return opened


def _given_key(actor: Actor, row: Any, share: Any) -> bytes | None:
    info = share_info(share, row.owner, row.person, row.epoch, row.ring_version)
    try:
        return actor.ring.inbound(row.kind, row.ring_version).open(bytes(row.sealed), info)
    except sealing.CannotOpen:
        return _OPENS_NOTHING
    except NoKey:
        return None
