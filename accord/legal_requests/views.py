"""Pages for a legal request about a person: what arrived, what was done about it, and what was disclosed."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accord.access.codes import ERASE_PERSON, SHARE_PERSON
from accord.access.forms import call_service, service_succeeds, status_of
from accord.access.marks import creates, needs
from accord.access.requests import ActingRequest
from accord.access.rules import may
from accord.access.saying import goes_on, saved
from accord.agencies import queries as agencies
from accord.agreements.queries import partners
from accord.core import clock
from accord.core.text import N_
from accord.legal_requests import disclosures, presenters
from accord.legal_requests.forms import CloseForm, HandOverForm, RequestForm, StepForm
from accord.legal_requests.workflows import DISCLOSURE, DisclosureStatus
from accord.people import presenters as people_presenters
from accord.people import queries as people
from accord.sharing import queries as sharing
from accord.sharing.queries import Item


def _person(request: ActingRequest, ref: uuid.UUID) -> dict[str, Any]:
    page = people.page(actor=request.actor, ref=ref, kinds=["identity.name"])
    sharing.own_person(page.known)
    return people_presenters.person_base(request.actor, page)


def _legal_request(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> tuple[Item, dict[str, Any]]:
    context = _person(request, ref)
    _known, item = disclosures.find_request(actor=request.actor, ref=ref, series=series)
    return item, {
        **context,
        "series": series,
        "title": presenters.title(item.payload),
        "moves": DISCLOSURE.actions(DisclosureStatus(item.payload.status)),
        "compels": disclosures.may_compel(actor=request.actor, disclosure=item.payload),
    }


@creates
@needs(SHARE_PERSON)
@require_http_methods(["GET", "POST"])
def new(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Record a legal request about a person."""
    actor = request.actor
    context = _person(request, ref)
    form = RequestForm(request.POST or None, initial={"received_on": clock.today(actor.zone)})
    series = call_service(form, lambda: disclosures.log_request(actor=actor, ref=ref, disclosure=form.disclosure()))
    if series:
        return saved(request, N_("Legal request recorded."), "legal_requests:request", ref, series, kinds=["releases"])
    return render(request, "legal_requests/new.html", {**context, "form": form}, status=status_of(form))


@needs(SHARE_PERSON)
@require_safe
def one(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Show one legal request: what it asks for, what staff can do, what was done, and who did it."""
    item, context = _legal_request(request, ref, series)
    disclosure = item.payload
    names = (
        {str(to): name for to, name in agencies.agency_names({uuid.UUID(disclosure.taker)}).items()}
        if disclosure.taker
        else {}
    )
    context |= {
        "tag": presenters.tag(disclosure),
        "facts": presenters.facts(disclosure),
        "lead": presenters.lead(disclosure),
        "says": disclosure.says,
        "steps": presenters.steps(disclosure),
        "handed_over": presenters.handed_over(disclosure, names),
        "changed": people_presenters.changed(context["page"], [item]),
        "may_hold": bool(may(request.actor, ERASE_PERSON)),
    }
    return render(request, "legal_requests/request.html", context)


@creates
@needs(SHARE_PERSON)
@require_http_methods(["GET", "POST"])
def step(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Record a step taken on a legal request."""
    actor = request.actor
    item, context = _legal_request(request, ref, series)
    initial = {"on": clock.today(actor.zone)}
    form = StepForm(request.POST or None, initial=initial, may_end="end" in context["moves"])
    place: dict[str, Any] = {"actor": actor, "ref": ref, "series": series, "revision": item.revision}
    if service_succeeds(form, lambda: disclosures.add_step(**place, **form.cleaned_data)):
        return saved(request, N_("Step recorded."), "legal_requests:request", ref, series, kinds=["releases"])
    return render(request, "legal_requests/step.html", {**context, "form": form}, status=status_of(form))


@creates
@needs(SHARE_PERSON)
@require_http_methods(["GET", "POST"])
def hand_over(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Hand over only what a binding request asks for."""
    actor = request.actor
    item, context = _legal_request(request, ref, series)
    if "disclose" not in context["moves"]:
        return goes_on(request, "legal_requests:request", ref, series)
    form = HandOverForm(
        request.POST or None, request=request, listed=item.payload.listed, partners=partners(actor=actor)
    )
    place: dict[str, Any] = {"actor": actor, "ref": ref, "series": series, "revision": item.revision}
    if service_succeeds(form, lambda: disclosures.disclose(**place, kinds=form.cleaned_data["kinds"], to=form.taker())):
        return saved(
            request,
            N_("Disclosure recorded. This page shows what was disclosed and who received it."),
            "legal_requests:request",
            ref,
            series,
        )
    return render(request, "legal_requests/hand_over.html", {**context, "form": form}, status=status_of(form))


@needs(SHARE_PERSON)
@require_http_methods(["GET", "POST"])
def close(request: ActingRequest, ref: uuid.UUID, series: uuid.UUID) -> HttpResponse:
    """Close a disclosure after staff record how the person was told and what was done for the person's safety."""
    item, context = _legal_request(request, ref, series)
    if "close" not in context["moves"]:
        return goes_on(request, "legal_requests:request", ref, series)
    form = CloseForm(request.POST or None)
    place: dict[str, Any] = {"actor": request.actor, "ref": ref, "series": series, "revision": item.revision}
    if service_succeeds(form, lambda: disclosures.close(**place, **form.cleaned_data)):
        return saved(request, N_("Legal request closed."), "legal_requests:request", ref, series)
    return render(request, "legal_requests/close.html", {**context, "form": form}, status=status_of(form))
