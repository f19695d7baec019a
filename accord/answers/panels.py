"""The panel of the person page that lists finished forms."""

from __future__ import annotations

from typing import Any

from accord.access.actors import Actor
from accord.answers.codes import Answered
from accord.answers.presenters import finished_row
from accord.people.queries import Page


def answers_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """List finished forms of every kind that the actor may read, newest first. Only the agency's own people can have
    none."""
    items = [item for found in page.items.values() for item in found if isinstance(item.payload, Answered)]
    items.sort(key=lambda item: (item.payload.finished, item.series), reverse=True)
    if not items and not page.known.own:
        return None
    return {"rows": [finished_row(page, item) for item in items], "nothing": not items}
