"""The page for declining a record that a partner agency shared."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accord.access.codes import ASSIGN_PERSON
from accord.access.forms import post_data, service_succeeds, status_of
from accord.access.marks import needs
from accord.access.requests import ActingRequest
from accord.access.saying import saved
from accord.core.errors import Hidden
from accord.core.text import N_
from accord.people import queries
from accord.people.forms import DeclineForm
from accord.sharing import services as records
from accord.sharing.codes import record_number


@needs(ASSIGN_PERSON)
@require_http_methods(["GET", "POST"])
def decline(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Decline a shared record and notify the agency that shared it."""
    actor = request.actor
    form = DeclineForm(post_data(request))
    if service_succeeds(form, lambda: records.decline(actor=actor, ref=ref, reason=form.cleaned_data["reason"])):
        return saved(request, N_("You declined the record. The agency that shared it gets a notice."), "people:today")
    waiting = [each for each in queries.intake_list(actor=actor) if each.handle == ref]
    if not waiting:
        raise Hidden
    context = {"form": form, "agency": waiting[0].agency, "number": record_number(ref)}
    return render(request, "people/decline.html", context, status=status_of(form))
