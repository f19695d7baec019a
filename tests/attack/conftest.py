"""The target of the attacks by statement, and the attacker: Ben, a detective."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from accord.sharing import queries as sharing
from tests.attack.target import NAME, Target
from tests.region import World
from tests.steps.records import handle, open_record, release_to


@pytest.fixture(scope="module")
def target(world: World) -> Target:
    known = open_record(world, NAME)
    release_to(world, known)
    seen_as = handle(world, "elena")
    with world.as_("alma") as alma:
        share = sharing.shares_of(actor=alma, known=known)[0].id
    return Target(world, known, share, seen_as)


@pytest.fixture
def attacker(target: Target) -> Iterator[psycopg.Connection]:
    """Yield a connection as `web`, with Ben's own live ticket."""
    with target.world.web() as connection:
        connection.execute("select set_config('accord.ticket', %s, false)", [target.world.session("ben").ticket])
        yield connection
