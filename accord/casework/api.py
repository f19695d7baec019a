"""API entries for needs, services, the type of trafficking, and case notes. The forms that the pages use also validate
these entries."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from accord.access.actors import Actor
from accord.access.codes import SYSTEMS
from accord.casework.codes import STATUS, CaseNote, Exploitation, Need, Service
from accord.casework.forms import ExploitationForm, NeedForm, NoteForm, ServiceForm
from accord.core.errors import Invalid
from accord.core.text import N_
from accord.people.api import checked, iso_date, writable
from accord.ui.fields import typed_date


@writable("need", "category", "urgency", "words", "status")
def _need(actor: Actor, fields: Mapping[str, str]) -> Need:
    status = fields.get("status", "open")
    if status not in STATUS:
        raise Invalid(fields={"status": N_("Choose one.")})
    return dataclasses.replace(Need(**checked(NeedForm(fields)).cleaned_data), status=status)


@writable("service", "category", "day", "amount", "unit", "provider", "note")
def _service(actor: Actor, fields: Mapping[str, str]) -> Service:
    typed = {name: value for name, value in fields.items() if name != "day"}
    return checked(ServiceForm({**typed, **typed_date("day", iso_date("day", fields))})).service()


@writable("exploitation", "type")
def _exploitation(actor: Actor, fields: Mapping[str, str]) -> Exploitation:
    return Exploitation(checked(ExploitationForm(fields)).cleaned_data["type"])


@writable("case_note", "text")
def _case_note(actor: Actor, fields: Mapping[str, str]) -> CaseNote:
    return CaseNote(checked(NoteForm(fields)).cleaned_data["text"], actor.agency_kind == SYSTEMS)
