"""What is next for one person."""

from __future__ import annotations

from accord.access.actors import Actor
from accord.people.queries import Page, Todo, tasks_that_show

SHOWN = 2


def next_of(*, actor: Actor, page: Page) -> list[Todo]:
    """Return the first tasks that the actor has for the person of this page, soonest first."""
    if not page.known.own:
        return []
    rows = tasks_that_show(actor=actor).filter(person=page.known.ref).order_by("due_on")[:SHOWN]
    return [Todo(row.id, row.person, page.name, row.code, row.due_on, row.matter) for row in rows]
