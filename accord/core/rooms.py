"""The declarations of each room. Each folder in `accord/` has a `room.py` file with one `Room`, and
`accord/config/rooms.py` puts the rooms in order. Pure: no Django, no clock.

From this module, lower rooms learn what higher rooms add to them: audit log sentences, notices, tasks, menu pages, and
parts of *Today* and the person page. So no room has to refer to a higher room.

A function is identified by a file in the room's own folder and a function in that file, as in `"panels.needs_panel"`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from typing import Any, TypeVar

from accord.core.exchange import Exchange

T = TypeVar("T")


class Act(StrEnum):
    """The types of acts that an audit log can be filtered by."""

    READING = "reading"
    RECORDS = "records"
    SHARING = "sharing"
    ACCESS = "access"
    AGENCY = "agency"
    SIGNING_IN = "signing-in"


class Pace(StrEnum):
    """How an act counts toward the hourly limit on the number of people a colleague can look up."""

    PAGE = "page"  # one person's record was opened
    LIST = "list"  # names of people who are not the colleague's own clients


@dataclass(frozen=True)
class Action:
    """Something that a role may do. `ROLES` in `accord/access/codes.py` lists each role's actions.

    `words` complete "may ...". An action without words concerns the user's own account and needs no role. An action
    with `about_person` is refused once the yearly training or access agreement has expired (acceptance line 91). An
    action with `step_up` needs a second factor from the last five minutes (line 98).
    """

    code: str
    words: str = ""
    about_person: bool = False
    step_up: bool = False


@dataclass(frozen=True)
class LogLine:
    """An audit log sentence with `%(by)s`, and `%(other)s` or `%(partner)s` for a second party.

    `on_record` lists the event under *Viewed by* on the person page. `discloses` puts the event in the disclosure
    history. `across` is the name of a SQL function. If that function returns true for an event, the event may be
    written to another agency's log. If `across` is empty, only a step of an exchange writes the event to another
    agency's log.
    """

    words: str
    act: Act
    pace: Pace | None = None
    on_record: bool = False
    discloses: bool = False
    across: str = ""


@dataclass(frozen=True)
class Notice:
    """A neutral notice that never contains a name or a place (acceptance line 111).

    `page` is the list or day page that the notice links to, never one person's page. The link is shown only to someone
    who may do the action in `needs`.
    """

    words: str
    page: str = ""
    needs: str = ""


@dataclass(frozen=True)
class Escalation:
    """Who else learns that a task is overdue: everyone in these `roles`, starting `days` after the due date.

    The roles belong to the agency that has the task or, with `asker`, to the agency that asked for it. The worker sends
    these people the `notice` once. A supervisor's *Today* lists the task from the same day on, with or without a
    worker.
    """

    days: int
    roles: tuple[str, ...]
    notice: str = "task-overdue"
    asker: bool = False


@dataclass(frozen=True)
class Task:
    """Something to do by a date, for one colleague or for everyone in a role. `page` shows what the task is about. The
    page's arguments are the person and the matter, or only the matter if the task is not about a person.

    `until_matter_ends` marks a legal deadline. The task closes when its matter closes, and no one marks it as done. A
    task appears on *Today* only when it is due within `days_before` days. It is marked as due soon from `warns` days
    before its due date. `part` is the part of the person page that explains the task.

    A task with a `role` is for everyone in that role. When one of them does it, it is done for all. If a step of an
    exchange asks another agency for the task, it is due `within` this many days.
    """

    words: str
    page: str = ""
    until_matter_ends: bool = False
    days_before: int | None = None
    warns: int = 0
    escalates: Escalation | None = None
    part: str = ""
    role: str = ""
    within: int = 0


@dataclass(frozen=True)
class Page:
    """A menu page, identified by its name in the resolver. Its address has no arguments.

    `under` is the main menu page that lists this page. A page without `under` is in the main menu itself, and `first`
    is its label at the top of its own list. The page is shown to those who may do the action in `needs`, but not to
    those who may do the action in `unless`. It is the current page for every address that starts with its own address
    or with an address in `covers`. The longest match wins.
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
class Argument:
    """What an argument in the room's addresses identifies.

    If `hidden` is set, the item seems not to exist to people who may not know about it. A request for a hidden item
    gets the same answer as a request for an item that does not exist. `tests/two_agencies` compares the two answers for
    each address.
    """

    words: str
    hidden: bool = True


@dataclass(frozen=True)
class Today:
    """A room's part of *Today*: a function that yields an actor's `Turn` and `Part` items
    (`accord/access/today.py`)."""

    lines: str
    order: int


