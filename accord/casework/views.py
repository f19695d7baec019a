"""Adding to what is known of a person: needs, services, the type of exploitation, notes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accord.access.acting import needs
from accord.access.codes import SYSTEMS, WRITE_PERSON
from accord.access.forms import attempt, status_of
from accord.casework import services
from accord.casework.codes import Need, Service
from accord.casework.forms import (
    ApplicationChangeForm,
    ApplicationForm,
    ExploitationForm,
    ImmigrationForm,
    NeedForm,
    NeedStatusForm,
    NoteForm,
    ServiceForm,
)
from accord.core import clock
from accord.core.errors import Hidden
from accord.people import presenters
from accord.people import queries as people
from accord.sharing import queries as sharing
from accord.sharing.queries import Item


def _add(
    request: HttpRequest, ref: uuid.UUID, form: forms.Form, title: str, save: Callable[[dict[str, Any]], Any]
) -> HttpResponse:
    page = people.page(actor=request.actor, ref=ref)
    if request.method == "POST" and attempt(form, lambda: save(form.cleaned_data) or True):
        return redirect("people:person", ref)
    note = _("This note may be disclosed to the defence.") if request.actor.agency_kind == SYSTEMS else ""
    context = {**presenters.person(request.actor, page), "form": form, "title": title, "note": note}
    return render(request, "casework/add.html", context, status=status_of(form))


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def add_need(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Note a need."""
    form = NeedForm(request.POST or None, initial={"urgency": "month"})
    return _add(
        request,
        ref,
        form,
        _("Add a need"),
        lambda data: services.add_need(actor=request.actor, ref=ref, need=Need(**data)),
    )


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def change_need(request: HttpRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Say where a need stands now."""
    page = people.page(actor=request.actor, ref=ref)
    now = next((item for item in page.items.get("needs", ()) if item.series == series), None)
    initial = {"status": now.payload.status, "revision": now.revision} if now else {}
    form = NeedStatusForm(request.POST or None, initial=initial)
    return _add(
        request,
        ref,
        form,
        _("Where does it stand?"),
        lambda data: services.change_need(actor=request.actor, ref=ref, series=series, **data),
    )


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def add_service(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Note help given."""
    form = ServiceForm(request.POST or None, initial={"day": clock.today(request.actor.zone)})
    return _add(
        request,
        ref,
        form,
        _("Add help given"),
        lambda data: services.add_service(
            actor=request.actor, ref=ref, service=Service(data["category"], data["day"].isoformat())
        ),
    )


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def note_exploitation(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """The type of exploitation, for counting only."""
    form = ExploitationForm(request.POST or None)
    return _add(
        request,
        ref,
        form,
        _("Type of exploitation"),
        lambda data: services.note_exploitation(actor=request.actor, ref=ref, **data),
    )


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def add_note(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """A note on the work."""
    form = NoteForm(request.POST or None)
    return _add(
        request, ref, form, _("Add a note"), lambda data: services.add_note(actor=request.actor, ref=ref, **data)
    )


def _immigration(request: HttpRequest, ref: uuid.UUID) -> list[Item]:
    """What is noted of it. Without the decision the form would say "nothing noted" to whom it is not open."""
    page = people.page(actor=request.actor, ref=ref)
    sharing.own_person(page.known)
    sharing.insist(page.decisions["immigration"])
    return list(page.items.get("immigration", ()))


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def note_immigration(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Where she stands, and where her papers are."""
    noted = [item.payload for item in _immigration(request, ref) if item.type == "immigration"]
    initial = ImmigrationForm.initial_of(noted[-1]) if noted else {"status": "unknown"}
    form = ImmigrationForm(request.POST or None, initial=initial)
    return _add(
        request,
        ref,
        form,
        _("Immigration"),
        lambda _data: services.note_immigration(actor=request.actor, ref=ref, facts=form.facts()),
    )


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def add_application(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Note an application."""
    _immigration(request, ref)
    form = ApplicationForm(request.POST or None, initial={"state": "thinking"})
    return _add(
        request,
        ref,
        form,
        _("Add an application"),
        lambda _data: services.add_application(actor=request.actor, ref=ref, application=form.application()),
    )


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def change_application(request: HttpRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Where an application stands now."""
    rows = [item for item in _immigration(request, ref) if (item.series, item.type) == (series, "application")]
    if not rows:
        raise Hidden
    now = rows[-1].payload
    day = date.fromisoformat(now.next_day) if now.next_day else None
    form = ApplicationChangeForm(
        request.POST or None, initial={**vars(now), "next_day": day, "revision": rows[-1].revision}
    )
    return _add(
        request,
        ref,
        form,
        _("Where does it stand?"),
        lambda data: services.change_application(
            actor=request.actor, ref=ref, series=series, revision=data["revision"], application=form.application()
        ),
    )
