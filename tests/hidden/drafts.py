"""A note that its author has not finished."""

from __future__ import annotations

import uuid

from accord.drafts import queries, services
from tests.hidden import Hidden
from tests.region import World

KNOWN_TO: dict[str, tuple[str, ...]] = {}
LISTED: tuple[tuple[str, str], ...] = ()
WORDS = ("A note that no one may read yet",)


def make(world: World, so_far: Hidden) -> dict[str, uuid.UUID]:
    with world.as_("alma") as alma:
        services.save(actor=alma, known=so_far.known, form="note", fields={"text": [WORDS[0]]})
        (draft,) = queries.own_drafts(actor=alma)
    return {"draft": draft.id}
