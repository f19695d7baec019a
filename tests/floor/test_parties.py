"""Agreements: the database shows them to their parties and the coalition's office, and the page says why."""

from __future__ import annotations

import uuid

import psycopg
import pytest

from accord.agreements import services as signing
from accord.core import clock
from accord.core.floors import Floor
from accord.sharing import floor
from tests.region import World
from tests.steps.agreements import sign

TABLES = sorted(table for table, kept in floor.tables().items() if kept is Floor.PARTIES)


def rows(world: World, user: str, table: str, agreement: uuid.UUID) -> int:
    """Return how many rows of an agreement a statement slipped into this persona's session can read."""
    id_ = "id" if table in ("agreements_agreement", "agreements_coalitionagreement") else "agreement"
    with world.web() as web:
        return _count(web, world, user, f"select count(*) from {table} where {id_} = %s", agreement)


def _count(web: psycopg.Connection, world: World, user: str, count: str, agreement: uuid.UUID) -> int:
    web.execute("select set_config('accord.ticket', %s, false)", [world.session(user).ticket])
    found = {web.execute(count, [agreement]).fetchone()[0]}
    web.execute("set role accord_reader")
    found.add(web.execute(count, [agreement]).fetchone()[0])
    (number,) = found  # the same for both roles
    return number


@pytest.fixture(scope="module")
def between_two(world: World) -> uuid.UUID:
    """Return the agreement between Harbor House and Legal Aid."""
    pair = [world.agencies["harbor"], world.agencies["legal"]]
    with world.owner() as owner:
        found = owner.execute(
            "select agreement from agreements_permit where giver = any(%s) and taker = any(%s)", [pair] * 2
        )
        return found.fetchone()[0]


@pytest.mark.parametrize(
    ("user", "shown"),
    [
        ("alma", True),
        ("elena", True),
        ("grace", True),
        ("ben", False),
        ("farah", False),
        ("ines", False),
        ("hal", False),
    ],
)
def test_an_agreement_is_shown_to_its_parties_and_the_office(
    world: World, between_two: uuid.UUID, user: str, shown: bool
) -> None:
    for table in ("agreements_agreement", "agreements_permit", "agreements_signature"):
        assert bool(rows(world, user, table, between_two)) is shown, table
    for page in (f"/agreements/{between_two}/", f"/agreements/{between_two}/why/"):
        assert world.client(user).get(page).status_code == (200 if shown else 404), page


def test_the_members_of_a_coalition_agreement_see_all_its_pairs(fresh_world: World) -> None:
    world = fresh_world
    members = [world.agencies[key] for key in ("hospital", "survivors", "cps")]
    with world.as_("grace") as grace:
        coalition = signing.draft_coalition(
            actor=grace, title="Night team", kinds=["needs"], starts_at=clock.now(), members=members
        )
    assert sign(world.client("farah"), f"/agreements/coalition/{coalition}/").status_code == 302
    with world.owner() as owner:
        pairs = owner.execute("select id from agreements_agreement where coalition = %s", [coalition]).fetchall()
        signed = owner.execute("select agreement from agreements_signature where owner = %s", [members[0]]).fetchall()
    assert len(pairs) == 3
    for user, shown in (("farah", 1), ("jo", 1), ("dana", 1), ("grace", 1), ("adele", 0), ("ben", 0)):
        assert rows(world, user, "agreements_coalitionagreement", coalition) == shown
        assert [rows(world, user, "agreements_agreement", pair) for (pair,) in pairs] == [shown] * 3
        assert [rows(world, user, "agreements_permit", pair) for (pair,) in pairs] == [2 * shown] * 3
        assert {rows(world, user, "agreements_signature", pair) for (pair,) in signed if (pair,) in pairs} == {shown}, (
            user
        )
    answers, _readers = explained(world, "grace", f"/agreements/coalition/{coalition}/why/")
    assert answers["Add members"] == ("Yes", "Your role allows this.")
    assert answers["Sign, review or leave this agreement"] == ("No", "Only the parties to the agreement can do this.")


def test_every_table_of_this_floor_is_tried_here() -> None:
    agreements = {"agreements_agreement", "agreements_coalitionagreement", "agreements_permit", "agreements_signature"}
    others = {"bodies_body", "bodies_seat", "exchange_step"}  # test_bodies.py, tests/exchange/test_steps.py
    assert set(TABLES) == agreements | others


def explained(world: World, user: str, address: str) -> tuple[dict[str, tuple[str, str]], list[list[str]]]:
    """Return what the page answers for each action, and who it says can see the agreement."""
    page = world.client(user).get(address)
    answers = {what: (tag.words, why) for what, tag, why, _remedy in page.context["reasons"].rows}
    assert all(why in page.content.decode() for _, why in answers.values() if "'" not in why)
    return answers, page.context["readers"].rows


def test_the_page_says_why_and_who_else(world: World, between_two: uuid.UUID) -> None:
    address = f"/agreements/{between_two}/"
    party, see, sign_it = (
        ("Yes", "Your agency is a party to this agreement."),
        "See this agreement",
        "Sign, review or end this agreement",
    )
    for user, expected in {
        "adele": {see: party, sign_it: ("Yes", "Your role allows this.")},
        "alma": {see: party, sign_it: ("No", "Your role doesn't include this.")},
        "grace": {
            see: ("Yes", "Your agency drafts and keeps this agreement for the coalition."),
            sign_it: ("No", "Only the parties to the agreement can do this."),
        },
    }.items():
        answers, readers = explained(world, user, f"{address}why/")
        assert answers == expected, user
        assert [row[1] for row in readers] == [
            "Party",
            "Party",
            "Coalition's office, which drafts and keeps the agreement",
        ]
        assert f'href="{address}why/"' in world.client(user).get(address).content.decode()


@pytest.mark.parametrize(("user", "told"), [("alma", True), ("elena", True), ("grace", False), ("ben", False)])
def test_only_the_two_learn_what_an_agreement_lets_them_share(
    world: World, between_two: uuid.UUID, user: str, told: bool
) -> None:
    """A statement slipped into a session can't list what others share through the function that decides it."""
    with world.owner() as owner:
        way = owner.execute(
            "select giver, taker, kind from agreements_permit where agreement = %s limit 1", [between_two]
        ).fetchone()
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session(user).ticket])
        assert web.execute("select accord.agreement_in_force(%s, %s, %s)", way).fetchone() == (told,)
        web.execute("select set_config('accord.ticket', '', false)")
        assert web.execute("select accord.agreement_in_force(%s, %s, %s)", way).fetchone() == (False,)
    for function in ("agreement_parties", "coalition_members"):
        with world.web() as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute(f"select accord.{function}(%s)", [between_two])
