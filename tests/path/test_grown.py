"""`accord demo --people N`: generated people, spread over agencies, found by name like everyone else."""

from __future__ import annotations

from accord.demo import grown, riverbend
from accord.people import queries as people_queries
from accord.sharing import queries as sharing
from tests.region import World


def test_spread_gives_harbor_house_one_in_twenty_and_no_one_is_lost() -> None:
    shares = grown.spread(100_000)
    assert len(shares[grown.HARBOR]) == 5_000 and sum(map(len, shares.values())) == 100_000
    assert sum(map(len, grown.spread(7).values())) == 7


def test_names_are_many_and_always_the_same() -> None:
    names = [grown.name(number) for number in range(2_000)]
    assert len(set(names)) == 2_000 and names == [grown.name(number) for number in range(2_000)]


def test_personas_come_back_and_riverbend_grows(world: World) -> None:
    shares = {"adele": range(3), "emil": range(2)}
    done: list[int] = []
    region = riverbend.come_back(shares)
    grown.build(region, shares, done.append)
    assert done == [3, 2]
    with region.as_("adele") as adele:
        assert sharing.my_people_count(actor=adele) == (3, 3)
        (found, *_) = people_queries.search_by_name(actor=adele, text=grown.name(2)).rows
        assert found.name == grown.name(2) and found.mine
