"""A closed committee in which Harbor House alone sits, with a decision."""

from __future__ import annotations

import uuid

from tests.hidden import Hidden
from tests.region import World
from tests.steps import bodies
from tests.steps.bodies import SECRETS

# The coordinator sees that it exists: tests/two_agencies/test_bodies.py.
KNOWN_TO = dict.fromkeys(("body", "seat", "decision"), ("grace",))
LISTED = (("grace", "bodies:bodies"),)
WORDS = SECRETS


def make(world: World, so_far: Hidden) -> dict[str, uuid.UUID]:
    made = bodies.made(world)
    return {"body": made.body, "seat": made.seat, "decision": made.decision}
