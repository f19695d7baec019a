"""Riverbend's totals. Invented people served by six agencies in the last half-year are counted, and the totals are
submitted, combined, and published.

As can happen in practice, no one at the seventh agency may open everything that is counted, so its totals are missing.
The current half-year is not counted yet.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from accord.access.actors import Actor
from accord.casework import services as casework
from accord.casework.codes import Exploitation, Service
from accord.demo.calendar import Calendar
from accord.demo.riverbend import Region as Riverbend
from accord.numbers import services
from accord.numbers.rules import Period
from accord.people import services as people
from accord.people.codes import Birth, PersonName
from accord.sharing.queries import PersonRef


class Region(Protocol):
    """Anything that can act as a persona: the demo's region, or a test's world."""

    def as_(self, user: str) -> AbstractContextManager[Actor]: ...


@dataclass(frozen=True)
class Served:
    """How many people an agency served, and who counts them. Ages, types, and first days repeat in a cycle."""

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


def build(region: Riverbend, calendar: Calendar, progress: Callable[[str], None] = lambda line: None) -> None:
    """Build two half-years month by month, then submit and publish the second one."""
    period = calendar.period
    helped = everyone()
    opened: dict[tuple[str, int], PersonRef] = {}
    for month in _months(period):
        progress(f"{month:%B %Y}")
        calendar.go(region, month, 15, 40)
        for place in AGENCIES:
            with region.as_(place.user) as actor:
                _live_month(actor, period, month, [one for one in helped if one[0] is place], opened)
    calendar.go(region, period.last + timedelta(days=19), 11, 5)
    for place in AGENCIES:
        submit(region, place.user, period)
    calendar.go(region, period.last + timedelta(days=40), 14, 30)
    publish(region, period)


def everyone() -> list[tuple[Served, int, str]]:
    """Return everyone the six agencies served, as agency, number, and name."""
    names = (f"{given} {family}" for family, given in itertools.product(_FAMILY, _GIVEN))
    return [(place, number, next(names)) for place in AGENCIES for number in range(place.people)]


def _months(period: Period) -> Iterator[date]:
    """Yield the last day of each of the twelve months in this half-year and the one before."""
    for half in (period.before(), period):
        for month in range(half.first.month, half.first.month + 6):
            yield date(half.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _live_month(
    actor: Actor,
    period: Period,
    last: date,
    helped: list[tuple[Served, int, str]],
    opened: dict[tuple[str, int], PersonRef],
) -> None:
    """Open records for people who first came this month, and add this month's services for people who came before."""
    new = []
    for place, number, name in helped:
        days = [day for day in days_of(period, number) if day.replace(day=1) == last.replace(day=1)]
        if days and (place.user, number) not in opened:
            new.append((place, number, [*identity(place, period, number, name), *services_of(number, days)]))
            continue
        for service in services_of(number, days):
            casework.add_service(actor=actor, ref=opened[place.user, number].ref, service=service)
    known = people.open_records(actor=actor, people=[said for _place, _number, said in new]) if new else []
    for (place, number, _said), one in zip(new, known, strict=True):
        opened[place.user, number] = one


def identity(place: Served, period: Period, number: int, name: str) -> list[Any]:
    """Return a person's name, and their birth date and type of exploitation if known."""
    age, kind = place.ages[number % len(place.ages)], place.types[number % len(place.types)]
    known: list[Any] = [PersonName(used=name)]
    if age:
        known.append(Birth(date=date(period.last.year - age, 1, 1 + number % 28).isoformat()))
    if kind != "unknown":
        known.append(Exploitation(kind))
    return known


def services_of(number: int, days: Iterable[date]) -> list[Service]:
    """Return the services that someone received on these days."""
    return [Service(_HELP[number % len(_HELP)], day.isoformat()) for day in days]


def days_of(period: Period, number: int) -> list[date]:
    """Return a person's service days, all well within their half-year. Every third person also has a day in the
    half-year before."""
    day = period.first + timedelta(days=5 + 7 * number % 160)
    return [period.before().first + timedelta(days=number), day] if number % 3 == 0 else [day]


def submit(region: Region, user: str, period: Period) -> None:
    """Count and submit totals as an officer who has compared the fingerprint words of the statistics unit's keys."""
    with region.as_(user) as officer:
        found = services.count(actor=officer, period=period)
        services.submit(actor=officer, period=period, stamp=found.stamp, compared=True)


def publish(region: Region, period: Period) -> None:
    """Combine the totals as the analyst, then review and publish them as the second reviewer."""
    with region.as_("ines") as analyst:
        made = services.sum_up(actor=analyst, period=period, limit_seconds=2.0)
    with region.as_("ivan") as reviewer:
        services.publish(actor=reviewer, sum_id=made)
