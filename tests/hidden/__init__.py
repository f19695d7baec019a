"""What each room hides, made for the tests in `tests/two_agencies`.

A room whose `room.py` declares a hidden argument has a file here with the room's name. It holds:

- `make(world, so_far)`: makes one of each at Harbor House and returns their ids, by argument;
- `KNOWN_TO`: colleagues of other agencies who may know of it, by argument; they are not compared;
- `LISTED`: pages that may differ for someone because it exists, as pairs of a user and a page's name;
- `WORDS`: words in it that no outsider may read anywhere.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any

from accord.core.rooms import Room, rooms
from tests.region import World


@dataclass
class Hidden:
    """What exists. `known` is the record; `ids` has each thing's id, by room and argument."""

    known: Any = None
    ids: dict[tuple[str, str], uuid.UUID] = field(default_factory=dict)

    def id_of(self, argument: str, room: str) -> uuid.UUID:
        """Return what an argument names in the addresses of a room."""
        return self.ids[declaring(argument, room).name, argument]


def declaring(argument: str, room: str) -> Room:
    """Return the room that says what this argument names in a room's addresses: that room, or the next one below.

    Raises LookupError.
    """
    names = [each.name for each in rooms()]
    for each in reversed(rooms()[: names.index(room) + 1]):
        if argument in each.arguments:
            return each
    raise LookupError(f"No room says what <{argument}> names in an address of {room}.")


def hiding() -> list[Room]:
    """Return the rooms that hide something, from the lowest to the highest, but people first: others hide in a record."""
    found = [room for room in rooms() if any(argument.hidden for argument in room.arguments.values())]
    return sorted(found, key=lambda room: room.name != "people")


def file_of(room: Room) -> ModuleType:
    return import_module(f"tests.hidden.{room.name}")


def make(world: World) -> Hidden:
    """Make what every room hides."""
    made = Hidden()
    with world.owner() as owner:
        before = [each for (each,) in owner.execute("select id from accounts_notice").fetchall()]
    for room in hiding():
        new = file_of(room).make(world, made)
        made.ids |= {(room.name, argument): one for argument, one in new.items()}
    with world.owner() as owner:  # the number of new notices is on every page of those who may know
        owner.execute(
            "delete from accounts_notice where owner <> %s and id <> all (%s)", [world.agencies["harbor"], before]
        )
    return made


def arguments(room: str, names: Iterable[str], user: str) -> set[str]:
    """Return the arguments of one of the room's addresses that name something hidden from this user."""
    found = set()
    for name in names:
        declared = declaring(name, room)
        if declared.arguments[name].hidden and user not in file_of(declared).KNOWN_TO.get(name, ()):
            found.add(name)
    return found


def words() -> list[str]:
    return [words for room in hiding() for words in file_of(room).WORDS]


def listed() -> set[tuple[str, str]]:
    return {pair for room in hiding() for pair in file_of(room).LISTED}
