"""The contents of *Today*, except for a colleague's own tasks.

A room that adds to *Today* declares a function as `today` in its `room.py`. The function yields turns (items that this
colleague has to answer) and parts (the state of other matters). It checks the role first and then counts in the
database, so that no list is read just to count it and no name is decrypted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.core import clock
from accord.core.rooms import today_lines
from accord.ui.components import Link, Row, Tag
from accord.ui.words import day, distance


@dataclass(frozen=True)
class Turn:
    """An item that the reader has to answer: what it is, its address, when it came in, when it is due, and the button's
    text."""

    what: str
    url: str
    detail: str = ""
    since: date | datetime | None = None
    due: date | None = None
    button: str = ""


@dataclass(frozen=True)
class Part:
    """Lines under a heading about one type of matter. `nothing` is shown if there are no lines."""

    title: str
    rows: Sequence[Row]
    nothing: str = ""
    more: Link | None = None


def day_of(*, actor: Actor) -> tuple[list[Turn], list[Part]]:
    """Return everything that the actor has to answer, and the parts of the page that the actor's roles may see.

    Turns are sorted by due date, then oldest first.
    """
    found = [line for lines in today_lines() for line in lines(actor)]
    turns = [line for line in found if isinstance(line, Turn)]
    turns.sort(key=lambda turn: (turn.due or date.max, str(turn.since or "9")))
    return turns, [line for line in found if isinstance(line, Part)]


def turn_row(turn: Turn, today: date) -> Row:
    """Return a turn as a row, with a tag if the turn is overdue."""
    if turn.due:
        return due_row(Row(turn.what, turn.url, turn.detail), turn.due, today)
    return Row(turn.what, turn.url, turn.detail, turn=waiting(turn.since, today))


def due_row(row: Row, due: date, today: date) -> Row:
    """Return the row with its due date, the time left, and a tag if the row is overdue."""
    late = Tag("urgent", _("Overdue")) if due < today else None
    words = _("Due %(day)s, %(distance)s") % {"day": day(due), "distance": distance(due, today)}
    return Row(row.title, row.url, row.detail, tag=row.tag or late, turn=words)


def waiting(since: date | datetime | None, today: date) -> str:
    """Return text that says when something started waiting and how long ago that was."""
    if since is None:
        return ""
    return _("Waiting since %(day)s, %(distance)s") % {"day": day(since), "distance": distance(since, today)}


def today_of(actor: Actor) -> date:
    """Return today's date in the time zone of the actor's agency."""
    return clock.today(actor.zone)
