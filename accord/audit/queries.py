"""Read the audit log: who looked at a person's record, the disclosure history, and whether the chain is intact.

An event's details are encrypted to the agency that owns the log (ADR 0011). `opens` decrypts them for the reader. If
the reader has no key for them, it returns nothing, and the event is shown without details.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from accord.audit.models import Event
from accord.core.rooms import Act, LogLine, Pace, log_lines
from accord.core.statements import fetch

Opens = Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Line:
    """One event, with the current names of the people who acted, and any details that the reader can open."""

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


REFUSALS = "refusals"


def actions_where(wanted: Callable[[LogLine], object]) -> list[str]:
    """Return the codes of the log actions that `wanted` accepts. The rooms declare them (`room.py`)."""
    return [code for code, line in log_lines().items() if wanted(line)]


def _lines(rows: Iterable[Any], opens: Opens, person: uuid.UUID | None = None) -> list[Line]:
    found = list(rows)
    names = _names([row.position for row in found]) if found else {}
    return [_line(row, names, opens, person) for row in found]


def _line(row: Any, names: Mapping[uuid.UUID, tuple[str, str]], opens: Opens, person: uuid.UUID | None) -> Line:
    """Return one event. With `person`, an event about several people shows only what concerns this person."""
    parsed = json.loads(row.line)
    text = {**opens(parsed), **parsed}
    text |= _of_this_person(text.get("each", ()), person)
    by, agency = names.get(row.actor_membership, ("", ""))
    return Line(
        row.position,
        row.at,
        row.action,
        row.outcome,
        by,
        agency if row.actor_agency != row.owner else "",
        tuple(text.get("kinds", ())),
        str(text.get("purpose", "")),
        tuple(text.get("basis", ())),
        text,
    )


def each_person(*, person: uuid.UUID, kinds: Iterable[str], basis: Iterable[str]) -> str:
    """Return one person's line for the `each` detail of an event about several people."""
    return f"{person} {','.join(kinds)} {','.join(basis)}"


def _of_this_person(each: Iterable[str], person: uuid.UUID | None) -> dict[str, list[str]]:
    """Return the kinds and the basis from this person's line. A partner writes these lines, so malformed lines are
    skipped."""
    for line in each:
        parts = line.split(" ")
        if len(parts) == 3 and parts[0] == str(person):
            return {
                name: [code for code in codes.split(",") if code]
                for name, codes in zip(("kinds", "basis"), parts[1:], strict=True)
            }
    return {}


def _names(positions: Sequence[int]) -> dict[uuid.UUID, tuple[str, str]]:
    """Return the name and agency of each person who acted in these log entries, by membership. `positions` refers to
    the log of the reader's agency."""
    with connection.cursor() as cursor:
        cursor.execute("select * from accord.audit_names(%s::bigint[])", [list(positions)])
        return {membership: (name, agency) for membership, name, agency in cursor.fetchall()}


_ABOUT = """
select e.owner, e.position, e.at, e.action, e.outcome, e.actor_membership, e.actor_agency, e.line
from audit_about a join audit_event e on e.owner = a.owner and e.position = a.position
where a.owner = %(owner)s and a.person = %(person)s and e.action = any(%(actions)s)
order by e.position desc limit %(limit)s
"""


def looked_at(*, owner: uuid.UUID, person: uuid.UUID, limit: int, opens: Opens) -> list[Line]:
    """Return who recently opened this person's record, newest first. Use this only for the agency that owns the
    record."""
    return _lines(
        fetch(_ABOUT, owner=owner, person=person, actions=actions_where(lambda line: line.on_record), limit=limit),
        opens,
        person,
    )


def is_reading(action: str) -> bool:
    """Return True if this log action is a view or a search."""
    line = log_lines().get(action)
    return line is not None and line.act is Act.READING


def seen_since(*, since: datetime, pace: Pace) -> set[uuid.UUID]:
    """Return the ids or handles of the distinct people whose records the actor opened or listed since that moment.

    Waits until the actor's other requests for the same information have ended, so that they are counted, too.
    """
    rows = fetch(
        "select accord.audit_seen(%(since)s, %(actions)s) as person",
        since=since,
        actions=actions_where(lambda line: line.pace is pace),
    )
    return {row.person for row in rows}


def disclosures(*, owner: uuid.UUID, person: uuid.UUID, opens: Opens) -> list[Line]:
    """Return every disclosure of this person's information to others, oldest first."""
    found = fetch(_ABOUT, owner=owner, person=person, actions=actions_where(lambda line: line.discloses), limit=None)
    return _lines(reversed(found), opens, person)


def events(
    *,
    owner: uuid.UUID,
    opens: Opens,
    only: str = "",
    before: int | None = None,
    limit: int = 50,
    by: uuid.UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Line]:
    """Return the agency's own log, newest first. `only` limits the result to a type of act (`core.rooms.Act`) or to
    "refusals", and `by` to one membership's acts. Only events from the moment `since` on and before the moment `until`
    are returned."""
    rows = Event.objects.filter(owner=owner)
    if only == REFUSALS:
        rows = rows.exclude(outcome="done")
    elif only:
        rows = rows.filter(action__in=actions_where(lambda line: line.act == only), outcome="done")
    for which, value in (("actor_membership", by), ("position__lt", before), ("at__gte", since), ("at__lt", until)):
        rows = rows if value is None else rows.filter(**{which: value})
    return _lines(rows.order_by("-position")[:limit], opens)


EVENT_COLUMNS = "position, line, hash, at, actor_account, actor_membership, actor_agency, source, action, outcome"
_SAID = {"account": 4, "membership": 5, "agency": 6, "source": 7, "action": 8, "outcome": 9}


def first_break(rows: Iterable[tuple[Any, ...]], start: bytes) -> tuple[int, bytes, int | None]:
    """Check one chain. Return its length, its last hash, and the first broken position or None.

    Rows have EVENT_COLUMNS. The check finds a changed line, a readable column that differs from its line, a removed
    row, or an inserted row, each at its position (acceptance line 103).
    """
    link, length = start, 0
    for row in rows:
        length, (position, line, stored, at) = length + 1, row[:4]
        link = hashlib.sha256(link + line.encode()).digest()
        parsed = json.loads(line)
        columns = all(str(parsed.get(name)) == str(row[place]) for name, place in _SAID.items())
        if position != length or link != bytes(stored) or not columns or datetime.fromisoformat(parsed["at"]) != at:
            return length, link, length
    return length, link, None


def chain_start(owner: uuid.UUID) -> bytes:
    """Return the hash that the first event of a chain is linked to."""
    return hashlib.sha256(f"accord chain {owner}".encode()).digest()
