"""A system that Harbor House connected."""

from __future__ import annotations

import uuid

from tests.hidden import Hidden
from tests.region import World
from tests.steps.api import connect, id_of

KNOWN_TO: dict[str, tuple[str, ...]] = {}
LISTED: tuple[tuple[str, str], ...] = ()
WORDS = ("Website of the quiet house",)


def make(world: World, so_far: Hidden) -> dict[str, uuid.UUID]:
    return {"system": id_of(world, connect(world, "adele", name=WORDS[0]))}
