"""The life of data keys after they were made: put under a new version of their kind key, a slice at a time.

When somebody leaves, the keys that she held get a new version; the data keys still lie under the old one, which she may
have copied. Signed-in colleagues re-wrap them in slices. Nothing is lost between two slices: each data key opens under
the version that its row names. What recipients hold is untouched.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count

from accord.access.acting import Actor
from accord.access.codes import KINDS
from accord.agencies import queries as agencies
from accord.agencies import services as agency_services
from accord.core.errors import Refused
from accord.core.text import N_
from accord.sharing import queries
from accord.sharing.models import DataKey, Person
from accord.vault import sealing

SLICE = 500  # 0.05 ms a key: well under the statement timeout, and a page that moves


def two_officers_first(*, actor: Actor) -> None:
    """An agency whose only officer forgets her passphrase loses what it keeps. Raises Refused before its first person."""
    if Person.objects.filter(owner=actor.agency).exists() or len(agencies.officers(agency=actor.agency)) > 1:
        return
    raise Refused(
        N_("Your agency needs a second privacy officer before it keeps its first record."),
        code="one_officer",
        remedy=N_("Your privacy officer invites one under Colleagues: it takes minutes. Two can help each other."),
    )


@dataclass(frozen=True)
class Renewal:
    """How far re-wrapping has come: data keys under the newest versions of all, what this session can do, what it cannot."""

    done: int
    total: int
    mine: int
    others: tuple[str, ...]


def renewal(*, actor: Actor) -> Renewal:
    """Counted by kind and version, without opening anything."""
    rows = DataKey.objects.filter(owner=actor.agency).values_list("kind", "ring_version").annotate(n=Count("person"))
    newest, total, mine, others, left = agencies.newest_ring(actor=actor), 0, 0, set(), 0
    for kind, version, count in rows:
        total += count
        if version >= newest[kind]:
            continue
        left += count
        if kind in actor.ring.codes() and actor.ring.latest(kind) == newest[kind]:
            mine += count
        else:
            others.add(kind)
    return Renewal(total - left, total, mine, tuple(kind for kind in KINDS if kind in others))


def rewrap_slice(*, actor: Actor, limit: int = SLICE) -> int:
    """Put up to `limit` data keys that this session opens under the newest versions of their kind keys. Returns how many.

    Two sessions at once take different rows. When nothing is left, old versions that nothing needs are deleted.
    """
    count = 0
    for kind in sorted(actor.ring.codes() & KINDS.keys()):
        old = DataKey.objects.filter(owner=actor.agency, kind=kind, ring_version__lt=actor.ring.latest(kind))
        if count < limit:
            count += _rewrap(actor, list(old.select_for_update(skip_locked=True)[: limit - count]))
    if count:
        actor.log("keys-rewrapped", keys=count)
    agency_services.drop_old_keys(actor=actor)
    return count


def _rewrap(actor: Actor, rows: list[DataKey]) -> int:
    lines = []
    for row in rows:
        key, version = queries.open_data_key(actor, row), actor.ring.latest(row.kind)
        bound = queries.data_key_bound(row.owner, row.person, row.kind, row.epoch, version)
        sealed = sealing.encrypt(actor.ring.kind_key(row.kind, version), key, bound)
        lines.append((version, sealed, row.owner, row.person, row.kind, row.epoch, row.ring_version))
    with connection.cursor() as cursor:
        cursor.executemany(
            "update sharing_datakey set ring_version = %s, sealed = %s "
            "where owner = %s and person = %s and kind = %s and epoch = %s and ring_version = %s",
            lines,
        )
    return len(rows)
