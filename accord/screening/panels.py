"""The screening panel on the person page."""

from __future__ import annotations

from typing import Any

from accord.access.actors import Actor
from accord.access.codes import SCREEN_PERSON
from accord.access.rules import may
from accord.people.queries import Page
from accord.screening import presenters, queries


def screening_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """Show the newest determination, the newest screen, and the steps that are due."""
    if not page.decisions["screening"]:
        return None
    items = page.items.get("screening", ())
    return {
        **presenters.latest(page),
        "steps": presenters.steps(page, only_open=True),
        "nothing": not items,
        "screens": page.known.own and may(actor, SCREEN_PERSON) and not queries.is_handed_off(actor=actor),
    }
