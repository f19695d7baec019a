"""What the day page shows beside a colleague's own tasks. Each room says it in a file `today.py`, whose `lines` yield
turns, what needs an answer from this colleague, and parts, where matters are. The setting `ACCORD_TODAY` lists these
files, from the first part of the page to the last.

A file asks for the role first, and then counts in the database: no list is read to be counted, and no name is opened.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module

from django.conf import settings
from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.core import clock
from accord.ui.components import Link, Row, Tag
from accord.ui.words import day, distance


@dataclass(frozen=True)
class Turn:
    """Something that needs an answer from the reader: what, where it is answered, since when it waits, by when, and what
    the button says."""

    what: str
    url: str
    detail: str = ""
    since: date | datetime | None = None
    due: date | None = None
    button: str = ""


@dataclass(frozen=True)
class Part:
    """Where one kind of matter is: lines under a heading. `nothing` is said where there is no line."""

    title: str
    rows: Sequence[Row]
    nothing: str = ""
    more: Link | None = None


Lines = Callable[[Actor], Iterable[Turn | Part]]


@functools.cache
def _rooms() -> tuple[Lines, ...]:
    return tuple(import_module(name).lines for name in settings.ACCORD_TODAY)


def day_of(*, actor: Actor) -> tuple[list[Turn], list[Part]]:
    """Everything that needs an answer from the actor, what is due first and then what has waited longest; and where
    matters are, as far as the actor's roles may know."""
    found = [line for lines in _rooms() for line in lines(actor)]
    turns = [line for line in found if isinstance(line, Turn)]
    turns.sort(key=lambda turn: (turn.due or date.max, str(turn.since or "9")))
    return turns, [line for line in found if isinstance(line, Part)]


def turn_row(turn: Turn, today: date) -> Row:
    """A turn as a line: what is late says so in a tag."""
    if turn.due:
        return due_row(Row(turn.what, turn.url, turn.detail), turn.due, today)
    return Row(turn.what, turn.url, turn.detail, turn=waiting(turn.since, today))


def due_row(row: Row, due: date, today: date) -> Row:
    """The same line with its day and how far away that is; late is a tag."""
    late = Tag("urgent", _("Overdue")) if due < today else None
    words = _("Due %(day)s, %(distance)s") % {"day": day(due), "distance": distance(due, today)}
    return Row(row.title, row.url, row.detail, tag=row.tag or late, turn=words)


def waiting(since: date | datetime | None, today: date) -> str:
    """Since when something waits, and how long that is."""
    if since is None:
        return ""
    return _("Waiting since %(day)s, %(distance)s") % {"day": day(since), "distance": distance(since, today)}


def today_of(actor: Actor) -> date:
    """The day in the actor's agency."""
    return clock.today(actor.zone)
