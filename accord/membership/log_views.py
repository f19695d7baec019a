"""Audit log pages for an agency and for the hub."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accord.access.codes import READ_AUDIT, READ_HUB_LOG
from accord.access.marks import needs
from accord.access.requests import ActingRequest
from accord.agencies.lists import handed_over
from accord.agencies.queries import names_for_log
from accord.audit import queries as audit
from accord.core import clock
from accord.membership import lists, queries, reviewing
from accord.ui.lists import number_of, wants_file

PAGE = 100  # entries, before they are grouped


@needs(READ_AUDIT)
@require_safe
def log(request: ActingRequest) -> HttpResponse:
    """Show the agency's own audit log, grouped by hour and colleague."""
    what_it_holds = _("Who did what at %(agency)s, and which partners read what it shares.") % {
        "agency": request.actor.agency_name
    }
    return _log(request, _("Our audit log"), what_it_holds, reverse("membership:log"))


@needs(READ_HUB_LOG)
@require_safe
def hub_log(request: ActingRequest) -> HttpResponse:
    """Show the hub's own audit log. It lists what the hub's staff did and holds nothing from any agency."""
    what_it_holds = _("What the hub's own staff did. Each agency has its own audit log, with its own keys.")
    return _log(request, _("The hub's audit log"), what_it_holds, reverse("membership:hub_log"))


def _log(request: ActingRequest, heading: str, what_it_holds: str, here: str) -> HttpResponse:
    actor, before = request.actor, number_of(request.GET, "before")
    people = {str(one): name for one, name in queries.colleague_names(actor=actor).items()}
    asked = reviewing.asked_of(request.GET, people)
    since, until = reviewing.span(asked.when, clock.today(actor.zone), actor.zone)
    lines = audit.events(
        owner=actor.agency,
        opens=actor.opens,
        only=asked.only,
        before=before,
        limit=PAGE,
        by=uuid.UUID(asked.who) if asked.who else None,
        since=since,
        until=until,
    )
    names = names_for_log(actor=actor, colleagues=people)
    if wants_file(request.GET):
        return handed_over(actor, "log", lists.log_file(lines, names))
    context = {
        "heading": heading,
        "said": what_it_holds,
        "groups": reviewing.groups(lines, names),
        "asked": asked,
        "here": here,
        "people": sorted(people.items(), key=lambda one: one[1]),
        "whens": [(code, _(words)) for code, (words, *_days) in reviewing.WHEN.items()],
        "filters": reviewing.filters(here, asked),
        "file": asked.url(here, before=str(before or ""), **{"as": "csv"}),
        "older": asked.url(here, before=str(lines[-1].position)) if len(lines) == PAGE else "",
        "newest": asked.url(here) if before else "",
    }
    return render(request, "membership/log.html", context)
