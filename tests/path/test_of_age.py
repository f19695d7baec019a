"""Acceptance line 35: what a parent signed with a minor ends when they are an adult, no matter how their age is known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accord.access.codes import KINDS
from accord.core import clock
from accord.core.spans import years_on
from accord.people import queries as people_queries
from accord.people import services as people
from accord.people.codes import Birth, PersonName
from accord.releases import queries
from accord.sharing.queries import PersonRef
from tests.region import World
from tests.steps.records import handle
from tests.steps.releases import MOTHER, SELF, later, learn, now, sees, sign, tasks


def minor(world: World, **birth: Any) -> PersonRef:
    with world.as_("alma") as alma:
        return people.open_record(actor=alma, name=PersonName("Wren"), birth=Birth(**birth))


def known_by(world: World, how: str, days_left: int) -> PersonRef:
    """Return someone who is certainly an adult in so many days: by a date of birth, or by years that were given."""
    with world.as_("alma") as alma:
        adult = clock.today(alma.zone) + timedelta(days=days_left)
    if how == "date":
        return minor(world, date=years_on(adult, -18).isoformat())
    return minor(world, years="17", said_on=years_on(adult, -1).isoformat())


def birth_of(world: World, known: PersonRef) -> Any:
    with world.as_("alma") as alma:
        return people_queries.page(actor=alma, ref=known.ref, kinds=KINDS).birth


@pytest.mark.line(35)
@pytest.mark.parametrize("how", ["date", "years"])
def test_from_the_day_majority_is_certain_a_parents_signature_is_not_enough(fresh_world: World, how: str) -> None:
    world = fresh_world
    known = known_by(world, how, 10)
    series = sign(world, known, SELF, MOTHER, age=17, birth=birth_of(world, known), days=60)
    ref, alma = handle(world, "elena"), world.client("alma")
    page, at_api = f"/people/{known.ref}/forms/{series}/", f"/api/v1/people/{known.ref}/releases/{series}"
    assert alma.get(at_api).json()["state"] == "active"
    later(world, days=9)
    assert sees(world, ref)
    later(world, days=1)
    assert not sees(world, ref)
    alma = world.client("alma")
    assert alma.get(at_api).json()["state"] == "adult_signature_needed"
    assert "Needs the client&#x27;s own signature as an adult" in alma.get(f"/people/{known.ref}/").content.decode()
    assert "This person is an adult now" in alma.get(page).content.decode()
    assert tasks(world) == ["release_ends"]
    today = alma.get("/").content.decode()
    assert f'href="{page}"' in today


@pytest.mark.line(35)
def test_a_birthday_that_is_learned_moves_the_task(fresh_world: World) -> None:
    world = fresh_world
    known = known_by(world, "years", 300)
    series = sign(world, known, SELF, MOTHER, age=17, birth=birth_of(world, known), days=60)
    ref = handle(world, "elena")
    assert tasks(world) == []
    with world.as_("alma") as alma:
        adult = clock.today(alma.zone) + timedelta(days=5)
    learn(world, known, Birth(date=years_on(adult, -18).isoformat()))
    assert tasks(world) == ["release_ends"]
    later(world, days=5)
    assert not sees(world, ref)
    with world.as_("alma") as alma:
        page = people_queries.page(actor=alma, ref=known.ref, kinds=KINDS)
        items = [item for item in page.items["releases"] if item.series == series]
        assert queries.states_of(actor=alma, page=page, items=items) == {series: "adult_signature_needed"}
    assert now(world, known, series)[0].status == "active"


@pytest.mark.line(35)
def test_where_it_could_be_either_staff_are_asked(world: World) -> None:
    today = world.today()
    year = (years_on(today, 1) - today).days  # 366 where a February 29 is ahead
    for days_left, age in ((0, 18), (100, None), (year, 17)):
        known = known_by(world, "years", days_left)
        with world.as_("alma") as alma:
            page = people_queries.page(actor=alma, ref=known.ref, kinds=KINDS)
            assert queries.age_to_sign(actor=alma, page=page) == age, days_left


def test_an_adult_release_and_one_that_is_over_need_no_one_else(fresh_world: World) -> None:
    world = fresh_world
    known = known_by(world, "date", 10)
    over = sign(world, known, SELF, MOTHER, age=17, birth=birth_of(world, known), days=3)
    later(world, days=12)
    own = sign(world, known, SELF, age=18, birth=birth_of(world, known), days=30)
    with world.as_("alma") as alma:
        page = people_queries.page(actor=alma, ref=known.ref, kinds=KINDS)
        states = queries.states_of(
            actor=alma, page=page, items=[item for item in page.items["releases"] if item.type == "release"]
        )
    assert states == {over: "expired", own: "active"}