@dataclass(frozen=True)
class Panel:
    """A part of the person page. Its `place` is `head`, `left`, or `right`.

    `build` returns the template's context, or None to leave the panel out. `title` and `at` are the panel's heading and
    anchor, and the page's own menu links there. `build` gets only the entries of the panel's `kinds`.
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
    """A link from the page of one of the agency's own clients to another page about that person.

    With `kind`, the link is offered only to someone who may read that kind of the person's information. `place` is
    `top` (the most frequent actions) or `record` (managing the record). If two links have the same words, only the
    first one that is allowed is shown.
    """

    words: str
    page: str
    needs: str
    order: int
    kind: str = ""
    place: str = "top"


@dataclass(frozen=True)
class DraftForm:
    """A form that can be saved unfinished (`accord/drafts`). It declares a title for its drafts, the form's page (by
    person), and the kind of information that its drafts are sealed under."""

    words: str
    page: str
    kind: str


@dataclass(frozen=True)
class DraftFamily:
    """Forms that are known only while Accord runs, such as the forms that an agency brings. The code of such a form is
    the family's code, a colon, and an id.

    `page` continues a draft. Its arguments are the person and the draft. `titles` names a function that takes the `actor`
    and some of these `ids`, and returns the title of each form by id. `words` is the title of a form without one.
    """

    words: str
    page: str
    titles: str


@dataclass(frozen=True)
class Preface:
    """What staff do before the first question of a form whose answers belong to a certain kind of information.

    `build` names a function that takes the actor, the page about the person with the entries of `kinds`, and the
    version of the form, and returns the template's context. If the context has `stops`, the actor can't start the form.
    `confirm` names a function that takes the actor, the person, the version, and what was posted, and returns facts to
    keep with the answers: tuples of a code, words, and the answer in words. It raises Refused or Invalid.
    """

    template: str
    build: str
    confirm: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class AccountCard:
    """A card on the account page: title, text, the page that its button opens, and the button's text."""

    title: str
    words: str
    page: str
    button: str


HOUR = 60


@dataclass(frozen=True)
class Job:
    """A job that the worker (`accord/jobs`) runs automatically every `minutes` minutes. `minutes` must be 60 or a
    divisor of 60.

    In one transaction, the worker calls `run` or, if `run` is not set, the SQL function with the job's name. A job can
    be killed at any moment and run again.
    """

    name: str
    title: str  # for the operator's Today page
    minutes: int
    run: str = ""


@dataclass(frozen=True)
class Sql:
    """A room's files of named SQL functions, and who may call them. Functions are listed by signature.

    The room's functions listed in `made` generate more SQL from the declarations of all rooms. `inner` functions check
    no actor, so only other named functions may call them. Only the worker may call `worker` functions. `web` may call
    all others, and a request that only reads may call `readers` functions.
    """

    files: tuple[str, ...] = ("functions",)
    made: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    worker: tuple[str, ...] = ()


@dataclass(frozen=True)
class Room:
    """A folder in `accord/`: its name, the question it answers, and what it adds to the other rooms.

    `installed` is True for a Django app with tables or templates. `addresses` lists the beginnings of its pages'
    addresses, and `arguments` explains the arguments in these addresses that no lower room has explained. `places` are
    pages that lower rooms link to, each under its own name, such as `home`. `sealed` lists the files that declare
    sealed entry types. `api` is the file with its API operations. `kept_forms` gives, for each page, the title of a
    form that is still unfinished when a session ends. `draft_forms` are the forms that can be saved as a draft, by
    code, and `draft_families` the forms that are known only while Accord runs. `on` gives the function to call when an
    event happens in a lower room. `prefaces` has what is shown before the first question of a form, by the kind of its
    answers.
    """

    name: str
    question: str
    installed: bool = True
    addresses: tuple[str, ...] = ()
    arguments: Mapping[str, Argument] = field(default_factory=dict)
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
    kept_forms: Mapping[str, str] = field(default_factory=dict)
    draft_forms: Mapping[str, DraftForm] = field(default_factory=dict)
    draft_families: Mapping[str, DraftFamily] = field(default_factory=dict)
    prefaces: Mapping[str, Preface] = field(default_factory=dict)
    exchanges: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()
    api: str = ""
    sql: Sql = field(default=Sql(files=()))
    on: Mapping[str, str] = field(default_factory=dict)

    def function(self, named: str) -> Callable[..., Any]:
        """Return one of the room's functions, identified as in `"panels.needs_panel"`."""
        found: Callable[..., Any] = self._named(named)
        return found

    def exchange(self, named: str) -> Exchange:
        """Return one of the room's exchanges, identified as in `"workflows.TOTALS"`."""
        found: Exchange = self._named(named)
        return found

    def _named(self, named: str) -> Any:
        file, _, name = named.rpartition(".")
        return getattr(import_module(f"accord.{self.name}.{file}"), name)


