"""Rules for when an agency has a seat, and for how a body becomes a matter. The same rule in SQL is `accord.seats_now`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accord.access.rules import BODY, Matter, Seat


@dataclass(frozen=True)
class Term:
    """An agency's seat and its term. `until` is the last day."""

    agency: UUID
    role: str
    membership: UUID | None
    for_anyone: bool
    since: date
    until: date | None


def is_held(*, seat: Term, today: date, ended_on: date | None) -> bool:
    """Return True if the agency has this seat today.

    `today` is today's date at the office that maintains the body. If the body has ended, its last day (`ended_on`) is
    used instead.
    """
    day = min(today, ended_on) if ended_on else today
    return seat.since <= day and (seat.until is None or day <= seat.until)


def as_matter(*, body: UUID, owner: UUID, is_open: bool, ended_on: date | None, held: Iterable[Term]) -> Matter:
    """Return a body as a matter, in the form that decisions need. `held` lists the seats that agencies have today."""
    seats = tuple(Seat(one.agency, one.role, one.membership, one.for_anyone) for one in held)
    named = frozenset(seat.agency for seat in seats)
    return Matter(BODY, body, owner, named, seats, is_open, is_over=ended_on is not None)
