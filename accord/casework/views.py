"""Adding to what is known of a person: needs, services, the type of exploitation, notes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accord.access.codes import SYSTEMS, WRITE_PERSON
from accord.access.forms import as_seen, attempt, both_texts, lost_race, status_of, still_newest
from accord.access.marks import needs
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
from accord.people import presenters
from accord.people import queries as people
from accord.sharing import queries as sharing
from accord.sharing.queries import Item

Find = Callable[[people.Page], Item | None]  # what stands there now, as far as she may read it


def _add(
    request: HttpRequest,
    ref: uuid.UUID,
    form: forms.Form,
    title: str,
    save: Callable[[dict[str, Any]], Any],
    find: Find = lambda page: None,
    initial_of: Callable[[Any], dict[str, Any]] = vars,
) -> HttpResponse:
    page = people.page(actor=request.actor, ref=ref)
    if request.method == "POST" and attempt(form, lambda: save(form.cleaned_data) or True):
        return redirect("people:person", ref)
    if lost_race(form):
        page = people.page(actor=request.actor, ref=ref)
        now = find(page)
        said = presenters.changed(page, [now] if now else [])
        both_texts(request, form, initial_of(now.payload) if now else {}, now.revision if now else 0, said)
    note = _("This note may be disclosed to the defence.") if request.actor.agency_kind == SYSTEMS else ""
    context = {**presenters.person(request.actor, page), "form": form, "title": title, "note": note}
    return render(request, "casework/add.html", context, status=status_of(form))


def _change(
    request: HttpRequest,
    ref: uuid.UUID,
    page: people.Page,
    form_class: Any,
    title: str,
    save: Callable[[Any, int], Any],
    find: Find,
    initial_of: Callable[[Any], dict[str, Any]] = vars,
    initial: dict[str, Any] | None = None,
) -> HttpResponse:
    """A form that goes on top of what `find` finds on her page; `initial` is for where nothing stands yet."""
    now = find(page)
    revision = now.revision if now else 0
    form = as_seen(form_class(request.POST or None, initial=initial_of(now.payload) if now else initial), revision)

    def checked(_data: dict[str, Any]) -> Any:
        still_newest(form, revision)
        return save(form, revision)

    return _add(request, ref, form, title, checked, find, initial_of)


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
    return _change(
        request,
        ref,
        page,
        NeedStatusForm,
        _("Where does it stand?"),
        lambda form, revision: services.change_need(
            actor=request.actor, ref=ref, series=series, revision=revision, status=form.cleaned_data["status"]
        ),
        lambda page: next((item for item in page.items.get("needs", ()) if item.series == series), None),
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
    page = people.page(actor=request.actor, ref=ref)
    return _change(
        request,
        ref,
        page,
        ExploitationForm,
        _("Type of exploitation"),
        lambda form, _revision: services.note_exploitation(
            actor=request.actor, ref=ref, type=form.cleaned_data["type"]
        ),
        lambda page: _last(page.items.get("exploitation", ())),
    )


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def add_note(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """A note on the work."""
    form = NoteForm(request.POST or None)
    return _add(
        request, ref, form, _("Add a note"), lambda data: services.add_note(actor=request.actor, ref=ref, **data)
    )


def _last(items: Iterable[Item]) -> Item | None:
    return next(reversed(list(items)), None)


def _immigration(request: HttpRequest, ref: uuid.UUID) -> people.Page:
    """Her page. Without the decision the form would say "nothing noted" to whom it is not open."""
    page = people.page(actor=request.actor, ref=ref)
    sharing.own_person(page.known)
    sharing.insist(page.decisions["immigration"])
    return page


def _facts(page: people.Page) -> Item | None:
    return _last(item for item in page.items.get("immigration", ()) if item.type == "immigration")


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def note_immigration(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Where she stands, and where her papers are."""
    return _change(
        request,
        ref,
        _immigration(request, ref),
        ImmigrationForm,
        _("Immigration"),
        lambda form, _revision: services.note_immigration(actor=request.actor, ref=ref, facts=form.facts()),
        _facts,
        ImmigrationForm.initial_of,
        {"status": "unknown"},
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
    page = _immigration(request, ref)

    def find(page: people.Page) -> Item | None:
        rows = page.items.get("immigration", ())
        return _last(item for item in rows if (item.series, item.type) == (series, "application"))

    if find(page) is None:
        raise Hidden
    return _change(
        request,
        ref,
        page,
        ApplicationForm,
        _("Where does it stand?"),
        lambda form, revision: services.change_application(
            actor=request.actor, ref=ref, series=series, revision=revision, application=form.application()
        ),
        find,
    )
