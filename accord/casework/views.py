"""Pages that add to a person's record: needs, services, the type of trafficking, notes, immigration."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accord.access.codes import SYSTEMS, WRITE_PERSON
from accord.access.forms import Newest, attempt, edit_newest, status_of
from accord.access.marks import creates, needs
from accord.access.saying import saved
from accord.casework import services
from accord.casework.codes import Need, Service
from accord.casework.forms import (
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
from accord.core.text import N_
from accord.people import presenters
from accord.people import queries as people
from accord.sharing import queries as sharing
from accord.sharing.queries import Item


@dataclass(frozen=True)
class Said:
    """What the next page says was saved, and of which kind of information it is."""

    sentence: str
    kind: str


def _page(request: HttpRequest, ref: uuid.UUID) -> people.Page:
    return people.page(actor=request.actor, ref=ref)


def _immigration(request: HttpRequest, ref: uuid.UUID) -> people.Page:
    """Return the person page if the actor may read immigration. Otherwise the form would wrongly say that nothing is
    recorded."""
    page = _page(request, ref)
    sharing.own_person(page.known)
    sharing.insist(page.decisions["immigration"])
    return page


def _last(page: people.Page, kind: str, type: str = "", series: uuid.UUID | None = None) -> Item | None:
    """Return the newest entry of a kind on the person page, optionally of one type or series."""
    items = reversed(page.items.get(kind, ()))
    return next((item for item in items if type in ("", item.type) and series in (None, item.series)), None)


def _add(
    request: HttpRequest, page: people.Page, form: forms.Form, title: str, save: Callable[[], uuid.UUID], said: Said
) -> HttpResponse:
    if attempt(form, save):
        return saved(request, said.sentence, "people:person", page.known.ref, kinds=[said.kind])
    return _show(request, page, form, title)


def _change(
    request: HttpRequest,
    form_class: Any,
    title: str,
    read: Callable[[], Newest],
    save: Callable[[Any, Newest], None],
    said: Said,
) -> HttpResponse:
    form, now, done = edit_newest(request, form_class, read, save)
    if done:
        return saved(request, said.sentence, "people:person", now.page.known.ref, kinds=[said.kind])
    return _show(request, now.page, form, title)


def _show(request: HttpRequest, page: people.Page, form: forms.Form, title: str) -> HttpResponse:
    note = _("This note may be disclosed to the defense.") if request.actor.agency_kind == SYSTEMS else ""
    context = {**presenters.person(request.actor, page), "form": form, "title": title, "note": note}
    return render(request, "casework/add.html", context, status=status_of(form))


@creates
@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def add_need(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Add a need."""
    form = NeedForm(request.POST or None, initial={"urgency": "month"})

    def save() -> uuid.UUID:
        return services.add_need(actor=request.actor, ref=ref, need=Need(**form.cleaned_data))

    return _add(request, _page(request, ref), form, _("Add a need"), save, Said(N_("Need added."), "needs"))


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def change_need(request: HttpRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Change the status of a need."""

    def read() -> Newest:
        page = _page(request, ref)
        return presenters.newest(page, _last(page, "needs", series=series))

    def save(form: NeedStatusForm, now: Newest) -> None:
        status = form.cleaned_data["status"]
        services.change_need(actor=request.actor, ref=ref, series=series, revision=now.revision, status=status)

    return _change(request, NeedStatusForm, _("Status"), read, save, Said(N_("Need saved."), "needs"))


@creates
@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def add_service(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Record a service."""
    form = ServiceForm(request.POST or None, initial={"day": clock.today(request.actor.zone)})

    def save() -> uuid.UUID:
        given = Service(form.cleaned_data["category"], form.cleaned_data["day"].isoformat())
        return services.add_service(actor=request.actor, ref=ref, service=given)

    return _add(request, _page(request, ref), form, _("Add a service"), save, Said(N_("Service added."), "services"))


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def note_exploitation(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Record the type of trafficking, for counting only."""

    def read() -> Newest:
        page = _page(request, ref)
        return presenters.newest(page, _last(page, "exploitation"))

    def save(form: ExploitationForm, _now: Newest) -> None:
        services.note_exploitation(actor=request.actor, ref=ref, type=form.cleaned_data["type"])

    said = Said(N_("Type of trafficking saved."), "exploitation")
    return _change(request, ExploitationForm, _("Type of trafficking"), read, save, said)


@creates
@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def add_note(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Write a case note."""
    form = NoteForm(request.POST or None)

    def save() -> uuid.UUID:
        return services.add_note(actor=request.actor, ref=ref, text=form.cleaned_data["text"])

    return _add(request, _page(request, ref), form, _("Add a note"), save, Said(N_("Case note saved."), "notes.case"))


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def note_immigration(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Record immigration status and where documents are."""

    def read() -> Newest:
        page = _immigration(request, ref)
        facts = _last(page, "immigration", "immigration")
        return presenters.newest(page, facts, ImmigrationForm.initial_of, otherwise={"status": "unknown"})

    def save(form: ImmigrationForm, _now: Newest) -> None:
        services.note_immigration(actor=request.actor, ref=ref, facts=form.facts())

    said = Said(N_("Immigration status and documents saved."), "immigration")
    return _change(request, ImmigrationForm, _("Immigration"), read, save, said)


@creates
@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def add_application(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Add an application."""
    form = ApplicationForm(request.POST or None, initial={"state": "thinking"})

    def save() -> uuid.UUID:
        return services.add_application(actor=request.actor, ref=ref, application=form.application())

    said = Said(N_("Application added."), "immigration")
    return _add(request, _immigration(request, ref), form, _("Add an application"), save, said)


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def change_application(request: HttpRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Change an application's status and next step."""

    def read() -> Newest:
        page = _immigration(request, ref)
        application = _last(page, "immigration", "application", series)
        if application is None:
            raise Hidden
        return presenters.newest(page, application)

    def save(form: ApplicationForm, now: Newest) -> None:
        told = form.application()
        services.change_application(
            actor=request.actor, ref=ref, series=series, revision=now.revision, application=told
        )

    return _change(request, ApplicationForm, _("Status"), read, save, Said(N_("Application saved."), "immigration"))
