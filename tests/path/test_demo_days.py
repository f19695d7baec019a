"""The demo lives through its own past: its clock goes back, on in order, and is set right."""

from __future__ import annotations

import itertools
from datetime import date

from accord.config import verify
from accord.core import clock
from accord.demo import people, totals
from accord.demo.calendar import SIGN_IN_EVERY, Calendar
from accord.demo.riverbend import ZONE
from accord.numbers.rules import Period
from tests.region import CLOCK_FOUND, World


def test_the_demos_clock_goes_back_and_is_set_right(fresh_world: World) -> None:
    world = fresh_world
    calendar = Calendar(world.owner)
    real = calendar.today
    calendar.start(date(2025, 7, 31), 15, 40)
    with world.owner() as owner:
        (at,) = owner.execute("select accord.now() at time zone %s", [ZONE]).fetchone()
        assert (at.date(), at.hour, at.minute) == (date(2025, 7, 31), 15, 40)
        assert clock.now().astimezone().date() != real
    calendar.set_right()
    with world.owner() as owner:
        found = verify.floor_differences(owner)
    assert found == [name for name in CLOCK_FOUND if name != "function accord.now()"]


def test_months_are_lived_in_order_and_every_service_on_a_day_that_has_been() -> None:
    period = Period(2026, 1)
    months = list(totals._months(period))
    assert (
        months[0] == date(2025, 7, 31) and months[-1] == period.last and months == sorted(months) and len(months) == 12
    )
    assert max(b - a for a, b in itertools.pairwise(months)) <= SIGN_IN_EVERY  # no account closes meanwhile
    days = {day for number in range(40) for day in totals.days_of(period, number)}
    assert {day.replace(day=1) for day in days} <= {month.replace(day=1) for month in months}
    assert all(days > 0 for one in people.PEOPLE for _category, days in one.services)
