"""Pages for an agency's own settings: its time zone and its contact line."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accord.access.codes import INVITE_MEMBER, SIGN_AGREEMENT
from accord.access.forms import post_data, service_succeeds, status_of
from accord.access.marks import needs
from accord.access.requests import ActingRequest
from accord.access.saying import saved
from accord.agencies import queries, services
from accord.agencies.forms import ContactLineForm, ZoneForm
from accord.core.rooms import place
from accord.core.text import N_


@needs(SIGN_AGREEMENT)
@require_http_methods(["GET", "POST"])
def contact_line(request: ActingRequest) -> HttpResponse:
    """Edit the contact line that partners call about what the agency shares."""
    actor = request.actor
    now = queries.contact_line(agency=actor.agency)
    form = ContactLineForm(post_data(request), initial=vars(now) if now else {})
    if service_succeeds(form, lambda: services.write_contact_line(actor=actor, **form.cleaned_data)):
        return saved(
            request,
            N_("Contact line saved. Agencies that have an agreement with yours can see it."),
            place("our-agency"),
        )
    return render(request, "agencies/contact_line.html", {"form": form}, status=status_of(form))


@needs(INVITE_MEMBER)
@require_http_methods(["GET", "POST"])
def time_zone(request: ActingRequest) -> HttpResponse:
    """Change the agency's time zone. Dates and deadlines use the new zone from the next page on."""
    form = ZoneForm(post_data(request), request=request, action=INVITE_MEMBER, initial={"zone": request.actor.zone})
    if service_succeeds(form, lambda: services.change_zone(actor=request.actor, zone=form.cleaned_data["zone"])):
        return saved(request, N_("Time zone saved. Dates and deadlines now use it."), place("our-agency"))
    return render(request, "agencies/time_zone.html", {"form": form}, status=status_of(form))
