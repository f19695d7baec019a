"""A legal request that the hub forwarded to Harbor House."""

from __future__ import annotations

import uuid

from accord.core import clock
from accord.legal_requests import served
from tests.hidden import Hidden
from tests.region import World

# Hal forwards what reaches the hub, and Grace works in the same agency.
KNOWN_TO = {"legal_request": ("hal", "grace")}
LISTED = (("hal", "people:today"), ("hal", "legal_requests:hub"), ("grace", "legal_requests:hub"))
WORDS = ("Every letter of this quiet request",)


def make(world: World, so_far: Hidden) -> dict[str, uuid.UUID]:
    with world.as_("hal") as hal:
        asked = {"process": "warrant", "came_on": clock.today(hal.zone), "agencies": [world.agencies["harbor"]]}
        return {"legal_request": served.forward(actor=hal, **asked, content=served.Content(says=WORDS[0]))}
