"""A form of Harbor House, with a version in use."""

from __future__ import annotations

import uuid

from tests.hidden import Hidden
from tests.region import World
from tests.steps.forms import published, workbook

KNOWN_TO: dict[str, tuple[str, ...]] = {}
LISTED: tuple[tuple[str, str], ...] = ()
WORDS = ("Questions of the quiet house",)


def make(world: World, so_far: Hidden) -> dict[str, uuid.UUID]:
    card = published(world, workbook(title=WORDS[0]))
    return {"questionnaire": card.questionnaire, "version": card.id}
