"""A need and a note in someone's record."""

from __future__ import annotations

import uuid

from accord.access.codes import KINDS
from accord.casework import services
from accord.people import queries as people
from tests.hidden import Hidden
from tests.region import World

KNOWN_TO: dict[str, tuple[str, ...]] = {}
LISTED: tuple[tuple[str, str], ...] = ()
WORDS = ("A note that no one else may read",)


def make(world: World, so_far: Hidden) -> dict[str, uuid.UUID]:
    ref = so_far.known.ref
    with world.as_("alma") as alma:
        services.add_note(actor=alma, ref=ref, text=WORDS[0])
        return {"series": people.page(actor=alma, ref=ref, kinds=KINDS).items["needs"][0].series}
