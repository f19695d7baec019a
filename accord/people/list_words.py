"""Turn lists of people and search results into rows and text. This module loads no data and makes no decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.people.presenters import how_to_reach
from accord.people.queries import Card, Found, Search
from accord.ui.components import Row, Tag
from accord.ui.lists import SEARCH_FROM, Asked, Choice, Listed, asked_of, links


def cards(rows: Sequence[Card]) -> list[Row]:
    """Return the actor's clients as rows."""
    found = []
    for card in rows:
        contact = card.contact
        parts = (how_to_reach(contact), contact.when) if contact else (how_to_reach(None),)
        found.append(
            Row(
                title=card.name or _("Name not shared"),
                url=reverse("people:person", args=[card.ref]),
                warning="; ".join(card.never),
                detail=" · ".join(part for part in parts if part),
                tag=None if card.own else Tag("plain", _("Shared by %(agency)s") % {"agency": card.agency}),
            )
        )
    return found


def mine_head(given: Mapping[str, str], total: int, own: int, may_find: bool) -> tuple[Asked, Listed]:
    """Return the top of My clients: the sort order, the name search, and, if there are both own and shared clients,
    filters."""
    shows = [Choice("", _("All")), Choice("own", _("Our agency's clients")), Choice("shared", _("Shared with us"))]
    sorts = [Choice("", _("Newest first")), Choice("oldest", _("Oldest first"))]
    asked = asked_of(given, shows, sorts)
    both = 0 < own < total or asked.show
    counts = {"": total, "own": own, "shared": total - own}
    head = Listed(
        total=total,
        filters=links(asked, "show", shows, counts) if both else (),
        orders=links(asked, "sort", sorts) if total > 2 else (),
        search_label=_("Name they go by") if may_find and total >= SEARCH_FROM else "",
        search_url=reverse("people:find") if may_find and total >= SEARCH_FROM else "",
    )
    return asked, head


def agency_head(given: Mapping[str, str]) -> tuple[Asked, Listed]:
    """Return the top of the agency's client list: the unassigned filter, the sort order, and the name search."""
    shows = [Choice("", _("Everyone")), Choice("nobody", _("Unassigned"))]
    sorts = [Choice("", _("Newest record")), Choice("oldest", _("Oldest record"))]
    asked = asked_of(given, shows, sorts)
    head = Listed(
        total=0,
        filters=links(asked, "show", shows),
        orders=links(asked, "sort", sorts),
        search_label=_("Name they go by"),
        search_url=reverse("people:find"),
    )
    return asked, head


def found_rows(rows: Sequence[Found], lets_in: bool = False) -> list[Row]:
    """Return search results, each with the assigned colleagues. With `lets_in`, a supervisor gets a link to the page
    for giving access."""
    return [
        Row(
            title=row.name or _("Name not shared"),
            url=_found_url(row, lets_in),
            detail=_("Assigned to %(names)s") % {"names": ", ".join(row.keepers)} if row.keepers else _("Unassigned"),
            tag=Tag("ok", _("You have access")) if row.mine else None,
        )
        for row in rows
    ]


def _found_url(row: Found, lets_in: bool) -> str:
    if row.mine:
        return reverse("people:person", args=[row.ref])
    return reverse("people:team", args=[row.ref]) if lets_in else ""


def search(found: Search, asked: str, lets_in: bool) -> dict[str, Any]:
    """Return search results, with exact matches separate from similar names."""
    whole, similar = ([row for row in found.rows if row.whole is so] for so in (True, False))
    return {
        "found": found,
        "asked": asked,
        "rows": found_rows(whole, lets_in),
        "similar": found_rows(similar, lets_in),
    }


def left_behind(rows: Sequence[tuple[Any, str, str]]) -> list[tuple[str, str]]:
    """Return the choices for reassignment: each person's name, or a note that it is not shared, and who was assigned
    before."""
    return [
        (str(ref), _("%(name)s (from %(who)s)") % {"name": name or _("Name not shared"), "who": who})
        for ref, name, who in rows
    ]
