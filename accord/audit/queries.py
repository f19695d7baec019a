"""Reading the log: who looked at a person, the accounting, and whether the chain still holds."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accord.audit.models import About, Event


@dataclass(frozen=True)
class Line:
    """One event, as its line says it."""

    position: int
    at: datetime
    action: str
    outcome: str
    by: str
    partner: str
    kinds: tuple[str, ...]
    purpose: str
    basis: tuple[str, ...]
    details: dict[str, Any]


READING = ("read", "read-by-partner")
LOOKING = (*READING, "read-shared", "searched", "listed-my-people", "listed-to-reassign", "accounting")
DISCLOSING = ("share-begun", "share-ended", "read-by-partner")


def _line(row: Event) -> Line:
    text = json.loads(row.line)
    return Line(
        row.position,
        row.at,
        row.action,
        row.outcome,
        text.get("by", ""),
        text.get("partner", ""),
        tuple(text.get("kinds", ())),
        text.get("purpose", ""),
        tuple(text.get("basis", ())),
        text,
    )


def _about(owner: uuid.UUID, person: uuid.UUID) -> Any:
    positions = About.objects.filter(owner=owner, person=person).values("position")
    return Event.objects.filter(owner=owner, position__in=positions)


def looked_at(*, owner: uuid.UUID, person: uuid.UUID, limit: int) -> list[Line]:
    """Who opened this person's record lately, newest first: for her own agency only."""
    rows = _about(owner, person).filter(action__in=READING).order_by("-position")[:limit]
    return [_line(row) for row in rows]


def opened_since(*, owner: uuid.UUID, membership: uuid.UUID, since: datetime) -> set[uuid.UUID]:
    """The distinct people whom one colleague has read since then, as ids or handles."""
    reads = Event.objects.filter(
        owner=owner, actor_membership=membership, at__gt=since, action__in=("read", "read-shared")
    )
    rows = About.objects.filter(owner=owner, position__in=reads.values("position"))
    return set(rows.values_list("person", flat=True))


def disclosures(*, owner: uuid.UUID, person: uuid.UUID) -> list[Line]:
    """Every disclosure of this person to others, oldest first: the accounting."""
    return [_line(row) for row in _about(owner, person).filter(action__in=DISCLOSING).order_by("position")]


def events(*, owner: uuid.UUID, only: str = "", before: int | None = None, limit: int = 50) -> list[Line]:
    """The agency's own log, newest first. `only`: "reading" (somebody looked) or "refusals" (somebody was refused)."""
    rows = Event.objects.filter(owner=owner)
    if only == "reading":
        rows = rows.filter(action__in=LOOKING, outcome="done")
    if only == "refusals":
        rows = rows.exclude(outcome="done")
    if before is not None:
        rows = rows.filter(position__lt=before)
    return [_line(row) for row in rows.order_by("-position")[:limit]]


EVENT_COLUMNS = "position, line, hash, at, actor_account, actor_membership, actor_agency, source, action, outcome"
_SAID = {"account": 4, "membership": 5, "agency": 6, "source": 7, "action": 8, "outcome": 9}


def first_break(rows: Iterable[tuple[Any, ...]], start: bytes) -> tuple[int, bytes, int | None]:
    """Walk one chain: (its length, its last hash, the first position that does not hold or None).

    Rows have EVENT_COLUMNS. A line that was changed, a readable column that no longer says what its line says, a row
    that was removed or put in: each is found at its position (acceptance line 103).
    """
    link, length = start, 0
    for row in rows:
        length, (position, line, stored, at) = length + 1, row[:4]
        link = hashlib.sha256(link + line.encode()).digest()
        said = json.loads(line)
        columns = all(str(said.get(name)) == str(row[place]) for name, place in _SAID.items())
        if position != length or link != bytes(stored) or not columns or datetime.fromisoformat(said["at"]) != at:
            return length, link, length
    return length, link, None


def chain_start(owner: uuid.UUID) -> bytes:
    """What the first event of a chain is linked to."""
    return hashlib.sha256(f"accord chain {owner}".encode()).digest()
