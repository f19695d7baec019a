"""Write entries for needs, services, the type of trafficking (as a code), case notes, and immigration."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from accord.access.actors import Actor
from accord.access.codes import SYSTEMS
from accord.casework.codes import (
    APPLICATION_STATES,
    APPLICATIONS,
    CATEGORIES,
    DOCUMENTS,
    EXPLOITATION_ANSWERS,
    IMMIGRATION_STATUS,
    NEXT_STEPS,
    PLACES,
    STATUS,
    UNITS,
    URGENCY,
    Application,
    CaseNote,
    Exploitation,
    Immigration,
    Need,
    Service,
)
from accord.core import clock
from accord.core.errors import Hidden, Invalid
from accord.core.spans import HAPPENED
from accord.core.text import N_
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.queries import Item
from accord.work import services as work


def add_need(*, actor: Actor, ref: uuid.UUID, need: Need) -> uuid.UUID:
    """Add a need. The urgency and the person's own words are optional."""
    return add_needs(actor=actor, ref=ref, needs=[need])[0]


def add_needs(*, actor: Actor, ref: uuid.UUID, needs: Sequence[Need]) -> list[uuid.UUID]:
    """Add several needs at once and return their series in the same order."""
    for need in needs:
        _check_need(need)
    known = sharing.find(actor=actor, ref=ref)
    return [records.write(actor=actor, known=known, payload=need) for need in needs]


def _check_need(need: Need) -> None:
    if need.category not in CATEGORIES or need.urgency not in ("", *URGENCY):
        raise Invalid(N_("Choose what they need."), fields={"category": N_("Choose one.")})
    if need.status not in STATUS:
        raise Invalid(N_("Choose a status."), fields={"status": N_("Choose one.")})


def change_need(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID, revision: int, need: Need) -> None:
    """Save changes to a need. Raises Conflict if a colleague saved first."""
    _check_need(need)
    _rewrite(actor, ref, "needs", series, revision, need)


def _rewrite(actor: Actor, ref: uuid.UUID, kind: str, series: uuid.UUID, revision: int, payload: Any) -> None:
    """Save a new revision of one of the person's entries. Raises Hidden if there is none, and Conflict if a colleague
    saved first."""
    known = sharing.find(actor=actor, ref=ref)
    _item(actor, known, kind, series, payload.code)
    records.write(actor=actor, known=known, payload=payload, series=series, revision=revision)


def _item(actor: Actor, known: sharing.PersonRef, kind: str, series: uuid.UUID, entry_type: str = "") -> Item:
    for item in sharing.read(actor=actor, known=known, kinds=[kind]).get(kind, ()):
        if item.series == series and entry_type in ("", item.type):
            return item
    raise Hidden


def add_service(*, actor: Actor, ref: uuid.UUID, service: Service) -> uuid.UUID:
    """Add a service provided on a date."""
    _check_service(actor, service)
    return records.write(actor=actor, known=sharing.find(actor=actor, ref=ref), payload=service)


def change_service(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID, revision: int, service: Service) -> None:
    """Correct a service. Raises Conflict if a colleague saved first."""
    _check_service(actor, service)
    _rewrite(actor, ref, "services", series, revision, service)


def _check_service(actor: Actor, service: Service) -> None:
    if service.category not in CATEGORIES or not service.day:
        raise Invalid(N_("Choose a service and enter the date."), fields={"category": N_("Choose one.")})
    if service.unit not in ("", *UNITS):
        raise Invalid(fields={"unit": N_("Choose one.")})
    if not HAPPENED.fits(date.fromisoformat(service.day), clock.today(actor.zone)):
        raise Invalid(fields={"day": N_("Choose today or an earlier date.")})


