"""Pages for legal requests sent to the hub. The operator forwards them, and privacy officers open and handle them."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accord.access.codes import FIND_PERSON, FORWARD_LEGAL_REQUEST, READ_LEGAL_REQUESTS, SHARE_PERSON
from accord.access.forms import call_service, post_data, status_of
from accord.access.marks import creates, needs
from accord.access.requests import ActingRequest
from accord.access.rules import may
from accord.access.saying import saved
from accord.agencies import queries
from accord.core import clock
from accord.core.text import N_
from accord.law import rules as law
from accord.legal_requests import served, served_words
from accord.legal_requests.served_forms import ServedForm
from accord.membership import queries as membership


@needs(FORWARD_LEGAL_REQUEST)
@require_safe
def hub(request: ActingRequest) -> HttpResponse:
    """List forwarded requests: type, date, agencies, and whether each was opened. No content is shown."""
    table = served_words.forwarded_table(served.forwarded(actor=request.actor))
    return render(request, "legal_requests/forwarded.html", {"table": table})


@creates
@needs(FORWARD_LEGAL_REQUEST)
@require_http_methods(["GET", "POST"])
def forward(request: ActingRequest) -> HttpResponse:
    """Forward a legal request, encrypted to the agencies that the operator chooses. The hub keeps no copy."""
    actor = request.actor
    form = ServedForm(post_data(request), agencies=served.recipients(), initial={"came_on": clock.today(actor.zone)})
    if call_service(form, lambda: served.forward(actor=actor, **form.terms())):
        return saved(request, N_("Request forwarded. Its contents can't be shown here again."), "legal_requests:hub")
    return render(request, "legal_requests/forward.html", {"form": form}, status=status_of(form))


@needs(READ_LEGAL_REQUESTS)
@require_safe
def received(request: ActingRequest) -> HttpResponse:
    """List legal requests for this agency, and say where to record one that reached the agency directly."""
    rows = served_words.received_rows(served.received(actor=request.actor))
    return render(request, "legal_requests/received.html", {"rows": rows, "may_note": _may_note(request)})


def _may_note(request: ActingRequest) -> bool:
    """Return True if this privacy officer may find a person and record a request in that person's record."""
    return all(may(request.actor, action) for action in (FIND_PERSON, SHARE_PERSON))


@needs(READ_LEGAL_REQUESTS)
@require_http_methods(["GET", "POST"])
def served_request(request: ActingRequest, legal_request: uuid.UUID) -> HttpResponse:
    """Open one request and show what to do next. Submitting the page's form records that this officer is handling the
    request."""
    actor = request.actor
    if request.method == "POST":
        served.take_on(actor=actor, legal_request=legal_request)
        return saved(request, N_("You're now handling this."), "legal_requests:served", legal_request)
    card, content = served.read(actor=actor, legal_request=legal_request)
    compels = law.compels(queries.law_of(agency=actor.agency, today=clock.today(actor.zone)), card.process)
    names = membership.colleague_names(actor=actor) if card.taken_by else {}
    context = {
        "kind": served_words.process_words(card.process),
        "facts": served_words.served_facts(card, content),
        "says": content.says,
        "compels": compels,
        "steps": served_words.served_steps(compels),
        "taken": card.taken_at is not None,
        "taken_by": names.get(card.taken_by, "") if card.taken_by else "",
        "may_find": _may_note(request),
    }
    return render(request, "legal_requests/served.html", context)
