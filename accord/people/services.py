"""Open records, and correct names, ages, and safe contacts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from accord.access.actors import Actor
from accord.access.codes import WRITE_PERSON
from accord.core import clock, rooms
from accord.core.errors import Conflict, Hidden, Invalid
from accord.core.spans import BORN
from accord.core.text import N_
from accord.people import finding
from accord.people.codes import Birth, PersonName, SafeContact, ages_of
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.queries import Item, PersonRef


def open_record(
    *, actor: Actor, name: PersonName, birth: Birth | None = None, contact: SafeContact | None = None
) -> PersonRef:
    """Open a new record under the name the person goes by. Everything else is optional."""
    if not name.used.strip():
        raise Invalid(N_("Enter the name they go by. Any name is fine."), fields={"used": N_("Enter a name.")})
    known = records.open_person(actor=actor)
    records.write(actor=actor, known=known, payload=name)
    if birth:
        birth = _checked_birth(actor, birth)
    for more in (birth, contact):
        if more and _says_something(more):
            records.write(actor=actor, known=known, payload=more)
    finding.index_name(actor=actor, person=known.person, name=name)
    return known


_STAMPS = frozenset({"checked_on", "said_on"})  # set by the program, not typed into a form


def _says_something(payload: Any) -> bool:
    return any(value for name, value in vars(payload).items() if name not in _STAMPS)


def open_records(*, actor: Actor, people: Sequence[Sequence[Any]], expected: int = 0) -> list[PersonRef]:
    """Open records in bulk, as `open_record` does. Each item lists one person's entries, including a PersonName.

    If the records come in slices, `expected` is how many people the agency will have after the last slice. The search
    index is then built for that many people from the start.
    """
    people = [[_checked_birth(actor, one) if isinstance(one, Birth) else one for one in written] for written in people]
    opened = records.open_people(actor=actor, payloads=people)
    names = [[each for each in payloads if isinstance(each, PersonName)] for payloads in people]
    persons = [known.person for known in opened]
    finding.index_names(actor=actor, people=list(zip(persons, names, strict=True)), expected=expected)
    return opened


def _checked_birth(actor: Actor, birth: Birth, before: Birth | None = None) -> Birth:
    """Return the birth entry with the date on which the age was given. That date is today, unless the age went up only
    because time passed since the last entry. Raises Invalid for a birth in the future or more than 120 years ago."""
    today = clock.today(actor.zone)
    if birth.date and not BORN.fits(date.fromisoformat(birth.date), today):
        raise Invalid(fields={"date": N_("A date of birth can't be in the future or more than 120 years ago.")})
    if birth.year and not BORN.first(today).year <= int(birth.year) <= today.year:
        raise Invalid(fields={"year": N_("A year of birth can't be in the future or more than 120 years ago.")})
    if not birth.years or birth.said_on:
        return birth
    known = ages_of(before, today) if before and before.years and before.said_on else None
    if before and known and str(known.least) == birth.years:
        return replace(birth, years=before.years, said_on=before.said_on)
    return replace(birth, said_on=today.isoformat())


def correct(*, actor: Actor, ref: uuid.UUID, payload: PersonName | Birth | SafeContact, before: Item | None) -> None:
    """Save a new revision of a name, age, or safe contact. Raises Conflict if someone else saved first."""
    known = sharing.find(actor=actor, ref=ref)
    if isinstance(payload, Birth):
        payload = _checked_birth(actor, payload, before.payload if before else None)
    series, revision = (before.series, before.revision) if before else (None, 0)
    records.write(actor=actor, known=known, payload=payload, series=series, revision=revision)
    _after(actor, known, payload)


def correct_contact(*, actor: Actor, ref: uuid.UUID, contact: SafeContact, before: Sequence[Item]) -> None:
    """Save a new safe contact. It also replaces each older entry in `before` (oldest first) that has a warning, because
    the writer has seen every warning. All copies have the same time, and any of them may be treated as the newest, so
    they must match. Raises Conflict if a colleague saved first."""
    correct(actor=actor, ref=ref, payload=contact, before=before[-1] if before else None)
    known = sharing.find(actor=actor, ref=ref)
    for item in before[:-1]:
        if item.payload.never:
            records.write(actor=actor, known=known, payload=contact, series=item.series, revision=item.revision)


def _after(actor: Actor, known: PersonRef, payload: Any) -> None:
    """Do what must follow a saved entry, no matter which page or API call saved it."""
    if isinstance(payload, PersonName):
        finding.index_name(actor=actor, person=known.person, name=payload)
    if isinstance(payload, Birth):
        for reconsider in rooms.listening("age-corrected"):
            reconsider(actor, known)


def add_entry(*, actor: Actor, ref: uuid.UUID, payload: Any) -> uuid.UUID:
    """Add an entry to a person's record and return the new series."""
    known = sharing.find(actor=actor, ref=ref)
    payload = _checked_birth(actor, payload) if isinstance(payload, Birth) else payload
    series = records.write(actor=actor, known=known, payload=payload)
    _after(actor, known, payload)
    return series


def correct_entry(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID, revision: int, payload: Any) -> None:
    """Save a new revision of an entry. Raises Hidden if the person has no such series, and Conflict with both texts if
    `revision` is not the newest."""
    known = sharing.find(actor=actor, ref=ref)
    payload = _checked_birth(actor, payload) if isinstance(payload, Birth) else payload
    sharing.require_access(actor=actor, known=known, action=WRITE_PERSON, kind=payload.kind)
    newest = sharing.newest_revision_undecided(actor=actor, known=known, kind=payload.kind, series=series)
    if newest is None or newest[0] != payload.code:
        raise Hidden
    try:
        if newest[1] != revision:
            raise Conflict
        records.write(actor=actor, known=known, payload=payload, series=series, revision=revision)
    except Conflict as error:
        theirs = sharing.newest_of(actor=actor, known=known, kind=payload.kind, series=series)
        raise Conflict(code="lost_race", mine=payload, theirs=theirs) from error
    _after(actor, known, payload)


def take_up(*, actor: Actor, refs: Sequence[uuid.UUID], membership: uuid.UUID) -> None:
    """Assign a colleague to unassigned people."""
    records.reassign(actor=actor, refs=refs, membership=membership)