_ROOMS: list[Room] = []


def fill(rooms: Sequence[Room]) -> None:
    """Set this installation's rooms, from the lowest to the highest. `accord/config/rooms.py` calls this."""
    _ROOMS[:] = rooms
    for known in (actions, log_lines, notices, tasks, kept_forms, draft_forms, draft_families, exchanges, places, menu):
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
    """Return all actions, keyed by code."""
    return _by_code([(room.name, {action.code: action for action in room.actions}) for room in rooms()])


@functools.cache
def log_lines() -> Mapping[str, LogLine]:
    """Return all audit log sentences, keyed by code."""
    return _by_code([(room.name, room.log) for room in rooms()])


@functools.cache
def notices() -> Mapping[str, Notice]:
    """Return all notices, keyed by code."""
    return _by_code([(room.name, room.notices) for room in rooms()])


@functools.cache
def tasks() -> Mapping[str, Task]:
    """Return all tasks, keyed by code."""
    return _by_code([(room.name, room.tasks) for room in rooms()])


@functools.cache
def kept_forms() -> Mapping[str, str]:
    """Return the title of each unfinished form, by page name."""
    return _by_code([(room.name, room.kept_forms) for room in rooms()])


@functools.cache
def draft_forms() -> Mapping[str, DraftForm]:
    """Return every form that can be saved unfinished, keyed by code."""
    return _by_code([(room.name, room.draft_forms) for room in rooms()])


@functools.cache
def draft_families() -> Mapping[str, tuple[DraftFamily, Callable[..., Any]]]:
    """Return every family of forms that can be saved unfinished, keyed by code, with the function that returns
    titles."""
    found = [(room, room.draft_families) for room in rooms()]
    return _by_code(
        [
            (room.name, {code: (family, room.function(family.titles)) for code, family in table.items()})
            for room, table in found
        ]
    )


@functools.cache
def exchanges() -> Mapping[str, Exchange]:
    """Return every kind of exchange, keyed by code."""
    found = [(room.name, [room.exchange(named) for named in room.exchanges]) for room in rooms()]
    return _by_code([(name, {each.code: each for each in declared}) for name, declared in found])


@functools.cache
def places() -> Mapping[str, str]:
    """Return the name of each page that lower rooms link to, by place."""
    return _by_code([(room.name, room.places) for room in rooms()])


def place(name: str) -> str:
    """Return the resolver's name for the page at this place. Raises LookupError."""
    return places()[name]


@functools.cache
def menu() -> Mapping[str, Page]:
    """Return the menu pages by name, in order."""
    pages = _by_code([(room.name, {page.name: page for page in room.menu}) for room in rooms()])
    return dict(sorted(pages.items(), key=lambda each: (each[1].under, each[1].order)))


def today_lines() -> list[Callable[..., Any]]:
    """Return the functions that build *Today*, in page order."""
    parts = sorted((room.today.order, room.name, room, room.today) for room in rooms() if room.today)
    return [room.function(today.lines) for _order, _name, room, today in parts]


def panels() -> list[tuple[Panel, Callable[..., Any]]]:
    """Return each part of the person page with the function that builds it, in page order."""
    found = [(panel, room.function(panel.build)) for room in rooms() for panel in room.panels]
    return sorted(found, key=lambda each: each[0].order)


def person_actions(place: str) -> list[PersonAction]:
    """Return the links that a person's page offers in this place, in order."""
    found = [action for room in rooms() for action in room.person_actions if action.place == place]
    return sorted(found, key=lambda action: action.order)


def listening(to: str) -> list[Callable[..., Any]]:
    """Return the functions to call when this event happens."""
    return [room.function(room.on[to]) for room in rooms() if to in room.on]


def preface(kind: str) -> tuple[Preface, Callable[..., Any], Callable[..., Any]] | None:
    """Return what is shown before a form whose answers belong to this kind, with its two functions, or None."""
    for room in rooms():
        if kind in room.prefaces:
            found = room.prefaces[kind]
            return found, room.function(found.build), room.function(found.confirm)
    return None


def account_cards() -> list[AccountCard]:
    """Return the cards that rooms add to the account page."""
    return [card for room in rooms() for card in room.account_cards]


def jobs() -> list[tuple[Job, Callable[[], None] | None]]:
    """Return every worker job with the Python function that runs it, or with None if a SQL function runs it."""
    return [(job, room.function(job.run) if job.run else None) for room in rooms() for job in room.jobs]
