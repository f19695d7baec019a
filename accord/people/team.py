"""Colleagues who are assigned to, barred from, or given access to one of the agency's clients."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accord.access.actors import Actor, require_role
from accord.access.codes import GRANT_ACCESS
from accord.people.finding import name_in
from accord.sharing import queries as sharing
from accord.sharing.assignments import AssignmentCard, assignments_of
from accord.sharing.codes import AssignmentBasis
from accord.sharing.queries import Item, PersonRef


@dataclass(frozen=True)
class LetIn:
    """A colleague who got access from a supervisor, with the reason and dates. The person may see this information."""

    assignment: uuid.UUID
    who: str
    by: str
    at: datetime
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True)
class Team:
    """A person's assignments, with names: colleagues who are assigned, barred, or given access."""

    known: PersonRef
    name: str
    assigned: tuple[tuple[uuid.UUID, str], ...]
    barred: tuple[tuple[uuid.UUID, str], ...]
    let_in: tuple[LetIn, ...]


def reasons_given(*, assignments: Sequence[AssignmentCard], entries: Sequence[Item]) -> tuple[LetIn, ...]:
    """Return who was given access and why, newest first. The reasons are sealed in the record."""
    reasons = {item.payload.assignment: item.payload.reason for item in entries if item.type == "grant_reason"}
    return tuple(
        LetIn(t.id, t.name, t.by_name, t.at, t.ended_at, reasons[str(t.id)])
        for t in reversed(assignments)
        if t.basis == AssignmentBasis.GRANTED and str(t.id) in reasons
    )


def let_in_undecided(*, actor: Actor, known: PersonRef) -> tuple[LetIn, ...]:
    """List everyone who was ever given access to one of the agency's own records, newest first. The caller must
    check access."""
    entries = sharing.open_entries_undecided(actor=actor, known_ones=[known], kinds=["releases"])[known.ref].get(
        "releases", []
    )
    assignments = assignments_of(actor=actor, ref=known.ref, ended=True)
    return reasons_given(assignments=assignments, entries=entries)


def team(*, actor: Actor, ref: uuid.UUID) -> Team:
    """Return who works with one of the agency's own clients. The supervisor who asks doesn't have to be assigned to the
    person. Raises Hidden or Refused."""
    require_role(actor, GRANT_ACCESS)
    known = sharing.find_own(actor=actor, ref=ref)
    assignments = assignments_of(actor=actor, ref=ref)
    opened = sharing.open_entries_undecided(actor=actor, known_ones=[known], kinds=["identity.name"])[known.ref]
    found = name_in(opened)
    actor.log("looked-at-team", about=[known.person])
    running = {assignment.id for assignment in assignments}
    return Team(
        known=known,
        name=found.used if found else "",
        assigned=tuple((t.id, t.name) for t in assignments if t.basis == AssignmentBasis.ASSIGNED),
        barred=tuple((t.id, t.name) for t in assignments if t.basis == AssignmentBasis.BARRED),
        let_in=tuple(one for one in let_in_undecided(actor=actor, known=known) if one.assignment in running),
    )
