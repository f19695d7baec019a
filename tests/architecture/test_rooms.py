"""What the rooms declare is true: names lead somewhere, and each room keeps to its own addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.template.loader import get_template
from django.urls import reverse

from accord.access.codes import AGENCY_KINDS, KINDS, RING_CODES, ROLES, SEATS
from accord.core import rooms
from accord.core.rooms import Room
from accord.ui.icons import ICONS
from tests.steps import addresses
from tests.steps.source import ACCORD

SOME = UUID("7b1f9d5e-54b5-4d3c-9c55-0a8f0f3f6c11")


def routes() -> Iterator[tuple[str, str, str]]:
    """Yield every address of a room, the room, and the name of the page."""
    for route in addresses.routes():
        room = route.name.split(":")[0]
        if room not in ("api", "ui"):  # the API's operations are under one address, and the gallery is for the demo
            yield route.pattern, room, route.name


def test_each_rooms_addresses_begin_as_it_says() -> None:
    """The longest beginning that fits an address belongs to its room. So two rooms never share an address."""
    begin = sorted(((start, room.name) for room in rooms.rooms() for start in room.addresses), key=lambda each: each[0])
    found = {address: room for address, room, _name in routes()}
    fits = {
        address: max((start, name) for start, name in begin if (address.startswith(start) if start else not address))
        for address in found
    }
    assert {address: name for address, (_start, name) in fits.items()} == found
    assert {start for start, _name in begin} == {start for start, _name in fits.values()}


@pytest.mark.parametrize("room", rooms.rooms(), ids=lambda room: room.name)
def test_what_a_room_names_is_there(room: Room) -> None:
    """Functions, templates, pages, actions and kinds: a wrong name is found here, and not by the first reader."""
    pages = {name for _address, _room, name in routes()}
    functions = [
        *([room.today.lines] if room.today else ()),
        *(panel.build for panel in room.panels),
        *room.on.values(),
    ]
    assert all(callable(room.function(name)) for name in functions)
    for panel in room.panels:
        get_template(panel.template)
    for notice in room.notices.values():
        assert not notice.page or reverse(notice.page)
    for task in room.tasks.values():
        assert not task.page or reverse(task.page, args=[SOME] if task.role else [SOME, SOME])
        assert {task.role, *(task.escalates.roles if task.escalates else ())} <= {"", *ROLES}
        assert not task.escalates or task.escalates.notice in rooms.notices()
    for action in room.person_actions:
        assert reverse(action.page, args=[SOME])
        assert not action.kind or action.kind in KINDS
    assert all(reverse(page) for page in room.places.values())
    for page in room.menu:
        assert reverse(page.name) and page.icon in ICONS
        assert not page.under or page.under in rooms.menu()
        assert all(any(address.startswith(start) for address, _room, _name in routes()) for start in page.covers)
    assert set(room.kept_forms) <= pages
    for form in room.draft_forms.values():
        assert reverse(form.page, args=[SOME]) and form.kind in KINDS
    for exchange in map(room.exchange, room.exchanges):
        assert exchange.asking | exchange.answering <= AGENCY_KINDS.keys()
        # `ring_drop_old` does not look at steps, so their key has to be one that it never drops.
        assert exchange.ring_key in set(RING_CODES) - set(KINDS)
        assert {turn.tells for turn in exchange.turns.values()} <= {"", *room.log}
        assert {turn.notice for turn in exchange.turns.values()} <= {"", *room.notices}
        asked = {task for turn in exchange.turns.values() for task in (turn.asks, turn.ends)} - {""}
        assert all(room.tasks[task].role and room.tasks[task].within for task in asked)
    needed = {each.needs for each in (*room.menu, *room.person_actions, *room.notices.values())}
    assert needed - {""} <= set(rooms.actions())


def test_each_action_of_a_role_is_declared_by_a_room_and_each_room_action_has_a_role() -> None:
    """A role in an agency never allows what takes a seat on a body."""
    by_role, by_seat = ({action for role in table.values() for action in role.actions} for table in (ROLES, SEATS))
    assert not by_role & by_seat
    held = by_role | by_seat
    assert held == {action.code for action in rooms.actions().values() if action.words}


def test_each_notice_and_task_is_written_somewhere() -> None:
    """The code may be put together in SQL: `'declined-' || reason`."""
    files = [path for kind in ("py", "sql") for path in ACCORD.rglob(f"*.{kind}") if path.name != "room.py"]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    text += "".join(f"'{task.escalates.notice}'" for task in rooms.tasks().values() if task.escalates)
    codes = {code: re.escape(code) for code in (*rooms.notices(), *rooms.tasks())}
    parts = {code: f"{re.escape(code.rpartition('-')[0])}-['\"] \\|\\|" for code in rooms.notices()}
    assert [c for c in codes if not re.search(f"['\"]({codes[c]}['\"]|{parts.get(c, codes[c])})", text)] == []


def test_each_place_is_led_to_by_a_lower_room() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for kind in ("py", "html") for path in ACCORD.rglob(f"*.{kind}"))
    assert [name for name in rooms.places() if not re.search(rf"place\W{{1,2}}{name}\W", sources)] == []


@pytest.mark.parametrize("table", ["log", "notices", "tasks", "kept_forms", "draft_forms"])
def test_what_is_declared_twice_is_an_error(table: str) -> None:
    """A second declaration would silently change the first one's words."""
    before = rooms.rooms()
    code, value = next(iter(next(getattr(room, table) for room in before if getattr(room, table)).items()))
    rooms.fill([*before, Room("twice", "is it found?", **{table: {code: value}})])
    try:
        with pytest.raises(LookupError, match=f"{code} of twice"):
            (rooms.log_lines if table == "log" else getattr(rooms, table))()
    finally:
        rooms.fill(before)
