"""The person page panel for a record that a partner agency shares: who to ask and what to do next."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.access.codes import FIND_PERSON, OPEN_RECORD
from accord.access.rules import may
from accord.agencies import queries as agencies
from accord.people.queries import Page
from accord.sharing.codes import record_number
from accord.ui.components import Row


def received_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """Return who shared this record, who to call, and what comes next. Returns None for the agency's own record."""
    if page.known.own:
        return None
    return {
        "agency": page.owner_name,
        "number": record_number(page.known.ref),
        "line": agencies.contact_line(agency=page.known.owner),
        "steps": _steps(actor, page),
    }


def _steps(actor: Actor, page: Page) -> list[Row]:
    """Return the next steps that the rules allow: starting our own record and asking for a new release."""
    steps = []
    if may(actor, FIND_PERSON) and may(actor, OPEN_RECORD):
        why = _(
            "Your agency's services and notes go in your agency's own record. Only your agency can open that record."
        )
        steps.append(Row(_("Start our own record"), reverse("people:find"), why))
    ask = _("You can't add to what is shared with you, and you can't pass it on. To see more, ask for a new release.")
    steps.append(Row(_("Ask %(agency)s") % {"agency": page.owner_name}, detail=ask))
    return steps
