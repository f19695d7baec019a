"""Riverbend with the demo's half-years of work in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from accord.demo import totals
from accord.demo.calendar import Calendar
from tests.region import World
from tests.steps.totals import joined_long_ago


class _Now(Calendar):
    """The demo's calendar for a world whose accounts are new: the past is written down today."""

    def go(self, region: Any, day: date, hour: int, minute: int = 0) -> None:
        """Stay: before an account existed no one can sign in to it."""


def live(world: World) -> None:
    """Record what the demo's people were given in two half-years, and publish the second one."""
    joined_long_ago(world)
    totals.build(world, _Now(world.owner, real=world.now()))
