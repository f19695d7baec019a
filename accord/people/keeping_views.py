"""Pages for key renewal, erasure, and legal holds."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accord.access.codes import ERASE_PERSON, SYSTEMS
from accord.access.forms import ConfirmForm, post_data, service_succeeds, status_of
from accord.access.marks import needs, signed_in
from accord.access.requests import ActingRequest
from accord.access.saying import goes_on, saved
from accord.core.text import N_
from accord.membership import queries as membership
from accord.people import finding, keeping_words
from accord.people.forms import EraseForm, NumberForm
from accord.sharing import keeping as records


@signed_in
@require_http_methods(["GET", "POST"])
def renewal(request: ActingRequest) -> HttpResponse:
    """Move records to the new keys, one slice per request. While the page is open, it repeats the request. Leaving the
    page pauses the work."""
    if request.method == "POST":
        done = records.rewrap_slice(actor=request.actor)
        return goes_on(request, f"{request.path}?on=1" if done else request.path)
    found = records.renewal(actor=request.actor)
    return render(request, "people/renewal.html", keeping_words.renewal(found, going_on="on" in request.GET))


# Erasing ------------------------------------------------------------------------------------------------------------


@needs(ERASE_PERSON)
@require_safe
def erasures(request: ActingRequest) -> HttpResponse:
    """List erasures that need a second person, and completed erasures."""
    actor = request.actor
    rows = records.erasures(actor=actor)
    identified = finding.identified(actor=actor, persons={row.person for row in rows if row.confirmed_at is None})
    names = membership.colleague_names(actor=actor)
    return render(request, "people/erasures.html", keeping_words.erasures(rows, names, identified, actor))


@needs(ERASE_PERSON)
@require_http_methods(["GET", "POST"])
def erase(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Request or confirm an erasure. A second person confirms on the same page. Both people see which record is to be
    erased."""
    actor = request.actor
    known = records.erasable(actor=actor, ref=ref)
    found = records.erasing(actor=actor, known=known)
    if found.asked is None:
        form = EraseForm(post_data(request), request=request, action=ERASE_PERSON)
        done = service_succeeds(form, lambda: records.ask_erasure(actor=actor, ref=ref, **form.terms()))
    else:
        form = NumberForm(post_data(request), request=request, action=ERASE_PERSON)
        done = service_succeeds(form, lambda: records.confirm_erasure(actor=actor, ref=ref, **form.terms()))
    if done and found.asked is None:
        undo = reverse("people:take_back_erasure", args=[ref])
        return saved(request, N_("Erasure requested. A second person must confirm it."), "people:erasures", undo=undo)
    if done:
        return saved(request, N_("The record has been erased."), "people:erasures")
    names = membership.colleague_names(actor=actor)
    identified = finding.identified(actor=actor, persons=[known.person])
    which = keeping_words.which_record(known.person, identified, names)
    context = {**keeping_words.erasing(found, names, actor), "which": which, "form": form, "ref": ref}
    context["evidence"] = actor.agency_kind == SYSTEMS
    return render(request, "people/erase.html", context, status=status_of(form))


@needs(ERASE_PERSON)
@require_POST
def take_back(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Withdraw an erasure request."""
    records.take_back_erasure(actor=request.actor, ref=ref)
    return saved(request, N_("Request withdrawn. The record is kept."), "people:erasures")


@needs(ERASE_PERSON)
@require_http_methods(["GET", "POST"])
def hold(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Place or lift a legal hold on a record."""
    actor = request.actor
    known = records.erasable(actor=actor, ref=ref)
    on = records.erasing(actor=actor, known=known).held_since is None
    form = ConfirmForm(post_data(request), request=request, action=ERASE_PERSON)
    if service_succeeds(form, lambda: records.hold(actor=actor, ref=ref, on=on)):
        confirmation = (
            N_("Legal hold placed. The record can't be erased until the hold is lifted.")
            if on
            else N_("Legal hold lifted.")
        )
        return saved(request, confirmation, "people:erase", ref)
    names = membership.colleague_names(actor=actor)
    which = keeping_words.which_record(known.person, finding.identified(actor=actor, persons=[known.person]), names)
    context = {"form": form, "ref": ref, "on": on, "which": which}
    return render(request, "people/hold.html", context, status=status_of(form))
