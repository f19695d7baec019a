"""`accord demo --people N`: generated people, spread over agencies, found by name like everyone else."""

from __future__ import annotations

from accord.demo import grown, riverbend
from accord.people import queries as people_queries
from accord.people import rules
from accord.people import services as people
from accord.people.codes import PersonName
from accord.sharing import queries as sharing
from tests.region import World
from tests.steps.chains import broken_chains
from tests.steps.records import handle, release_to


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


def test_people_added_in_bulk_are_like_all_others(fresh_world: World) -> None:
    """Through the product's doors: a page, a correction, a release that a partner reads, and the agency's own log."""
    world = fresh_world
    grown.build(world, {"alma": range(3)})
    with world.as_("alma") as alma:
        ref = next(card.ref for card in people_queries.my_people(actor=alma) if card.name == grown.name(2))
        page = people_queries.page(actor=alma, ref=ref, kinds=["identity.name"])
        (before,) = page.items["identity.name"]
        people.correct(actor=alma, ref=ref, payload=PersonName(used="Someone Else"), before=before)
    text = world.client("alma").get(f"/people/{ref}/").content.decode()
    assert all(said in text for said in ("Someone Else", "555-0002", "mornings"))
    release_to(world, page.known, kinds=("identity.name", "needs"))
    assert "Someone Else" in world.client("elena").get(f"/people/{handle(world, 'elena')}/").content.decode()
    assert not broken_chains(world, "harbor")


def test_the_index_is_made_for_the_expected_people(world: World) -> None:
    """So that no search has to make the index of a large agency again."""
    with world.as_("june") as june:
        people.open_records(actor=june, people=[[PersonName(used=grown.name(5))]], expected=100_000)
    with world.owner() as owner:
        rows = owner.execute(
            "select bucket from sharing_searchtoken where owner = %s", [world.agencies["survivors"]]
        ).fetchall()
    assert rows and {rules.bits_of(row[0]) for row in rows} == {9}
