"""Riverbend's totals: invented people served by six agencies in the last half-year, counted, submitted, summed,
published.

The seventh agency has no one who may open everything that is counted, as happens in practice, so it stays missing. The
current half-year is not counted yet.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from accord.access.actors import Actor
from accord.casework.codes import Exploitation, Service
from accord.core import clock
from accord.numbers import queries, services
from accord.numbers.rules import Period
from accord.people import services as people
from accord.people.codes import Birth, PersonName


class Region(Protocol):
    """Anything that can act as a persona: the demo's region, or a test's world."""

    def as_(self, user: str) -> AbstractContextManager[Actor]: ...


@dataclass(frozen=True)
class Served:
    """How many people an agency served, and who counts them. Ages, types and first days repeat in turn."""

    user: str
    people: int
    ages: tuple[int, ...]
    types: tuple[str, ...]


AGENCIES = (
    Served("adele", 32, (19, 23, 31, 42, 27, 22, 36, 0), ("sex", "labour", "sex", "labour", "unknown", "sex")),
    Served("emil", 26, (34, 22, 45, 29, 64), ("labour", "labour", "sex", "labour", "both")),
    Served("finn", 24, (20, 24, 38, 61, 33, 17), ("sex", "unknown", "labour", "sex")),
    Served("june", 18, (26, 21, 37, 19), ("sex", "labour", "unknown", "sex", "other")),
    Served("bea", 18, (18, 29, 41, 16, 20), ("labour", "sex", "labour", "both", "sex", "unknown")),
    Served("deb", 14, (15, 17, 14, 18), ("sex", "labour", "sex")),
)
_GIVEN = (
    "Amara",
    "Beata",
    "Chloe",
    "Dunya",
    "Esper",
    "Fidel",
    "Gita",
    "Hanna",
    "Ilse",
    "Jomo",
    "Kaya",
    "Lucia",
    "Mirel",
    "Nadir",
    "Oona",
    "Petra",
    "Rosalind",
    "Sunniva",
)
_FAMILY = ("Ashgrove", "Birchwell", "Cloverly", "Dunmarsh", "Elmfield", "Fernhollow", "Greystream", "Hazelwick")
_HELP = ("safety", "housing", "legal_civil", "mental_health", "transport")


def build(region: Region, progress: Callable[[str], None] = lambda line: None) -> None:
    """Build everything up to one published half-year."""
    period = last_half_year(region)
    help_people(region, period, progress)
    for place in AGENCIES:
        submit(region, place.user, period)
    publish(region, period)


def last_half_year(region: Region) -> Period:
    """Return the newest half-year that is over."""
    with region.as_("ines") as analyst:
        return queries.current_periods(today=clock.today(analyst.zone))[1]


def help_people(region: Region, period: Period, progress: Callable[[str], None] = lambda line: None) -> None:
    """Open records for everyone served by the six agencies."""
    names = (f"{given} {family}" for family, given in itertools.product(_FAMILY, _GIVEN))
    for place in AGENCIES:
        progress(f"Totals for {place.people} people")
        with region.as_(place.user) as officer:
            _help(officer, place, period, names)


def _help(actor: Actor, place: Served, period: Period, names: Iterator[str]) -> None:
    people.open_records(
        actor=actor, people=[_person(place, period, number, next(names)) for number in range(place.people)]
    )


def _person(place: Served, period: Period, number: int, name: str) -> list[Any]:
    age, kind = place.ages[number % len(place.ages)], place.types[number % len(place.types)]
    known: list[Any] = [PersonName(used=name)]
    if age:
        known.append(Birth(date=date(period.last.year - age, 1, 1 + number % 28).isoformat()))
    if kind != "unknown":
        known.append(Exploitation(kind))
    return known + [Service(_HELP[number % len(_HELP)], day.isoformat()) for day in _days(period, number)]


def _days(period: Period, number: int) -> list[date]:
    """Return days of service, all well inside their half-year. Every third person also had a day in the half-year
    before."""
    day = period.first + timedelta(days=5 + 7 * number % 160)
    return [period.before().first + timedelta(days=number), day] if number % 3 == 0 else [day]


def submit(region: Region, user: str, period: Period) -> None:
    """Count and submit as an officer who has compared the unit's words."""
    with region.as_(user) as officer:
        found = services.count(actor=officer, period=period)
        services.submit(actor=officer, period=period, stamp=found.stamp, compared=True)


def publish(region: Region, period: Period) -> None:
    """Sum as the analyst, then review and publish as the second reviewer."""
    with region.as_("ines") as analyst:
        made = services.sum_up(actor=analyst, period=period, limit_seconds=2.0)
    with region.as_("ivan") as reviewer:
        services.publish(actor=reviewer, sum_id=made)
