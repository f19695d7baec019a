"""What a room says about itself. Each folder of `accord/` has a file `room.py` with one `Room`; `accord/config/rooms.py`
puts them in order. Pure: no Django, no clock.

Lower rooms read here what higher rooms add to them: sentences of the audit log, notices, tasks, pages of the menu,
parts of *Today* and of the person page. So no room names a higher one.

Functions are named as in `"panels.needs_panel"`: the file in the room's own folder, and the function in it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from typing import Any, TypeVar

T = TypeVar("T")


class Act(StrEnum):
    """The kinds of acts by which the audit log is reviewed."""

    READING = "reading"
    RECORDS = "records"
    SHARING = "sharing"
    ACCESS = "access"
    AGENCY = "agency"
    SIGNING_IN = "signing-in"


class Pace(StrEnum):
    """How an act counts toward the number of people that a colleague can look at in an hour."""

    PAGE = "page"  # one person's record was opened
    LIST = "list"  # names of people who are not one's own clients


@dataclass(frozen=True)
class Action:
    """Something that a role may do. `ROLES` in `accord/access/codes.py` says which roles may.

    `words` complete "may ...". `about_person`: closed while the yearly training or access agreement has expired
    (acceptance line 91). `step_up`: needs a second factor from the last five minutes (line 98). Without words it is
    about one's own account and needs no role.
    """

    code: str
    words: str = ""
    about_person: bool = False
    step_up: bool = False


@dataclass(frozen=True)
class LogLine:
    """A sentence of the audit log, with `%(by)s`, and `%(other)s` or `%(partner)s` for a second party.

    `on_record`: the person page lists it under *Viewed by*. `discloses`: it belongs in the disclosure history. `across`: it
    may be written to another agency's log, if this SQL function says yes to the event. Without one it never may.
    """

    words: str
    act: Act
    pace: Pace | None = None
    on_record: bool = False
    discloses: bool = False
    across: str = ""


@dataclass(frozen=True)
class Notice:
    """A notice: neutral words, never a name or a place (acceptance line 111). `page` is a list or a day page, never one
    person's page; `needs` is the action that it asks for."""

    words: str
    page: str = ""
    needs: str = ""


@dataclass(frozen=True)
class Task:
    """Something to do for a person by a date. `page` shows the task's matter, by person and series.

    `until_matter_ends`: a legal deadline. It closes when its matter closes; no one marks it as done. `days_before`: it
    appears on *Today* only this near to its due date. `part`: the part of the person page that says what it is for.
    """

    words: str
    page: str = ""
    until_matter_ends: bool = False
    days_before: int | None = None
    part: str = ""


@dataclass(frozen=True)
class Page:
    """A page of the menu, by its name in the resolver, which has no argument in its address.

    `under` is the page of the main menu that it is listed under; without it, it is in the main menu itself, and `first`
    is its name before those under it. `needs` is an action; `unless` hides it from those who may do that. A page is
    current for every address that begins with its own. `covers` adds others. The longest match wins.
    """

    name: str
    label: str
    order: int
    icon: str = "dot"
    needs: str = ""
    under: str = ""
    first: str = ""
    unless: str = ""
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Today:
    """A room's part of *Today*: a function that yields turns and parts for an actor (`accord/access/today.py`)."""

    lines: str
    order: int


@dataclass(frozen=True)
class Panel:
    """A part of the person page, in its `head`, `left` or `right`. `build` returns its context, or None to leave it out.

    `title` and `at` are its heading and anchor: the page's own menu leads there. It is given only the entries of its
    `kinds`.
    """

    template: str
    build: str
    place: str
    order: int
    title: str = ""
    at: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonAction:
    """A way from a person of one's own agency to a page about them.

    `kind`: it is offered only to someone who may read this kind of the person's information. `place` is `top` (what is
    done most often) or `record` (managing the record). Of two with the same words, the first that is allowed is shown.
    """

    words: str
    page: str
    needs: str
    order: int
    kind: str = ""
    place: str = "top"


@dataclass(frozen=True)
class AccountCard:
    """A card on the account page: title, words, the page it leads to, and the button's words."""

    title: str
    words: str
    page: str
    button: str


HOUR = 60


@dataclass(frozen=True)
class Job:
    """Something that the worker does by itself (`accord/jobs`), every so many minutes: 60, or a divisor of 60.

    It calls the SQL function of its name, in one transaction, or `run`. It may be killed at any moment and run again.
    """

    name: str
    minutes: int
    run: str = ""


@dataclass(frozen=True)
class Sql:
    """A room's files of named SQL functions, and who besides `web` may call which. All by signature.

    `inner`: not even `web`, because they check no actor; other named functions call them. `readers`: also a page that
    only reads. `worker`: only the worker.
    """

    files: tuple[str, ...] = ("functions",)
    inner: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    worker: tuple[str, ...] = ()


