"""The hub's operator: opens a place for an agency, reads the hub's own log, and sees no information about anyone."""

from __future__ import annotations

import pytest

from tests.agencies.steps import alert_words, arrive, join_page
from tests.path.test_services import open_record
from tests.region import World

NEW = {
    "name": "Northside Shelter",
    "kind": "community",
    "traits": ["grant_vawa"],
    "jurisdictions": ["us", "us-calder"],
    "zone": "America/Chicago",
    "officer": "Rosa",
    "roles": ["supervisor"],
}


def test_only_the_operator(world: World) -> None:
    for address in ("/hub/", "/hub/invite/", "/hub/log/"):
        assert world.client("hal").get(address).status_code == 200, address
        for user in ("grace", "adele", "kim"):
            assert world.client(user).get(address).status_code == 403, (user, address)


@pytest.mark.line(76)
def test_the_operator_sees_no_content_and_counts_no_one(world: World) -> None:
    open_record(world)
    hal = world.client("hal")
    for address in ("/", "/hub/", "/hub/log/", "/agency/", "/agency/log/", "/agreements/"):
        assert "Samira" not in alert_words(hal.get(address)) and "Alma" not in alert_words(hal.get(address))
    assert [column.label for column in hal.get("/hub/").context["table"].columns] == [
        "Agency",
        "Type",
        "Since",
        "Status",
    ]


def test_the_first_hour_of_an_agency(fresh_world: World) -> None:
    world = fresh_world
    hal, rosa = world.client("hal"), world.client()
    made = hal.post("/hub/invite/", NEW)
    assert made.status_code == 200 and "Rosa" in alert_words(made)
    place = hal.get("/hub/")
    assert "Northside Shelter" in alert_words(place) and ">Invited</a>" in alert_words(place)
    again_url = next(row[3].url for row in place.context["table"].rows if row[0] == "Northside Shelter")
    again = hal.post(again_url, {"officer": "Rosa Lima", "roles": ["supervisor"]})
    assert again.status_code == 200
    assert world.client().post("/join/", {"code": made.context["code"]}).status_code == 422  # the first one ended
    assert join_page(rosa, again.context["code"], "rosa").status_code == 302
    arrive(rosa)
    assert ">Invited</a>" not in alert_words(hal.get("/hub/"))
    assert hal.post(again_url, {"officer": "Mallory", "roles": []}).status_code == 403
    page = rosa.get("/")
    states = [step.state for step in page.context["first_day"]]
    assert states == ["current", "done", "next", "next"]
    assert "Your first day" in alert_words(page)
    alone = rosa.post("/people/new/", {"used": "Somebody New"})
    assert alone.status_code == 403 and "second privacy officer" in alert_words(alone)
    second = rosa.post("/agency/invite/", {"name": "Olga", "roles": ["officer"]})
    olga = world.client()
    join_page(olga, second.context["code"], "olga")
    arrive(olga)
    assert rosa.post("/people/new/", {"used": "Somebody New"}).status_code == 302
    assert rosa.get("/").context["first_day"] == []
    assert "invited Northside Shelter to the hub" in alert_words(hal.get("/hub/log/"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"kind": "hub"}, "kind"),
        ({"roles": ["investigator"]}, "roles"),
        ({"officer": ""}, "officer"),
    ],
)
def test_a_wrong_form_comes_back_whole(world: World, change: dict, field: str) -> None:
    page = world.client("hal").post("/hub/invite/", {**NEW, **change})
    assert page.status_code == 422 and field in page.context["form"].errors
    assert "grant_vawa" in page.context["form"]["traits"].value()
