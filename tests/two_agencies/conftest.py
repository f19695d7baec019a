"""Someone of one agency, and all else that rooms hide. Another agency must not be able to tell that any of it exists."""

from __future__ import annotations

import pytest

from tests import hidden as rooms
from tests.hidden import Hidden
from tests.region import World


@pytest.fixture(scope="module")
def hidden(world: World) -> Hidden:
    """Return what Harbor House has: a person with everything that an id could name, a closed body, and the rest."""
    return rooms.make(world)
