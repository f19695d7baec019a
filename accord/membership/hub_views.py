"""Pages for the hub: its agencies, and invitations for their first privacy officers."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accord.access.codes import AGENCY_KINDS, HUB, INVITE_AGENCY, ROLES
from accord.access.forms import call_service, post_data, status_of
from accord.access.marks import needs, shows_once
from accord.access.requests import ActingRequest
from accord.agencies import queries
from accord.agencies.lists import handed_over
from accord.agencies.presenters import role_choices
from accord.membership import lists, presenters, services
from accord.membership.forms import AgencyForm, OfficerForm
from accord.membership.views import code_page
from accord.ui.lists import wants_file


@needs(INVITE_AGENCY)
@require_safe
def hub(request: ActingRequest) -> HttpResponse:
    """List the hub's agencies. The list contains no client information and no counts of people."""
    found = lists.hub_agencies(queries.hub_agencies(), request.GET)
    table = presenters.hub_table(found.shown)
    if wants_file(request.GET):
        return handed_over(request.actor, "agencies", table)
    return render(request, "membership/hub.html", {"found": found, "table": table})


@shows_once
@needs(INVITE_AGENCY)
@require_http_methods(["GET", "POST"])
def hub_invite(request: ActingRequest) -> HttpResponse:
    """Add an agency and create a code for its first privacy officer."""
    every = [
        (code, f"{_(role.name)} ({_within(role.within)})")
        for code, role in ROLES.items()
        if role.within and HUB not in role.within
    ]
    form = AgencyForm(
        post_data(request), request=request, action=INVITE_AGENCY, roles=every, initial={"jurisdictions": ["us"]}
    )
    made = call_service(form, lambda: services.invite_agency(actor=request.actor, **form.terms()))
    if made:
        return code_page(request, made[1], form.cleaned_data["officer"], reverse("membership:hub"))
    return render(request, "membership/hub_invite.html", {"form": form}, status=status_of(form))


def _within(kinds: frozenset[str]) -> str:
    return "; ".join(_(words).partition(":")[0] for code, words in AGENCY_KINDS.items() if code in kinds)


@shows_once
@needs(INVITE_AGENCY)
@require_http_methods(["GET", "POST"])
def hub_invite_again(request: ActingRequest, agency: uuid.UUID) -> HttpResponse:
    """Create another code for an agency whose first privacy officer has not joined."""
    found = queries.hub_agency(owner=agency)
    choices = role_choices(found.kind)
    form = OfficerForm(post_data(request), request=request, action=INVITE_AGENCY, roles=choices)
    code = call_service(
        form,
        lambda: services.invite_agency_again(
            actor=request.actor,
            agency=agency,
            officer=form.cleaned_data["officer"],
            roles=form.with_officer(),
            kind=found.kind,
        ),
    )
    if code:
        return code_page(request, code, form.cleaned_data["officer"], reverse("membership:hub"))
    context = {"form": form, "agency": found}
    return render(request, "membership/hub_invite.html", context, status=status_of(form))
