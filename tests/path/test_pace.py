"""Unusual reading is slowed down and reported (acceptance line 80)."""

from __future__ import annotations

import pytest
from django.test import override_settings

from tests.region import World
from tests.steps.records import open_record


@pytest.mark.line(80)
def test_too_many_people_in_an_hour(fresh_world: World) -> None:
    world = fresh_world
    refs = [open_record(world, name=f"Person {number}").ref for number in range(4)]
    alma, adele = world.client("alma"), world.client("adele")
    with override_settings(ACCORD_PEOPLE_PER_HOUR=3):
        assert [alma.get(f"/people/{ref}/").status_code for ref in refs] == [200, 200, 200, 429]
        assert alma.get(f"/people/{refs[0]}/").status_code == 200
        assert b"unusually large number" in adele.get("/notices/").content
        assert b"Person" not in adele.get("/notices/").content
        world.move(hours=1, minutes=1)
        world.sessions.clear()
        assert world.client("alma").get(f"/people/{refs[3]}/").status_code == 200
