"""Needs, services, what happened and notes, as the API's entries: checked by the forms of the pages."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date

from accord.access.actors import Actor
from accord.access.codes import SYSTEMS
from accord.casework.codes import CATEGORIES, STATUS, CaseNote, Exploitation, Need, Service
from accord.casework.forms import ExploitationForm, NeedForm, NoteForm
from accord.core.errors import Invalid
from accord.core.text import N_
from accord.people.api import checked, writable


@writable("need", "category", "urgency", "words", "status")
def _need(actor: Actor, fields: Mapping[str, str]) -> Need:
    status = fields.get("status", "open")
    if status not in STATUS:
        raise Invalid(fields={"status": N_("Choose one.")})
    return dataclasses.replace(Need(**checked(NeedForm(fields)).cleaned_data), status=status)


@writable("service", "category", "day")
def _service(actor: Actor, fields: Mapping[str, str]) -> Service:
    if fields.get("category") not in CATEGORIES:
        raise Invalid(fields={"category": N_("Choose one.")})
    try:
        return Service(fields["category"], date.fromisoformat(fields.get("day", "")).isoformat())
    except ValueError:
        raise Invalid(fields={"day": N_("Write the day as 2026-03-31.")}) from None


@writable("exploitation", "type")
def _exploitation(actor: Actor, fields: Mapping[str, str]) -> Exploitation:
    return Exploitation(checked(ExploitationForm(fields)).cleaned_data["type"])


@writable("case_note", "text")
def _case_note(actor: Actor, fields: Mapping[str, str]) -> CaseNote:
    return CaseNote(checked(NoteForm(fields)).cleaned_data["text"], actor.agency_kind == SYSTEMS)
