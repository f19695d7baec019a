"""Pages that add to a person's record: needs, services, the type of trafficking, case notes, and immigration."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accord.access.codes import SYSTEMS, WRITE_PERSON
from accord.access.forms import CurrentEntry, call_service, edit_current, post_data, status_of
from accord.access.marks import creates, needs
from accord.access.requests import ActingRequest
from accord.access.saying import saved
from accord.casework import services
from accord.casework.codes import APPLICATIONS, CATEGORIES, CaseNote, Need, Service
from accord.casework.forms import (
    ApplicationForm,
    EditNeedForm,
    ExploitationForm,
    ImmigrationForm,
    NeedsForm,
    NoteForm,
    ServiceForm,
)
from accord.core import clock
from accord.core.errors import Hidden
from accord.core.text import N_
from accord.drafts import unfinished
from accord.drafts.unfinished import Unfinished
from accord.people import presenters
from accord.people import queries as people
from accord.sharing import queries as sharing
from accord.sharing.codes import Payload
from accord.sharing.queries import Item
from accord.ui.words import day


@dataclass(frozen=True)
class Confirmation:
    """The sentence that the next page shows after saving, and the kind of information that was saved."""

    sentence: str
    kind: str


def _page(request: ActingRequest, ref: uuid.UUID, *kinds: str) -> people.Page:
    """Return a page for changing one of the agency's own records, with the name and these kinds of information. A
    recipient is refused before anything is entered."""
    page = people.page(actor=request.actor, ref=ref, kinds=["identity.name", *kinds])
    sharing.own_person(page.known)
    return page


def _immigration(request: ActingRequest, ref: uuid.UUID, *kinds: str) -> people.Page:
    """Return a page if the actor may read immigration information. Without this check, the form would wrongly say that
    nothing is recorded."""
    page = _page(request, ref, *kinds)
    sharing.raise_unless_allowed(page.decisions["immigration"])
    return page


def _last(page: people.Page, kind: str, entry_type: str = "", series: uuid.UUID | None = None) -> Item | None:
    """Return the newest entry of a kind on the person page, optionally limited to one type or series."""
    items = reversed(page.items.get(kind, ()))
    return next((item for item in items if entry_type in ("", item.type) and series in (None, item.series)), None)


def _add(
    request: ActingRequest,
    page: people.Page,
    form: forms.Form,
    title: str,
    save: Callable[[], uuid.UUID],
    confirmation: Confirmation,
) -> HttpResponse:
    if call_service(form, save):
        return saved(request, confirmation.sentence, "people:person", page.known.ref, kinds=[confirmation.kind])
    return _show(request, page, form, title)


def _add_or_draft(
    request: ActingRequest,
    ref: uuid.UUID,
    code: str,
    form_of: Callable[[Any], forms.Form],
    title: str,
    save: Callable[[Any], uuid.UUID],
    confirmation: Confirmation,
) -> HttpResponse:
    """Do what `_add` does, for a form that can be saved unfinished."""
    page = _page(request, ref)
    draft = unfinished.begin(request, page.known, code, form_of)
    if draft.is_saved:
        return saved(request, unfinished.SAID, "people:person", ref)
    if unfinished.finish(request, page.known, code, draft.form, lambda: save(draft.form)):
        return saved(request, confirmation.sentence, "people:person", ref, kinds=[confirmation.kind])
    return _show(request, page, draft.form, title, draft)


def _change(
    request: ActingRequest,
    form_class: Any,
    title: str | Callable[[CurrentEntry], str],
    read: Callable[[], CurrentEntry],
    save: Callable[[Any, CurrentEntry], None],
    confirmation: Confirmation,
) -> HttpResponse:
    form, now, done = edit_current(request, form_class, read, save)
    if done:
        return saved(request, confirmation.sentence, "people:person", now.page.known.ref, kinds=[confirmation.kind])
    return _show(request, now.page, form, title(now) if callable(title) else title)


def _show(
    request: ActingRequest, page: people.Page, form: forms.Form, title: str, draft: Unfinished | None = None
) -> HttpResponse:
    note = _("This note may be disclosed to the defense.") if request.actor.agency_kind == SYSTEMS else ""
    context = {**presenters.person_base(request.actor, page), "form": form, "title": title, "note": note}
    context |= {"unfinished": draft, "draft_button": draft.button if draft else None}
    return render(request, "casework/add.html", context, status=draft.status if draft else status_of(form))


@creates
@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def add_need(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Add one need or several."""
    form = NeedsForm(post_data(request))
    page = _page(request, ref)
    added = call_service(form, lambda: services.add_needs(actor=request.actor, ref=ref, needs=form.needs()))
    if added:
        confirmation = N_("Need added.") if len(added) == 1 else N_("%(count)d needs added.")
        return saved(request, confirmation, "people:person", ref, kinds=["needs"], count=len(added))
    return _show(request, page, form, _("Add needs"))


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def change_need(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Edit a need: what it is, how urgent it is, the person's own words, and the status."""

    def read() -> CurrentEntry:
        return _entry(request, ref, Need, series)

    def save(form: EditNeedForm, now: CurrentEntry) -> None:
        place: dict[str, Any] = {"actor": request.actor, "ref": ref, "series": series, "revision": now.revision}
        services.change_need(**place, need=form.need())

    return _change(request, EditNeedForm, _need_name, read, save, Confirmation(N_("Need saved."), "needs"))


def _need_name(now: CurrentEntry) -> str:
    return _("Need: %(what)s") % {"what": _(CATEGORIES[now.item.payload.category])}


def _entry(
    request: ActingRequest, ref: uuid.UUID, entry: type[Payload], series: uuid.UUID, initial_of: Any = vars
) -> CurrentEntry:
    """Read an entry on a person's page for editing. Raises Hidden if the entry does not exist."""
    page = _page(request, ref, entry.kind)
    item = _last(page, entry.kind, entry.code, series)
    if item is None:
        raise Hidden
    return presenters.newest(page, item, initial_of)


@creates
@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def add_service(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Add a service that was provided."""
    today = clock.today(request.actor.zone)

    def form_of(posted: Any) -> ServiceForm:
        return ServiceForm(posted, initial={"day": today})

    def save(form: ServiceForm) -> uuid.UUID:
        return services.add_service(actor=request.actor, ref=ref, service=form.service())

    confirmation = Confirmation(N_("Service added."), "services")
    return _add_or_draft(request, ref, "service", form_of, _("Add a service"), save, confirmation)


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def change_service(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Correct a service that was provided."""

    def read() -> CurrentEntry:
        return _entry(request, ref, Service, series, ServiceForm.initial_of)

    def save(form: ServiceForm, now: CurrentEntry) -> None:
        place: dict[str, Any] = {"actor": request.actor, "ref": ref, "series": series, "revision": now.revision}
        services.change_service(**place, service=form.service())

    return _change(request, ServiceForm, _service_name, read, save, Confirmation(N_("Service saved."), "services"))


def _service_name(now: CurrentEntry) -> str:
    return _("Service: %(what)s") % {"what": _(CATEGORIES[now.item.payload.category])}


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def note_exploitation(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Record the type of trafficking, for counting only."""

    def read() -> CurrentEntry:
        page = _page(request, ref, "exploitation")
        return presenters.newest(page, _last(page, "exploitation"))

    def save(form: ExploitationForm, _now: CurrentEntry) -> None:
        services.note_exploitation(actor=request.actor, ref=ref, answer=form.cleaned_data["type"])

    confirmation = Confirmation(N_("Type of trafficking saved."), "exploitation")
    return _change(request, ExploitationForm, _("Type of trafficking"), read, save, confirmation)


@creates
@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def add_note(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Write a case note."""

    def save(form: NoteForm) -> uuid.UUID:
        return services.add_note(actor=request.actor, ref=ref, text=form.cleaned_data["text"])

    confirmation = Confirmation(N_("Case note saved."), "notes.case")
    return _add_or_draft(request, ref, "note", NoteForm, _("Add a note"), save, confirmation)


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def change_note(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Correct a case note."""

    def read() -> CurrentEntry:
        return _entry(request, ref, CaseNote, series)

    def save(form: NoteForm, now: CurrentEntry) -> None:
        place: dict[str, Any] = {"actor": request.actor, "ref": ref, "series": series, "revision": now.revision}
        services.change_note(**place, text=form.cleaned_data["text"])

    return _change(request, NoteForm, _note_name, read, save, Confirmation(N_("Case note saved."), "notes.case"))


def _note_name(now: CurrentEntry) -> str:
    return _("Case note from %(day)s") % {"day": day(now.item.at)}


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def note_immigration(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Record immigration status and where the person's documents are."""

    def read() -> CurrentEntry:
        page = _immigration(request, ref, "immigration")
        facts = _last(page, "immigration", "immigration")
        return presenters.newest(page, facts, ImmigrationForm.initial_of)

    def save(form: ImmigrationForm, _now: CurrentEntry) -> None:
        services.note_immigration(actor=request.actor, ref=ref, facts=form.facts())

    confirmation = Confirmation(N_("Immigration status and documents saved."), "immigration")
    return _change(request, ImmigrationForm, _("Immigration"), read, save, confirmation)


@creates
@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def add_application(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Add an application."""
    form = ApplicationForm(request.POST or None, initial={"state": "thinking"})

    def save() -> uuid.UUID:
        return services.add_application(actor=request.actor, ref=ref, application=form.application())

    confirmation = Confirmation(N_("Application added."), "immigration")
    return _add(request, _immigration(request, ref), form, _("Add an application"), save, confirmation)


@needs(WRITE_PERSON)
@require_http_methods(["GET", "POST"])
def change_application(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Change an application's status and next step."""

    def read() -> CurrentEntry:
        page = _immigration(request, ref, "immigration")
        application = _last(page, "immigration", "application", series)
        if application is None:
            raise Hidden
        return presenters.newest(page, application)

    def save(form: ApplicationForm, now: CurrentEntry) -> None:
        application = form.application()
        services.change_application(
            actor=request.actor, ref=ref, series=series, revision=now.revision, application=application
        )

    return _change(
        request, ApplicationForm, _application_name, read, save, Confirmation(N_("Application saved."), "immigration")
    )


def _application_name(now: CurrentEntry) -> str:
    return _("Application: %(what)s") % {"what": _(APPLICATIONS[now.item.payload.type])}
