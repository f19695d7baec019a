"""Opening very many own people at once, for counting and for finding by name: one statement, nothing kept.

`queries.open_entries` opens a page; here thousands of rows are opened in one request, so that each costs microseconds.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection

from accord.access.actors import Actor
from accord.sharing import codes, queries
from accord.vault import sealing


class Opened(NamedTuple):
    """One payload of an own person."""

    person: uuid.UUID
    kind: str
    payload: Any


class _Row(NamedTuple):
    """An entry beside the owner's copy of its data key: what both seals are bound to, and the seals."""

    owner: uuid.UUID
    person: uuid.UUID
    kind: str
    epoch: int
    series: uuid.UUID
    revision: int
    type: str
    schema: int
    entry: bytes
    ring_version: int
    sealed: bytes


# Binary results, as the driver hands them over; the newest revision is the one that no next one has marked.
_ROWS = """
select e.owner, e.person, e.kind, e.epoch, e.series, e.revision, e.type, e.schema, e.sealed, k.ring_version, k.sealed
from sharing_entry e
join sharing_datakey k on k.owner = e.owner and k.person = e.person and k.kind = e.kind and k.epoch = e.epoch
where e.owner = %s and k.owner = %s and e.person = any(%s) and e.kind = any(%s) and e.replaced_at is null
order by e.at
"""


def open_own(*, actor: Actor, persons: Collection[uuid.UUID], kinds: Sequence[str]) -> Iterator[Opened]:
    """What is known of these own people of these kinds, oldest first: the newest revision of each series. Decides
    nothing: whoever counts or searches is asked before."""
    if not persons or not kinds:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [actor.agency, actor.agency, list(persons), list(kinds)])
        rows = cursor.fetchall()
    for row in map(_Row._make, rows):
        text = sealing.decrypt(queries.open_data_key(actor, row), row.entry, queries.entry_bound(row))
        payload = codes.from_bytes(row.type, row.kind, text)
        if payload is not None:
            yield Opened(row.person, row.kind, payload)
