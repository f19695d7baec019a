"""A colleague of Harbor House, and an invitation."""

from __future__ import annotations

import uuid

from tests.hidden import Hidden
from tests.region import World
from tests.steps.membership import invite

KNOWN_TO: dict[str, tuple[str, ...]] = {}
LISTED: tuple[tuple[str, str], ...] = ()
WORDS = ("Nour of the night shift",)


def make(world: World, so_far: Hidden) -> dict[str, uuid.UUID]:
    invite(world, "adele", name=WORDS[0])
    with world.owner() as owner:
        sql = "select id from membership_invitation where owner = %s"
        (invitation,) = owner.execute(sql, [world.agencies["harbor"]]).fetchone()
    return {"membership": world.memberships["alma"], "invitation": invitation}
