"""A second table of one half-year, for agencies that submitted late: no one can work them out by subtraction."""

from __future__ import annotations

import csv
import io
import uuid
from collections import Counter
from collections.abc import Callable

import pytest

from accord.core import clock
from accord.core.errors import Conflict, Refused
from accord.demo import totals
from accord.numbers import queries, services, sums
from accord.numbers.codes import BREAKDOWNS
from accord.numbers.rules import Keys, Period
from accord.numbers.workflows import SumState
from tests.region import World
from tests.statistics.differences import narrowed, told
from tests.steps.totals import forget, joined_long_ago

EARLY, LATE = ("emil", "finn", "june"), ("adele", "bea", "deb")
BY = [tuple(categories) for categories in BREAKDOWNS.values()]
Counted = Callable[[str, dict[str, int]], None]


@pytest.fixture(scope="module")
def region(world: World) -> World:
    joined_long_ago(world)
    return world


@pytest.fixture
def half(region: World) -> Period:
    """Return a half-year without submissions."""
    with region.as_("ines") as ines:
        period = queries.current_periods(today=clock.today(ines.zone))[1]
    forget(region, period)
    return period


@pytest.fixture
def helped(region: World, half: Period, monkeypatch: pytest.MonkeyPatch) -> dict[str, Counter[Keys]]:
    """Return what each officer's agency counts: fill it in, then let them submit."""
    counts: dict[str, Counter[Keys]] = {}

    def count_slice(*, actor, **_):
        own = counts[next(user for user in counts if region.session(user).agency == actor.agency)]
        return queries.Slice(own, sum(own.values()), 0, "")

    monkeypatch.setattr(queries, "count_slice", count_slice)
    return counts


def of_types(**types: int) -> Counter[Keys]:
    """Return adults served for the first time, by type of trafficking."""
    return Counter({("25_59", kind, "new"): n for kind, n in types.items() if n})


def sum_up(world: World, period: Period) -> uuid.UUID:
    with world.as_("ines") as ines:
        return services.sum_up(actor=ines, period=period, limit_seconds=1.0)


def publish(world: World, period: Period, *users: str) -> dict[Keys, int | None]:
    """Submit as these officers, publish as analyst and reviewer. Returns what everyone then reads in the file."""
    for user in users:
        totals.submit(world, user, period)
    made = sum_up(world, period)
    with world.as_("ivan") as ivan:
        services.publish(actor=ivan, sum_id=made)
    text = world.client().get(f"/statistics/{period.code}/people-served.csv").content.decode()
    return {
        tuple("*" if row[name] == "all" else row[name] for name in BREAKDOWNS): (
            None if row["people"] == "suppressed" else int(row["people"])
        )
        for row in csv.DictReader(io.StringIO(text))
    }


@pytest.mark.line(72)
def test_two_published_tables_do_not_give_away_one_person(region: World, half: Period, helped: dict) -> None:
    """222 more people, 111 sex and 110 labor: that would leave exactly one person of another kind."""
    helped |= {user: of_types(sex=34, labour=36, both=3, other=3, unknown=2) for user in EARLY}
    helped |= {user: of_types(sex=37, labour=37) for user in LATE}
    helped["deb"] = of_types(sex=37, labour=36, both=1)
    first, second = publish(region, half, *EARLY), publish(region, half, *LATE)
    everyone = ("*", "*", "*")
    assert (first[everyone], second[everyone]) == (234, 456)
    assert first["*", "sex", "*"] == 102 and first["*", "labour", "*"] == 108
    out = [(frozenset(EARLY), first), (frozenset((*EARLY, *LATE)), second)]
    assert told(out, helped, BY) == []
    assert narrowed(out, helped, BY) == []


@pytest.mark.line(72)
def test_agencies_of_one_kind_of_help_are_not_revealed_by_a_second_table(
    region: World, half: Period, helped: dict
) -> None:
    """One of the later agencies has served nearly all of those that came with them for labor."""
    helped |= {user: of_types(sex=30, labour=30, both=12, unknown=12) for user in EARLY}
    helped |= {user: of_types(sex=30, labour=2, unknown=13) for user in LATE}
    helped["bea"] = of_types(sex=30, labour=60, unknown=13)
    first, second = publish(region, half, *EARLY), publish(region, half, *LATE)
    out = [(frozenset(EARLY), first), (frozenset((*EARLY, *LATE)), second)]
    assert first["*", "labour", "*"] == 90 and second["*", "labour", "*"] is None
    assert second["*", "*", "*"] == 252 + 193
    assert told(out, helped, BY) == [] and narrowed(out, helped, BY) == []


def test_a_second_table_needs_enough_new_agencies(region: World, half: Period, helped: dict) -> None:
    helped |= {user: of_types(sex=20, labour=20) for user in (*EARLY, *LATE)}
    publish(region, half, *EARLY)
    with region.as_("ines") as ines, pytest.raises(Conflict, match="No agency has submitted totals since"):
        services.sum_up(actor=ines, period=half, limit_seconds=0.5)
    for users in (["adele"], ["bea"]):  # the agency's own figures, then two who each know their own
        totals.submit(region, users[0], half)
        with region.as_("ines") as ines, pytest.raises(Refused, match="too few agencies have submitted totals since"):
            services.sum_up(actor=ines, period=half, limit_seconds=0.5)
    second = publish(region, half, "deb")
    assert second["*", "*", "*"] == 240 and second["*", "sex", "*"] == 120
    with region.as_("ivan") as ivan:
        table = queries.published_table(period=half)
        assert (table.revision, table.agencies) == (2, 6)
        assert [card.state for card in sums.ledger(actor=ivan, period=half)] == [
            SumState.PUBLISHED,
            SumState.PUBLISHED,
        ]


def test_the_pages_say_why_a_second_table_hides_more_or_cannot_be_made(
    region: World, half: Period, helped: dict
) -> None:
    helped |= {user: of_types(sex=34, labour=36, both=3, other=3, unknown=2) for user in EARLY}
    helped |= {user: of_types(sex=37, labour=36, both=1) for user in LATE}
    publish(region, half, *EARLY)
    ines, address = region.client("ines"), f"/numbers/{half.code}/"
    totals.submit(region, "adele", half)
    refused = ines.post(f"{address}sum/")
    assert refused.status_code == 403 and b"Anyone could subtract one table from the other" in refused.content
    for user in ("bea", "deb"):
        totals.submit(region, user, half)
    assert ines.post(f"{address}sum/").status_code == 302
    page = region.client("ivan").get(f"{address}review/")
    held_back = page.context["sum"].held_back
    assert (
        held_back
        and f"{held_back} counts that are shown in a public table are suppressed here" in page.content.decode()
    )
    assert b"counts that are shown in a public table are suppressed here" in ines.get(f"{address}sum/").content


def test_a_sum_that_did_not_know_of_a_published_one_is_not_published(region: World, half: Period, helped: dict) -> None:
    """The analyst summed while the reviewer published: the sum was never compared with that table."""
    helped |= {user: of_types(sex=20, labour=20) for user in (*EARLY, *LATE)}
    publish(region, half, *EARLY)
    with region.owner() as owner:
        owner.execute("update numbers_sum set state = 'waiting' where period = %s", [half.code])
    for user in LATE:
        totals.submit(region, user, half)
    blind = sum_up(region, half)
    with region.owner() as owner:
        owner.execute("update numbers_sum set state = 'published' where period = %s and id <> %s", [half.code, blind])
    with region.as_("ivan") as ivan, pytest.raises(Conflict, match="published since these totals were combined"):
        services.publish(actor=ivan, sum_id=blind)
