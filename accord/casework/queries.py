"""The panels of casework on a person's page."""

from __future__ import annotations

from typing import Any

from accord.access.acting import Actor
from accord.casework.codes import CATEGORIES, EXPLOITATION, STATUS, URGENCY
from accord.people.queries import Page, panel

_URGENCY_STATE = {"now": "urgent", "week": "urgent", "month": "wait", "later": "plain"}
_ORDER = list(URGENCY)


@panel("casework/_needs.html")
def needs_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """What she needs, most urgent first; what is met goes below."""
    if not page.decisions["needs"]:
        return None
    items = sorted(
        page.items.get("needs", ()),
        key=lambda item: (item.payload.status in ("met", "not_wanted"), _ORDER.index(item.payload.urgency), item.at),
    )
    lines = [
        {
            "item": item,
            "label": CATEGORIES[item.payload.category],
            "urgency": URGENCY[item.payload.urgency],
            "status": STATUS[item.payload.status],
            "state": _URGENCY_STATE[item.payload.urgency] if item.payload.status == "open" else "ok",
        }
        for item in items
    ]
    return {"lines": lines}


@panel("casework/_services.html")
def services_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """Help given, newest first."""
    if not page.decisions["services"]:
        return None
    items = sorted(page.items.get("services", ()), key=lambda item: item.payload.day, reverse=True)
    return {"lines": [(CATEGORIES[item.payload.category], item.payload.day) for item in items[:8]], "count": len(items)}


@panel("casework/_notes.html")
def notes_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """Case notes, newest first."""
    if not page.decisions["notes.case"]:
        return None
    items = [item for item in page.items.get("notes.case", ()) if item.type == "case_note"]
    return {"lines": sorted(items, key=lambda item: item.at, reverse=True)[:5]}


@panel("casework/_exploitation.html")
def exploitation_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """The type of exploitation, as a code for counting."""
    if not page.decisions["exploitation"]:
        return None
    items = page.items.get("exploitation", ())
    return {"type": EXPLOITATION[items[-1].payload.type] if items else ""}
