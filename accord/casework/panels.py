"""The casework panels on the person page."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.casework.codes import (
    APPLICATION_STATES,
    APPLICATIONS,
    CATEGORIES,
    DOCUMENTS,
    EXPLOITATION_ANSWERS,
    IMMIGRATION_STATUS,
    NEXT_STEPS,
    PLACES,
    STATUS,
    UNITS,
    URGENCY,
    Application,
    CaseNote,
    Immigration,
    Need,
    Service,
)
from accord.people.queries import Page
from accord.sharing.codes import Payload
from accord.sharing.queries import Item
from accord.ui.components import Row, Tag
from accord.ui.words import day, figure

_URGENCY_STATE = {"now": "urgent", "week": "urgent", "month": "wait", "later": "plain"}
_DONE_STATE = dict.fromkeys(STATUS, "ok")
_ORDER = {code: place for place, code in enumerate(URGENCY)}


def _of(page: Page, entry: type[Payload]) -> list[Item]:
    """Return the entries of one type. The answers to a form can be of the same kind."""
    return [item for item in page.items.get(entry.kind, ()) if item.type == entry.code]


def first_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """Show the most urgent unmet need."""
    items = [item for item in _of(page, Need) if item.payload.status in ("open", "under_way")]
    if not page.decisions["needs"] or not items:
        return None
    first = min(items, key=lambda item: (_ORDER.get(item.payload.urgency, len(_ORDER)), item.at))
    return {
        "label": CATEGORIES[first.payload.category],
        "words": first.payload.words,
        "urgency": URGENCY[first.payload.urgency] if first.payload.urgency else STATUS[first.payload.status],
        "state": _URGENCY_STATE.get(first.payload.urgency, "plain"),
    }


def needs_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """List needs, with the most urgent first and closed needs last."""
    if not page.decisions["needs"]:
        return None
    items = sorted(
        _of(page, Need),
        key=lambda item: (
            item.payload.status in ("met", "not_wanted"),
            _ORDER.get(item.payload.urgency, len(_ORDER)),
            item.at,
        ),
    )
    return {"rows": [_need_row(page, item) for item in items], "nothing": not items}


def _need_row(page: Page, item: Item) -> Row:
    need = item.payload
    is_open = need.status == "open"
    words = _(URGENCY[need.urgency]) if is_open and need.urgency else _(STATUS[need.status])
    return Row(
        title=_(CATEGORIES[need.category]),
        url=reverse("casework:change_need", args=[page.known.ref, item.series]) if page.known.own else "",
        quote=need.words,
        tag=Tag(_URGENCY_STATE.get(need.urgency, "plain") if is_open else _DONE_STATE.get(need.status, "plain"), words),
    )


def services_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """List services, newest first."""
    if not page.decisions["services"]:
        return None
    items = sorted(_of(page, Service), key=lambda item: item.payload.day, reverse=True)
    return {"rows": [_service_row(page, item) for item in items[:8]], "nothing": not items}


def _service_row(page: Page, item: Item) -> Row:
    one = item.payload
    amount = f"{figure(float(one.amount))} {_(UNITS[one.unit])}" if re.fullmatch(r"\d+(\.\d+)?", one.amount) else ""
    return Row(
        title=_(CATEGORIES[one.category]),
        url=reverse("casework:change_service", args=[page.known.ref, item.series]) if page.known.own else "",
        detail=" · ".join(part for part in (amount, one.provider) if part),
        quote=one.note,
        aside=day(one.day),
    )


def notes_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """List case notes, newest first."""
    if not page.decisions["notes.case"]:
        return None
    items = _of(page, CaseNote)
    return {"lines": sorted(items, key=lambda item: item.at, reverse=True)[:5], "nothing": not items}


def exploitation_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """Show the type of trafficking, which is recorded as a code for counting."""
    if not page.decisions["exploitation"]:
        return None
    items = page.items.get("exploitation", ())
    return {"type": EXPLOITATION_ANSWERS[items[-1].payload.type] if items else "", "nothing": not items}


_APPLICATION_STATE = {"thinking": "plain", "preparing": "wait", "filed": "wait", "granted": "ok", "refused": "ended"}


def immigration_panel(actor: Actor, page: Page) -> dict[str, Any] | None:
    """Show immigration status, applications by next date, and where the person's documents are."""
    if not page.decisions["immigration"]:
        return None
    facts = [item.payload for item in _of(page, Immigration)]
    found = sorted(
        _of(page, Application),
        key=lambda item: (not item.payload.next_day, item.payload.next_day, item.at),
    )
    return {
        "nothing": not (facts or found),
        "status": IMMIGRATION_STATUS[facts[-1].status] if facts else "",
        "note": facts[-1].note if facts else "",
        "documents": [Row(title=_(DOCUMENTS[code]), aside=_(PLACES[at])) for code, at in facts[-1].papers]
        if facts
        else [],
        "applications": [_application_row(page, item) for item in found],
    }


def _application_row(page: Page, item: Item) -> Row:
    one = item.payload
    due = ""
    if one.next_day:
        due = _("%(what)s: %(day)s") % {
            "what": _(NEXT_STEPS[one.next_step]),
            "day": day(date.fromisoformat(one.next_day)),
        }
    return Row(
        title=_(APPLICATIONS[one.type]),
        url=reverse("casework:change_application", args=[page.known.ref, item.series]) if page.known.own else "",
        detail=" · ".join(part for part in (due, one.receipt) if part),
        tag=Tag(_APPLICATION_STATE.get(one.state, "plain"), _(APPLICATION_STATES[one.state])),
    )
