"""Pages about screening: what is on record, a result, a determination, a step, and who to call instead."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accord.access.codes import READ_PERSON, SCREEN_PERSON
from accord.access.forms import CurrentEntry, call_service, edit_current, post_data, status_of
from accord.access.marks import creates, needs
from accord.access.requests import ActingRequest
from accord.access.saying import saved
from accord.agencies import queries as agencies
from accord.core import clock
from accord.core.errors import Hidden
from accord.core.text import N_
from accord.people import presenters as people_words
from accord.people import queries as people
from accord.screening import presenters, queries, services
from accord.screening.codes import STEPS, ScreeningStep, ScreenResult
from accord.screening.forms import DeterminationForm, ScreenForm, StepForm
from accord.sharing import queries as sharing


def _page(request: ActingRequest, ref: uuid.UUID, *kinds: str) -> people.Page:
    """Return a page about one of the agency's own people, with the name and screening. A recipient is refused."""
    page = people.page(actor=request.actor, ref=ref, kinds=["identity.name", "screening", *kinds])
    sharing.own_person(page.known)
    sharing.raise_unless_allowed(page.decisions["screening"])
    queries.raise_if_handed_off(actor=request.actor)
    return page


def _show(request: ActingRequest, page: people.Page, form: forms.Form, title: str, **more: Any) -> HttpResponse:
    context = {**people_words.person_base(request.actor, page), **presenters.base(request.actor), **more}
    return render(request, "screening/form.html", {**context, "form": form, "title": title}, status=status_of(form))


@needs(READ_PERSON)
@require_safe
def screening(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Show everything on record about screening: determinations, screens with what they indicate, and steps."""
    page = people.page(actor=request.actor, ref=ref, kinds=["identity.name", "screening"])
    sharing.raise_unless_allowed(page.decisions["screening"])
    determinations, screens = presenters.determinations(page), presenters.screens(page)
    context = {
        **people_words.person_base(request.actor, page),
        **presenters.base(request.actor),
        "determinations": determinations,
        "no_determinations": not determinations,
        "screens": screens,
        "no_screens": not screens,
        "tables": presenters.tables(page),
        "due": presenters.steps(page),
        "may_screen": page.known.own and not queries.is_handed_off(actor=request.actor),
    }
    return render(request, "screening/screening.html", context)


@needs(READ_PERSON)
@require_safe
def hand_off(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Show who to call, what not to ask, and why, instead of a screening form."""
    page = people.page(actor=request.actor, ref=ref, kinds=["identity.name"])
    sharing.own_person(page.known)
    context = {
        **people_words.person_base(request.actor, page),
        **presenters.base(request.actor),
        "agencies": agencies.helpers(actor=request.actor),
    }
    return render(request, "screening/hand_off.html", context)


@creates
@needs(SCREEN_PERSON)
@require_http_methods(["GET", "POST"])
def add_screen(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Record the result of a screen that was done on paper or with another form."""
    today = clock.today(request.actor.zone)
    form = ScreenForm(post_data(request), initial={"day": today})
    page = _page(request, ref)

    def save() -> uuid.UUID:
        data, answers = form.cleaned_data, form.answers()
        told = any(answer is not None for answer in answers.values())
        found = services.compute(actor=request.actor, known=page.known, told=answers) if told else ()
        screen = ScreenResult(
            tool=data["tool"],
            day=data["day"].isoformat(),
            result=data["result"],
            found=found,
            crossed=data["crossed"],
        )
        return services.record_screen(actor=request.actor, ref=ref, screen=screen, then=data["under18"])

    if call_service(form, save):
        return saved(request, N_("Screening result recorded."), "screening:screening", ref, kinds=["screening"])
    return _show(request, page, form, _("Record a screening result"))


@creates
@needs(SCREEN_PERSON)
@require_http_methods(["GET", "POST"])
def determine(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Record what the colleague determined."""
    page = _page(request, ref, "identity.birth")
    initial = {"day": clock.today(request.actor.zone), "under_18": presenters.under_18(page)}
    form = DeterminationForm(post_data(request), initial=initial)

    def save() -> uuid.UUID:
        made = form.determination(request.actor.name)
        return services.determine(actor=request.actor, ref=ref, determination=made)

    if call_service(form, save):
        return saved(request, N_("Determination recorded."), "screening:screening", ref, kinds=["screening"])
    return _show(request, page, form, _("Record a determination"), tables=presenters.tables(page)[:1])


@needs(SCREEN_PERSON)
@require_http_methods(["GET", "POST"])
def close_step(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Record that a step was done, or why it isn't needed."""

    def read() -> CurrentEntry:
        page = _page(request, ref)
        item = next((each for each in presenters.of_type(page, ScreeningStep.code) if each.series == series), None)
        if item is None:
            raise Hidden
        today = clock.today(request.actor.zone)
        return people_words.newest(page, item, lambda _step: {"closed_on": today})

    def save(form: StepForm, now: CurrentEntry) -> None:
        data = form.cleaned_data
        place: dict[str, Any] = {"actor": request.actor, "ref": ref, "series": series, "revision": now.revision}
        services.close_step(
            **place, closed=data["closed"], day=data["closed_on"].isoformat(), note=data["note"].strip()
        )

    form, now, done = edit_current(request, StepForm, read, save)
    if done:
        return saved(request, N_("Step closed."), "screening:screening", ref, kinds=["screening"])
    step = now.item.payload
    return _show(request, now.page, form, _(STEPS[step.step]), facts=presenters.step_facts(step))
