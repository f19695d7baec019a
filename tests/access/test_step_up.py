"""A second factor older than five minutes is required again before anything that can't be undone (line 98).

The form keeps what was typed; nothing happens until the code is correct.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accord.demo import totals
from accord.numbers import services as numbers
from tests.region import World
from tests.steps import totals as steps
from tests.steps.hub import NEW
from tests.steps.membership import code_of
from tests.steps.pages import alert_words
from tests.steps.records import open_record

pytestmark = pytest.mark.line(98)


def asks_first(client: Client, world: World, user: str, address: str, data: dict[str, object], kept: str) -> Any:
    """Check that without a code and with a wrong one nothing happens and what was typed is kept; then it is done."""
    world.move(minutes=6)
    assert b"step_up_code" in client.get(address).content
    for typed in ("", "000000"):
        page = client.post(address, {**data, "step_up_code": typed})
        assert page.status_code == 422 and kept in alert_words(page)
        assert "Enter the 6-digit code" in alert_words(page)
    return client.post(address, {**data, "step_up_code": code_of(world, user)})


def test_before_a_colleague_is_given_access(fresh_world: World) -> None:
    world = fresh_world
    known, aisha = open_record(world), str(world.memberships["aisha"])
    address, adele = f"/people/{known.ref}/team/", world.client("adele")
    data = {"membership": aisha, "reason": "Covers Alma's nights"}
    assert asks_first(adele, world, "adele", address, data, "Covers Alma&#x27;s nights").status_code == 302
    assert world.client("aisha").get(f"/people/{known.ref}/").status_code == 200
    # Actions that only take something away need no code.
    world.move(minutes=6)
    (assignment, _row) = adele.get(address).context["let_in"][0]
    assert adele.post(f"{address}{assignment}/end/").status_code == 302
    assert world.client("aisha").get(f"/people/{known.ref}/").status_code == 403


def test_before_an_agency_is_invited(fresh_world: World) -> None:
    world = fresh_world
    hal = world.client("hal")
    made = asks_first(hal, world, "hal", "/hub/invite/", NEW, "Northside Shelter")
    assert made.status_code == 200 and "One-time code" in alert_words(made)
    place = next(row[3].url for row in hal.get("/hub/").context["table"].rows if row[0] == "Northside Shelter")
    again = asks_first(hal, world, "hal", place, {"officer": "Rosa Lima"}, "Rosa Lima")
    assert again.status_code == 200 and "One-time code" in alert_words(again)


def test_before_totals_are_published(fresh_world: World) -> None:
    world = fresh_world
    period = steps.last_half_year(world)
    for user in ("adele", "emil", "finn"):
        totals.submit(world, user, period)
    with world.as_("ines") as ines:
        numbers.sum_up(actor=ines, period=period)
    ivan, address = world.client("ivan"), f"/numbers/{period.code}/review/"
    data = {"sum_id": ivan.get(address).context["form"].initial["sum_id"], "decision": "publish"}
    assert asks_first(ivan, world, "ivan", address, data, "checked").status_code == 302
    assert world.client().get(f"/statistics/{period.code}/").status_code == 200
