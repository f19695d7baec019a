"""Reading the log: who looked at a person, the accounting, and whether the chain still holds."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
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


def disclosures(*, owner: uuid.UUID, person: uuid.UUID) -> list[Line]:
    """Every disclosure of this person to others, oldest first: the accounting."""
    return [_line(row) for row in _about(owner, person).filter(action__in=DISCLOSING).order_by("position")]


def events(*, owner: uuid.UUID, before: int | None = None, limit: int = 50) -> list[Line]:
    """The agency's own log, newest first."""
    rows = Event.objects.filter(owner=owner)
    if before is not None:
        rows = rows.filter(position__lt=before)
    return [_line(row) for row in rows.order_by("-position")[:limit]]


def first_break(rows: Iterator[tuple[int, str, bytes, str, str, bytes]], start: bytes) -> int | None:
    """The first position at which a chain does not hold, or None. Rows are (position, line, hash, action, outcome, _)."""
    link, expected = start, 1
    for position, line, stored, action, outcome, _ in rows:
        link = hashlib.sha256(link + line.encode()).digest()
        text = json.loads(line)
        if position != expected or link != stored or text["action"] != action or text["outcome"] != outcome:
            return expected
        expected += 1
    return None


def chain_start(owner: uuid.UUID) -> bytes:
    """What the first event of a chain is linked to."""
    return hashlib.sha256(f"accord chain {owner}".encode()).digest()