@dataclass(frozen=True)
class Room:
    """A folder of `accord/`: its name, the question it answers, and what it adds to the others.

    `installed`: a Django app with tables or templates. `addresses`: how the addresses of its pages begin. `places`: pages
    that lower rooms lead to, each under a name of its own, such as `home`. `sealed`: its
    files that declare types of sealed entries. `api`: its file of operations for programs. `drafts`: by page, what an
    unfinished form there is called. `on`: functions to call when something happens in a lower room, by its name.
    """

    name: str
    question: str
    installed: bool = True
    addresses: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    menu: tuple[Page, ...] = ()
    today: Today | None = None
    panels: tuple[Panel, ...] = ()
    person_actions: tuple[PersonAction, ...] = ()
    account_cards: tuple[AccountCard, ...] = ()
    jobs: tuple[Job, ...] = ()
    log: Mapping[str, LogLine] = field(default_factory=dict)
    notices: Mapping[str, Notice] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    drafts: Mapping[str, str] = field(default_factory=dict)
    sealed: tuple[str, ...] = ()
    api: str = ""
    sql: Sql = field(default=Sql(files=()))
    on: Mapping[str, str] = field(default_factory=dict)

    def function(self, named: str) -> Callable[..., Any]:
        """Return one of the room's functions, named as in `"panels.needs_panel"`."""
        file, _, name = named.rpartition(".")
        found: Callable[..., Any] = getattr(import_module(f"accord.{self.name}.{file}"), name)
        return found


_ROOMS: list[Room] = []


def fill(rooms: Sequence[Room]) -> None:
    """Set the rooms of this installation, from the lowest to the highest. `accord/config/rooms.py` calls this."""
    _ROOMS[:] = rooms
    for known in (actions, log_lines, notices, tasks, drafts, places, menu):
        known.cache_clear()


def rooms() -> tuple[Room, ...]:
    """Return every room, from the lowest to the highest."""
    return tuple(_ROOMS)


def _by_code(tables: Sequence[tuple[str, Mapping[str, T]]]) -> dict[str, T]:
    found: dict[str, T] = {}
    for room, table in tables:
        for code, value in table.items():
            if code in found:
                raise LookupError(f"{code} of {room} is declared twice")
            found[code] = value
    return found


@functools.cache
def actions() -> Mapping[str, Action]:
    """Return every action by its code."""
    return _by_code([(room.name, {action.code: action for action in room.actions}) for room in rooms()])


@functools.cache
def log_lines() -> Mapping[str, LogLine]:
    """Return every sentence of the audit log by its code."""
    return _by_code([(room.name, room.log) for room in rooms()])


@functools.cache
def notices() -> Mapping[str, Notice]:
    """Return every notice by its code."""
    return _by_code([(room.name, room.notices) for room in rooms()])


@functools.cache
def tasks() -> Mapping[str, Task]:
    """Return every task by its code."""
    return _by_code([(room.name, room.tasks) for room in rooms()])


@functools.cache
def drafts() -> Mapping[str, str]:
    """Return what an unfinished form is called, by the name of its page."""
    return _by_code([(room.name, room.drafts) for room in rooms()])


@functools.cache
def places() -> Mapping[str, str]:
    """Return the name of each page that lower rooms lead to, by the name of the place."""
    return _by_code([(room.name, room.places) for room in rooms()])


def place(name: str) -> str:
    """Return the page that a higher room has at this place, as the resolver calls it. Raises LookupError."""
    return places()[name]


@functools.cache
def menu() -> Mapping[str, Page]:
    """Return the pages of the menu by their names, in order."""
    pages = _by_code([(room.name, {page.name: page for page in room.menu}) for room in rooms()])
    return dict(sorted(pages.items(), key=lambda each: (each[1].under, each[1].order)))


def today_lines() -> list[Callable[..., Any]]:
    """Return the functions that make *Today*, in the order of the page."""
    parts = sorted((room.today.order, room.name, room, room.today) for room in rooms() if room.today)
    return [room.function(today.lines) for _order, _name, room, today in parts]


def panels() -> list[tuple[Panel, Callable[..., Any]]]:
    """Return the parts of the person page with the function that builds each, in the order of the page."""
    found = [(panel, room.function(panel.build)) for room in rooms() for panel in room.panels]
    return sorted(found, key=lambda each: each[0].order)


def person_actions(place: str) -> list[PersonAction]:
    """Return the ways from a person's page that are offered at this place, in order."""
    found = [action for room in rooms() for action in room.person_actions if action.place == place]
    return sorted(found, key=lambda action: action.order)


def listening(to: str) -> list[Callable[..., Any]]:
    """Return what the rooms call when this happens."""
    return [room.function(room.on[to]) for room in rooms() if to in room.on]


def account_cards() -> list[AccountCard]:
    """Return the cards that rooms add to the account page."""
    return [card for room in rooms() for card in room.account_cards]


def jobs() -> list[tuple[Job, Callable[[], None] | None]]:
    """Return every job of the worker with the function that does it, or None for a SQL function of its name."""
    return [(job, room.function(job.run) if job.run else None) for room in rooms() for job in room.jobs]
