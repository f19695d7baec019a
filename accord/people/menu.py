"""Ways to people: the search by name on *Today*, and the menu of a person's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.access.codes import FIND_PERSON, SHARE_OFFICIAL, SHARE_PERSON, WRITE_PERSON
from accord.access.rules import may
from accord.people import task_words
from accord.people.queries import Page
from accord.people.tasks import Todo
from accord.ui.components import Link, Row
from accord.ui.lists import Listed


def search(actor: Actor) -> Listed | None:
    """Return the search by name for a role that may search. It posts to the search page, which logs and slows it down
    like any other search."""
    if not may(actor.roles, FIND_PERSON):
        return None
    return Listed(total=0, search_label=_("Find or add a person by name"), search_url=reverse("people:find"))


def quick(actor: Actor, page: Page) -> list[Link]:
    """Return what is done most often for one of the agency's own people, most often first: note, service, need,
    share."""
    if not page.known.own:
        return []
    writes = bool(may(actor.roles, WRITE_PERSON))
    ways = (
        (_("Note"), "casework:add_note", writes and bool(page.decisions["notes.case"])),
        (_("Service"), "casework:add_service", writes and bool(page.decisions["services"])),
        (_("Need"), "casework:add_need", writes and bool(page.decisions["needs"])),
        (_("Share"), _share_way(actor), bool(_share_way(actor))),
    )
    return [Link(words, reverse(way, args=[page.known.ref])) for words, way, allowed in ways if allowed]


def _share_way(actor: Actor) -> str:
    """Return where sharing one of the agency's own people starts: a release, or the form for a systems agency's own
    records."""
    ways = ((SHARE_PERSON, "releases:new"), (SHARE_OFFICIAL, "releases:official_new"))
    return next((way for action, way in ways if may(actor.roles, action)), "")


def jumps(panels: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Link]:
    """Return the menu of a person's page: a link to each of its parts."""
    parts = [part for place in ("left", "right") for part in panels[place]]
    return [Link(_(title), f"#{at}") for title, at in ((part["title"], part["at"]) for part in parts)]


def next_steps(todos: Sequence[Todo], jumps: Sequence[Link]) -> list[tuple[Row, str]]:
    """Return a person's next tasks. A deadline links to the part of the page that says what it is for, if shown."""
    part = next((jump for jump in jumps if jump.url == "#immigration"), None)
    rows = task_words.tasks(todos)
    if part is None:
        return rows
    words = _("A deadline is near. See %(part)s.") % {"part": part.words}
    return [
        (replace(row, title=words, url=part.url) if todo.code == "her_date" else row, done)
        for todo, (row, done) in zip(todos, rows, strict=True)
    ]
