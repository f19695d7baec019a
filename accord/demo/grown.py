"""A larger Riverbend, with many generated people in the agencies that keep records, for tests and measurements.

Everything is derived from a person's number, with no randomness, so that two runs measure the same thing. One person in
twenty is a client of Harbor House, which has 5,000 clients in a hub of 100,000 people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from accord.casework.codes import Exploitation, Need, Service
from accord.core import clock
from accord.demo.totals import AGENCIES, Region
from accord.people import services as people
from accord.people.codes import Birth, PersonName, SafeContact

HARBOR = "adele"
SLICE = 1_000  # people per transaction
_ONSETS = ("b", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "dr", "gr", "sh")
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ia")
_ENDS = ("n", "ra", "l", "sha", "mi", "s", "do", "ta", "ve", "k", "lo", "ne")
_STEP = 7_919  # a prime, so that neighboring numbers don't give neighboring names
_TYPES = ("sex", "labour", "sex", "both", "unknown", "labour")
_HELP = ("safety", "housing", "legal_civil", "mental_health", "transport")
_NEEDS = (("housing", "week"), ("work", "later"), ("medical", "now"), ("legal_civil", "month"))


def spread(total: int) -> dict[str, range]:
    """Return each agency's range of person numbers, keyed by the persona who opens the agency's records."""
    users = [place.user for place in AGENCIES]
    harbor = max(1, total // 20)
    others = [user for user in users if user != HARBOR]
    each, rest = divmod(total - harbor, len(others))
    return {HARBOR: range(harbor)} | {user: range(each + (place < rest)) for place, user in enumerate(others)}


def build(region: Region, shares: Mapping[str, range], tick: Callable[[int], None] = lambda done: None) -> None:
    """Open records for the people with these numbers in each persona's agency, in slices. `tick` is called with the
    size of each slice."""
    for user, chosen in shares.items():
        for start in range(0, len(chosen), SLICE):
            numbered = chosen[start : start + SLICE]
            with region.as_(user) as actor:
                today = clock.today(actor.zone)
                said = [_person(number, today) for number in numbered]
                people.open_records(actor=actor, people=said, expected=chosen.stop)
            tick(len(numbered))


def name(number: int) -> str:
    """Return an invented first and last name."""
    mixed = number * _STEP
    parts = []
    for syllables in (1, 2):
        word = ""
        for _ in range(syllables):
            mixed, onset = divmod(mixed, len(_ONSETS))
            mixed, vowel = divmod(mixed, len(_VOWELS))
            word += _ONSETS[onset] + _VOWELS[vowel]
        mixed, end = divmod(mixed + number, len(_ENDS))
        parts.append((word + _ENDS[end]).title())
    return " ".join(parts)


def _person(number: int, today: date) -> list[Any]:
    return [
        PersonName(used=name(number)),
        Birth(date=f"{today.year - 16 - number % 45}-{1 + number % 12:02d}-{1 + number % 28:02d}"),
        SafeContact("text", f"555-{number % 10_000:04d}", "mornings"),
        Exploitation(_TYPES[number % len(_TYPES)]),
        Need(*_NEEDS[number % len(_NEEDS)], ""),
        Service(_HELP[number % len(_HELP)], (today - timedelta(days=number * 13 % 180)).isoformat()),
    ]
