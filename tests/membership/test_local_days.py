"""Promises and reviews by the agency's own day: on both sides of midnight, west and east of Greenwich."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from accord.agreements import services as signing
from accord.membership import services as membership
from tests.region import World, local
from tests.steps.api import Caller, connect
from tests.steps.membership import invite, join_page, later
from tests.steps.records import open_record

CHICAGO, MANILA = "America/Chicago", "Asia/Manila"
# The last minutes of one day and the first of the next, and the evening and morning when UTC has another day.
MOMENTS = (
    (CHICAGO, "2027-01-15T12:00"),
    (CHICAGO, "2027-01-15T20:00"),
    (CHICAGO, "2027-01-15T23:50"),
    (CHICAGO, "2027-01-16T00:05"),
    (MANILA, "2027-01-15T07:30"),
    (MANILA, "2027-01-15T23:50"),
)


def set_zone(world: World, zone: str) -> None:
    with world.owner() as owner:
        owner.execute("update agencies_agency set zone = %s", [zone])


def trained_until(world: World, name: str) -> date:
    with world.owner() as owner:
        found: date = owner.execute(
            "select trained_until from membership_membership where name = %s", [name]
        ).fetchone()[0]
    return found


def at(world: World, moment: str, zone: str = CHICAGO) -> None:
    """Move to this moment; every account was used in the meantime."""
    later(world)
    world.move_to(local(moment, zone))
    later(world)


@pytest.mark.parametrize(("zone", "moment"), MOMENTS)
def test_the_first_promise_lasts_a_year_of_the_agencys_own_days(world: World, zone: str, moment: str) -> None:
    at(world, moment, zone)
    set_zone(world, zone)
    name = f"newcomer at {moment}"
    assert (
        join_page(world.client(), invite(world, "adele", name), f"u{moment[8:13]}{zone[:2]}".lower()).status_code == 302
    )
    day = date.fromisoformat(moment[:10])
    assert trained_until(world, name) == day.replace(year=day.year + 1)


@pytest.mark.parametrize(("zone", "moment"), MOMENTS)
def test_a_renewed_promise_counts_from_the_agencys_own_day(world: World, zone: str, moment: str) -> None:
    at(world, moment, zone)
    set_zone(world, zone)
    with world.as_("cora") as cora:
        membership.renew_access(actor=cora)
        name = cora.name
    assert (trained_until(world, name) - date.fromisoformat(moment[:10])).days == 365


@pytest.mark.line(91)
@pytest.mark.parametrize("zone", [CHICAGO, MANILA])
def test_a_promise_holds_to_the_last_minute_of_its_last_day(fresh_world: World, zone: str) -> None:
    world = fresh_world
    known = open_record(world)
    set_zone(world, zone)
    with world.owner() as owner:
        owner.execute("update membership_membership set trained_until = '2027-06-10'")
    for moment, status in (("2027-06-10T23:50", 200), ("2027-06-11T00:05", 302)):
        at(world, moment, zone)
        assert world.client("alma").get(f"/people/{known.ref}/").status_code == status, moment


@pytest.mark.parametrize(
    ("due", "next_due"),
    [
        ("2026-03-10T00:00", "2027-03-10T00:00"),  # daylight saving time began on the 8th, a year later on the 14th
        ("2027-11-06T00:00", "2028-11-06T00:00"),  # it ends on the 7th, a year later on the 5th
        ("2026-06-01T00:00", "2027-06-01T00:00"),
    ],
)
def test_the_next_review_is_due_on_the_same_day_a_year_later(fresh_world: World, due: str, next_due: str) -> None:
    world = fresh_world
    ids = [world.agencies["harbor"], world.agencies["legal"]]
    at(world, due)
    with world.owner() as owner:
        between = "select agreement from agreements_permit where giver = any(%s) and taker = any(%s) limit 1"
        agreement = owner.execute(between, [ids, ids]).fetchone()[0]
        owner.execute("update agreements_agreement set review_due_at = %s where id = %s", [local(due), agreement])
    world.move(days=-3)
    for user in ("adele", "emil"):
        with world.as_(user) as officer:
            signing.review_agreement(actor=officer, agreement=agreement)
    with world.owner() as owner:
        said = owner.execute("select review_due_at from agreements_agreement where id = %s", [agreement]).fetchone()[0]
    assert said.astimezone(ZoneInfo(CHICAGO)) == local(next_due)


@pytest.mark.parametrize(("zone", "moment"), MOMENTS)
def test_an_entry_leaves_the_api_with_the_day_it_had_where_it_was_written(world: World, zone: str, moment: str) -> None:
    at(world, moment, zone)
    set_zone(world, zone)
    alma = Caller(client=world.client("alma"))
    ref = alma.post("/people", {"name": {"used": "Ines Quill"}}).json()["ref"]
    assert {entry["written_on"] for entry in alma.get(f"/people/{ref}").json()["entries"]} == {moment[:10]}


@pytest.mark.parametrize("moment", ["2027-11-06T00:20", "2027-11-07T01:10", "2028-02-29T12:00", "2027-03-13T23:50"])
def test_a_system_may_be_connected_for_a_whole_year_on_any_day(fresh_world: World, moment: str) -> None:
    at(fresh_world, moment)
    token = connect(
        fresh_world, days=365, roles=("machine_writer", "machine_reader"), reads=("needs",), purpose="shelter"
    )
    fresh_world.move(days=365)
    assert Caller(token).get("/people").status_code == 200
    fresh_world.move(days=1)
    assert Caller(token).get("/people").status_code == 401
