"""Steps to share what a systems-based agency wrote itself."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

from accord.core import clock
from accord.releases import official
from accord.releases.entries import OfficialShare
from accord.sharing.queries import PersonRef
from tests.region import World

BOTH = ("right_to_know", "need_to_know")


KINDS = ("identity.name", "needs")


def terms(world: World, to: str = "da", **other: object) -> OfficialShare:
    last = (clock.today("America/Chicago") + timedelta(days=20)).isoformat()
    said = OfficialShare(str(world.agencies[to]), KINDS, ("prosecution",), last, "The charge is theirs", BOTH)
    return replace(said, **other)


def share(world: World, known: PersonRef, user: str = "ben", **other: object) -> uuid.UUID:
    with world.as_(user) as actor:
        return official.share(actor=actor, ref=known.ref, terms=terms(world, **other))
