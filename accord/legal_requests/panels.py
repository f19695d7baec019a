"""The person page panel for legal requests."""

from __future__ import annotations

from typing import Any

from accord.access.actors import Actor
from accord.access.codes import SHARE_PERSON
from accord.access.rules import may
from accord.legal_requests import disclosures, presenters
from accord.people.queries import Page


def requests_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """List the legal requests about one of the agency's own clients, for staff who answer them."""
    if not page.known.own or not page.decisions["releases"] or not may(actor, SHARE_PERSON):
        return None
    legal_requests = disclosures.requests_of(page.items.get("releases", ()))
    return {"rows": presenters.rows(page.known.ref, legal_requests), "nothing": not legal_requests}
