"""What Harbor House agreed with single partners, and what it asked of the coalition's office."""

from __future__ import annotations

import uuid

from tests.hidden import Hidden
from tests.region import World
from tests.steps.agreements import drafted

# Elena's agency is the other party of one agreement, Jo's of the other. Grace is the coordinator.
KNOWN_TO = {"agreement": ("elena", "grace"), "coalition": ("jo", "grace"), "asked": ("grace",)}
LISTED = tuple(
    (user, page)
    for user in ("grace", "jo")
    for page in ("people:today", "agreements:agreements", "agreements:keys", "agreements:ask_for_agreement")
)
WORDS = ("Night team",)


def make(world: World, so_far: Hidden) -> dict[str, uuid.UUID]:
    harbor = world.agencies["harbor"]
    coalition = uuid.UUID(drafted(world, "harbor", "survivors").split("/")[3])
    assert world.client("adele").post("/agreements/ask/", {"partner": str(world.agencies["cps"])}).status_code == 302
    with world.owner() as owner:
        (asked,) = owner.execute("select id from agreements_agreementrequest where owner = %s", [harbor]).fetchone()
        (agreement,) = owner.execute(
            "select agreement from agreements_permit where giver = %s and taker = %s", [harbor, world.agencies["legal"]]
        ).fetchone()
    return {"agreement": agreement, "coalition": coalition, "asked": asked}
