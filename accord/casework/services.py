"""Writing needs, services, what happened (as a code) and notes."""

from __future__ import annotations

import uuid
from dataclasses import replace

from accord.access.acting import Actor
from accord.access.codes import SYSTEMS
from accord.casework.codes import CATEGORIES, EXPLOITATION, STATUS, URGENCY, CaseNote, Exploitation, Need, Service
from accord.core.errors import Hidden, Invalid
from accord.core.text import N_
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.queries import Item


def add_need(*, actor: Actor, ref: uuid.UUID, need: Need) -> uuid.UUID:
    """Note a need. Her own words may be left out."""
    if need.category not in CATEGORIES or need.urgency not in URGENCY:
        raise Invalid(N_("Choose what she needs and how soon."), fields={"category": N_("Choose one.")})
    return records.write(actor=actor, known=sharing.find(actor=actor, ref=ref), payload=need)


def change_need(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID, revision: int, status: str) -> None:
    """Say where a need stands now. Raises Conflict when somebody else was quicker."""
    if status not in STATUS:
        raise Invalid(N_("Choose where it stands."), fields={"status": N_("Choose one.")})
    known = sharing.find(actor=actor, ref=ref)
    item = _item(actor, known, "needs", series)
    records.write(
        actor=actor, known=known, payload=replace(item.payload, status=status), series=series, revision=revision
    )


def _item(actor: Actor, known: sharing.PersonRef, kind: str, series: uuid.UUID) -> Item:
    for item in sharing.read(actor=actor, known=known, kinds=[kind]).get(kind, ()):
        if item.series == series:
            return item
    raise Hidden


def add_service(*, actor: Actor, ref: uuid.UUID, service: Service) -> uuid.UUID:
    """Note help given on a day."""
    if service.category not in CATEGORIES or not service.day:
        raise Invalid(N_("Choose what was given and on which day."), fields={"category": N_("Choose one.")})
    return records.write(actor=actor, known=sharing.find(actor=actor, ref=ref), payload=service)


def note_exploitation(*, actor: Actor, ref: uuid.UUID, type: str) -> None:
    """The type of exploitation as a code; the newest stands."""
    if type not in EXPLOITATION:
        raise Invalid(N_("Choose one, or leave it."), fields={"type": N_("Choose one.")})
    known = sharing.find(actor=actor, ref=ref)
    before = sharing.read(actor=actor, known=known, kinds=["exploitation"]).get("exploitation", [])
    series, revision = (before[-1].series, before[-1].revision) if before else (None, 0)
    records.write(actor=actor, known=known, payload=Exploitation(type), series=series, revision=revision)


def add_note(*, actor: Actor, ref: uuid.UUID, text: str) -> uuid.UUID:
    """A case note; in a systems agency it is stored as discoverable (acceptance line 48)."""
    if not text.strip():
        raise Invalid(N_("Write something, or leave the page."), fields={"text": N_("There is no text.")})
    note = CaseNote(text.strip(), actor.agency_kind == SYSTEMS)
    return records.write(actor=actor, known=sharing.find(actor=actor, ref=ref), payload=note)
