"""The hub's operator: opens a place for an agency, reads the hub's own log, and sees no information about anyone."""

from __future__ import annotations

import pytest

from tests.region import World
from tests.steps.hub import NEW
from tests.steps.membership import arrive, join_page
from tests.steps.pages import alert_words
from tests.steps.records import open_record


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
    assert page.context["first_day"][-1].url == ""  # a record would be refused: the step is no link
    assert rosa.get("/people/new/").status_code == 403
    assert "Your first day" in alert_words(page)
    alone = rosa.post("/people/new/", {"used": "Somebody New"})
    assert alone.status_code == 403 and "second privacy officer" in alert_words(alone)
    second = rosa.post("/agency/invite/", {"name": "Olga", "roles": ["officer"]})
    olga = world.client()
    join_page(olga, second.context["code"], "olga")
    arrive(olga)
    assert rosa.post("/people/new/", {"used": "Somebody New"}).status_code == 302
    left = [step.label for step in rosa.get("/").context["first_day"] if step.state != "done"]
    assert "An agreement with a partner agency, signed by both agencies" in left and "Your first record" not in left
    assert "A privacy officer does this" in alert_words(rosa.get("/"))
    assert "invited Northside Shelter to the hub" in alert_words(hal.get("/hub/log/"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"type": "hub"}, "type"),
        ({"zone": ""}, "zone"),
        ({"roles": ["investigator"]}, "roles"),
        ({"officer": ""}, "officer"),
    ],
)
def test_a_wrong_form_comes_back_whole(world: World, change: dict, field: str) -> None:
    page = world.client("hal").post("/hub/invite/", {**NEW, **change})
    assert page.status_code == 422 and field in page.context["form"].errors
    assert "grant_vawa" in page.context["form"]["traits"].value()


def test_everything_that_is_wrong_is_said_in_one_round(fresh_world: World) -> None:
    world = fresh_world
    hal = world.client("hal")
    world.move(minutes=6)
    page = hal.post("/hub/invite/", {})
    assert {"name", "type", "jurisdictions", "zone", "officer", "step_up_code"} <= set(page.context["form"].errors)


def test_the_type_brings_the_legal_facts_and_the_zone_is_asked(world: World) -> None:
    hal = world.client("hal")
    shown = alert_words(hal.get("/hub/invite/"))
    assert '<option value="" selected>Choose a time zone' in shown and "Central Time (Chicago)" in shown
    fields = {"name": "Westside Clinic", "type": "health", "jurisdictions": ["us"], "officer": "Sol"}
    assert hal.post("/hub/invite/", {**fields, "zone": "America/Denver"}).status_code == 200
    with world.owner() as owner:
        found = owner.execute(
            "select kind, traits, zone from agencies_agency where name = 'Westside Clinic'"
        ).fetchone()
    assert found == ("community", ["health_provider"], "America/Denver")


def test_an_officer_corrects_the_time_zone_and_dates_follow(fresh_world: World) -> None:
    world = fresh_world
    adele = world.client("adele")
    assert world.client("alma").get("/agency/time-zone/").status_code == 403
    assert adele.post("/agency/time-zone/", {"zone": "Mars/Olympus"}).status_code == 422
    assert adele.post("/agency/time-zone/", {"zone": "Pacific/Honolulu"}).status_code == 302
    with world.as_("alma") as alma:
        assert alma.zone == "Pacific/Honolulu"
    with world.as_("elena") as elena:
        assert elena.zone == "America/Chicago"
