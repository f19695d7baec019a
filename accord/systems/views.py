"""Pages for connected systems: list them, connect one, and disconnect it."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accord.access.codes import CONNECT_SYSTEM, MEETS_PEOPLE
from accord.access.confirming import confirm
from accord.access.forms import call_service, post_data, status_of
from accord.access.marks import needs, shows_once
from accord.access.requests import ActingRequest
from accord.agencies.lists import handed_over
from accord.core import clock
from accord.core.text import N_
from accord.systems import lists, presenters, queries, services
from accord.systems.forms import ConnectForm
from accord.ui.lists import wants_file
from accord.ui.words import day


@needs(CONNECT_SYSTEM)
@require_safe
def systems(request: ActingRequest) -> HttpResponse:
    """List connected systems: what each may do, and when it was last used."""
    cards = queries.systems(actor=request.actor)
    found = lists.systems(cards, request.GET)
    if wants_file(request.GET):
        return handed_over(request.actor, "connected-systems", lists.system_file(found.shown))
    meets = request.actor.agency_kind in MEETS_PEOPLE
    context = {"found": found, "rows": presenters.system_rows(found.shown), "may_connect": meets}
    return render(request, "systems/systems.html", context)


@shows_once
@needs(CONNECT_SYSTEM)
@require_http_methods(["GET", "POST"])
def connect(request: ActingRequest) -> HttpResponse:
    """Connect a system. Its token is shown once."""
    actor = request.actor
    today = clock.today(actor.zone)
    form = ConnectForm(
        post_data(request),
        request=request,
        action=CONNECT_SYSTEM,
        purposes=presenters.purpose_choices(actor.agency_kind),
        keyless=queries.kinds_without_key(actor=actor),
        initial={"roles": ["machine_writer"], "last_day": today + timedelta(days=90)},
    )
    token = call_service(form, lambda: services.connect(actor=actor, **form.terms()))
    if token:
        context = {"token": token, "name": form.cleaned_data["name"], "until": day(form.cleaned_data["last_day"])}
        return render(request, "systems/token.html", context)
    return render(request, "systems/connect.html", {"form": form}, status=status_of(form))


@needs(CONNECT_SYSTEM)
@require_http_methods(["GET", "POST"])
def end_system(request: ActingRequest, system: uuid.UUID) -> HttpResponse:
    """Disconnect a system."""
    one = queries.system(actor=request.actor, system=system)
    return confirm(
        request,
        CONNECT_SYSTEM,
        lambda: services.disconnect(actor=request.actor, system=system),
        reverse("systems:systems"),
        confirmation=N_("Disconnected. The system's token no longer works."),
        heading=_("Disconnect %(name)s") % {"name": one.name},
        happens=[
            _("The system's token stops working right away and can't be restored."),
            _("What the system added stays in the records, under its name."),
            *([_("The keys the system had are replaced, and your staff get the new ones.")] if one.reads else []),
        ],
        button=_("Disconnect now"),
        danger=True,
        back=reverse("systems:systems"),
        back_words=_("Connected systems"),
    )