def note_exploitation(*, actor: Actor, ref: uuid.UUID, answer: str) -> None:
    """Record the type of trafficking as a code. Only the newest entry counts."""
    if answer not in EXPLOITATION_ANSWERS:
        raise Invalid(N_("Choose one of the options."), fields={"type": N_("Choose one.")})
    known = sharing.find(actor=actor, ref=ref)
    before = sharing.read(actor=actor, known=known, kinds=["exploitation"]).get("exploitation", [])
    series, revision = (before[-1].series, before[-1].revision) if before else (None, 0)
    records.write(actor=actor, known=known, payload=Exploitation(answer), series=series, revision=revision)


def add_note(*, actor: Actor, ref: uuid.UUID, text: str) -> uuid.UUID:
    """Add a case note. A note at a systems agency is stored as discoverable (acceptance line 48)."""
    if not text.strip():
        raise Invalid(N_("Enter a note, or leave the page."), fields={"text": N_("Enter a note.")})
    note = CaseNote(text.strip(), actor.agency_kind == SYSTEMS)
    return records.write(actor=actor, known=sharing.find(actor=actor, ref=ref), payload=note)


def change_note(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID, revision: int, text: str) -> None:
    """Correct a case note. The earlier text is kept, and a discoverable note stays discoverable. Raises Conflict if a
    colleague saved first."""
    if not text.strip():
        raise Invalid(N_("Enter a note, or leave the page."), fields={"text": N_("Enter a note.")})
    known = sharing.find(actor=actor, ref=ref)
    before = _item(actor, known, "notes.case", series, "case_note").payload
    note = replace(before, text=text.strip())
    records.write(actor=actor, known=known, payload=note, series=series, revision=revision)


def note_immigration(*, actor: Actor, ref: uuid.UUID, facts: Immigration) -> None:
    """Record immigration status and where the person's documents are. Only the newest entry counts."""
    if facts.status not in IMMIGRATION_STATUS or not all(p in DOCUMENTS and at in PLACES for p, at in facts.papers):
        raise Invalid(N_("Choose one of the options."), fields={"status": N_("Choose one.")})
    known = sharing.find(actor=actor, ref=ref)
    rows = sharing.read(actor=actor, known=known, kinds=["immigration"]).get("immigration", [])
    before = [item for item in rows if item.type == "immigration"]
    series, revision = (before[-1].series, before[-1].revision) if before else (None, 0)
    records.write(actor=actor, known=known, payload=facts, series=series, revision=revision)


def add_application(*, actor: Actor, ref: uuid.UUID, application: Application) -> uuid.UUID:
    """Record an application. Its next date becomes a task for the colleague who records it."""
    _check_application(application)
    known = sharing.find(actor=actor, ref=ref)
    series = records.write(actor=actor, known=known, payload=application)
    _remind(actor, known, "", application.next_day)
    return series


def change_application(
    *, actor: Actor, ref: uuid.UUID, series: uuid.UUID, revision: int, application: Application
) -> None:
    """Change an application's status and next step. Raises Conflict if someone else saved first."""
    _check_application(application)
    known = sharing.find(actor=actor, ref=ref)
    before = _item(actor, known, "immigration", series, "application").payload
    records.write(actor=actor, known=known, payload=application, series=series, revision=revision)
    _remind(actor, known, before.next_day, application.next_day)


def _check_application(application: Application) -> None:
    if application.type not in APPLICATIONS or application.state not in APPLICATION_STATES:
        raise Invalid(N_("Choose an application and its status."), fields={"type": N_("Choose one.")})
    if application.next_day and application.next_step not in NEXT_STEPS:
        raise Invalid(
            N_("Enter what is due and the date, or leave both blank."), fields={"next_step": N_("Choose one.")}
        )


def _remind(actor: Actor, known: sharing.PersonRef, before: str, now: str) -> None:
    """Replace the reminder task. The database can read a task's code and date, so the code does not reveal what the
    date is for."""
    if before == now:
        return
    if before:
        work.close_tasks(actor=actor, about=known.person, code="her_date", due_on=date.fromisoformat(before))
    if now:
        days = (date.fromisoformat(now) - clock.today(actor.zone)).days
        work.add_task(actor=actor, about=known.person, code="her_date", days=days)
