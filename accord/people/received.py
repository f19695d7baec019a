"""A record that a partner agency shares: who to ask, what to do next, and not taking it up."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accord.access.actors import Actor
from accord.access.codes import ASSIGN_PERSON, FIND_PERSON, OPEN_RECORD
from accord.access.forms import sent, status_of, succeeds
from accord.access.marks import needs
from accord.access.requests import ActingRequest
from accord.access.rules import may
from accord.access.saying import saved
from accord.agencies import partners
from accord.core.errors import Hidden
from accord.core.text import N_
from accord.people import queries
from accord.people.forms import DeclineForm
from accord.people.queries import Page
from accord.sharing import services as records
from accord.sharing.rules import record_number
from accord.ui.components import Row


def received_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """For a record shared with the reader's agency: who shared it, who to call, and what comes next."""
    if page.known.own:
        return None
    return {
        "agency": page.owner_name,
        "number": record_number(page.known.ref),
        "line": partners.contact_line(agency=page.known.owner),
        "steps": _steps(actor, page),
    }


def _steps(actor: Actor, page: Page) -> list[Row]:
    """What the rules allow next: a record of our own for our own work, and asking for more."""
    steps = []
    if may(actor, FIND_PERSON) and may(actor, OPEN_RECORD):
        why = _("Your own services and notes go into your own record. Only your agency can open it.")
        steps.append(Row(_("Start our own record"), reverse("people:find"), why))
    ask = _("You can't add to what is shared with you or pass it on. To see more, ask for a new release.")
    steps.append(Row(_("Ask %(agency)s") % {"agency": page.owner_name}, detail=ask))
    return steps


@needs(ASSIGN_PERSON)
@require_http_methods(["GET", "POST"])
def decline(request: ActingRequest, ref: uuid.UUID) -> HttpResponse:
    """Tell the agency that shared a record that ours doesn't take it up."""
    actor = request.actor
    form = DeclineForm(sent(request))
    if succeeds(form, lambda: records.decline(actor=actor, ref=ref, reason=form.cleaned_data["reason"])):
        return saved(request, N_("You declined it. The agency that shared it gets a notice."), "people:today")
    waiting = [each for each in queries.intake_list(actor=actor) if each.handle == ref]
    if not waiting:
        raise Hidden
    context = {"form": form, "agency": waiting[0].agency, "number": record_number(ref)}
    return render(request, "people/decline.html", context, status=status_of(form))
