"""The name search on *Today* and the menus on a person's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.access.codes import FIND_PERSON
from accord.access.rules import may
from accord.core import rooms
from accord.core.rooms import PersonAction
from accord.people import task_words
from accord.people.queries import Page
from accord.people.tasks import Todo
from accord.ui.components import Link, Row
from accord.ui.lists import Listed


def search(actor: Actor) -> Listed | None:
    """Return the name search if the actor's role may search. The form posts to the search page, so these searches are
    logged and count toward the hourly limit."""
    if not may(actor, FIND_PERSON):
        return None
    return Listed(total=0, search_label=_("Find or add a person by name"), search_url=reverse("people:find"))


def ways(actor: Actor, page: Page, place: str) -> list[Link]:
    """Return the actions that rooms offer for one of the agency's own clients. The place `top` has the most common
    actions, and `record` has the actions that manage the record. If two actions have the same words, only the first one
    that the actor may use is returned."""
    if not page.known.own:
        return []
    found: dict[str, PersonAction] = {}
    for action in rooms.person_actions(place):
        if may(actor, action.needs) and (not action.kind or page.decisions[action.kind]):
            found.setdefault(action.words, action)
    return [Link(_(action.words), reverse(action.page, args=[page.known.ref])) for action in found.values()]


def jumps(panels: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Link]:
    """Return the menu of a person's page, with a link to each part of the page."""
    parts = [part for place in ("left", "right") for part in panels[place]]
    return [Link(_(title), f"#{at}") for title, at in ((part["title"], part["at"]) for part in parts)]


def next_steps(todos: Sequence[Todo], jumps: Sequence[Link]) -> list[tuple[Row, str]]:
    """Return a person's next tasks. A deadline links to the part of the page that explains it, if
    that part is shown."""
    parts = {jump.url: jump for jump in jumps}
    return [
        (_at_its_part(row, parts.get(f"#{rooms.tasks()[todo.code].part}")), done)
        for todo, (row, done) in zip(todos, task_words.tasks(todos), strict=True)
    ]


def _at_its_part(row: Row, part: Link | None) -> Row:
    if part is None:
        return row
    return replace(row, title=_("A deadline is coming up. See %(part)s.") % {"part": part.words}, url=part.url)
