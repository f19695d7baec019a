"""A closed body does not exist for an agency without a seat: not on a page, in a row, a count, a notice or the log.

Pages and lists: `test_hidden.py`, which compares every address for every outsider. Here: statements slipped into a
session, the named functions, and agencies whose seat has ended or is still to come.
"""

from __future__ import annotations

import uuid

import psycopg
import pytest

from accord.bodies import services
from accord.core.floors import Floor
from accord.sharing import floor
from tests.region import World
from tests.steps import bodies as steps
from tests.steps.addresses import NEVER_EXISTED, about_people, address, ask
from tests.steps.bodies import SECRETS, Made

READABLE = sorted(table for table, kept in floor.tables().items() if kept not in (Floor.SYSTEM, Floor.QUEUE))
# Police never had a seat. The seat of the district attorney was ended, that of the hospital begins tomorrow.
OUTSIDERS = ("ben", "bea", "chidi", "cora", "farah", "finn", "dana", "ines", "kim", "hal", "jo")
INSIDERS = ("alma", "adele", "elena", "grace")


@pytest.fixture(scope="module")
def closed(world: World) -> Made:
    """Return a closed body with seats of Harbor House and Legal Aid, one that was ended, and one that is to come."""
    made = steps.made(world)
    steps.seat(world, made.body, "legal", "observer", anyone=True)
    ended = steps.seat(world, made.body, "da", anyone=True)
    steps.seat(world, made.body, "hospital", anyone=True, since=world.today().replace(year=world.today().year + 1))
    with world.as_("grace") as grace:
        services.end_seat(actor=grace, body=made.body, seat=ended)
    return made


def ticketed(world: World, user: str) -> psycopg.Connection:
    web = world.web()
    web.execute("select set_config('accord.ticket', %s, false)", [world.session(user).ticket])
    return web


def everything(world: World, user: str) -> str:
    """Return all that a statement slipped into this persona's session can read, in any table."""
    with ticketed(world, user) as web:
        return "\n".join(
            row for table in READABLE for (row,) in web.execute(f"select t::text from {table} t").fetchall()
        )


@pytest.mark.parametrize("user", OUTSIDERS)
def test_no_row_of_any_table_tells_an_outsider_of_it(world: World, closed: Made, user: str) -> None:
    found = everything(world, user)
    told = [secret for secret in (*SECRETS, str(closed.seat), str(closed.decision)) if secret in found]
    assert told == []
    assert str(closed.body) not in found


@pytest.mark.parametrize("user", INSIDERS)
def test_who_has_a_seat_finds_it_there(world: World, closed: Made, user: str) -> None:
    found = everything(world, user)
    told = [secret in found for secret in SECRETS]
    assert told == [True, True, user in ("alma", "elena")]


@pytest.mark.parametrize("user", ["ben", "chidi", "farah"])
def test_no_page_tells_it_from_one_that_never_was(world: World, closed: Made, user: str) -> None:
    ids = {"body": closed.body, "seat": closed.seat, "decision": closed.decision}
    checked = 0
    for route in about_people():
        if "body" not in route.arguments:
            continue
        there = {name: ids[name] for name in route.arguments}
        nowhere = dict.fromkeys(there, NEVER_EXISTED)
        for method in ("get", "post"):
            found = ask(world, user, method, address(route, there), *there.values())
            missing = ask(world, user, method, address(route, nowhere), NEVER_EXISTED)
            assert found == missing, f"{user} {method} {route.pattern}"
            assert found.status in (403, 404, 405), f"{user} {method} {route.pattern}: {found.status}"
            checked += 1
    assert checked == 18
    listed = world.client(user).get("/coalition/").content.decode() + world.client(user).get("/").content.decode()
    assert not any(secret in listed for secret in (*SECRETS, str(closed.body)))


@pytest.mark.parametrize("user", OUTSIDERS)
def test_no_named_function_tells_or_changes_it(world: World, closed: Made, user: str) -> None:
    calls = (
        ("body_end(%(body)s)", False),
        ("seat_end(%(seat)s)", None),
        ("seat_name(%(seat)s, %(me)s)", None),
        ("seat_add(%(body)s, %(agency)s, 'chair', true, '2026-01-01', null)", None),
        ("decision_record(%(body)s, null, 0, '2026-01-01', 'x')", None),
        ("decision_record(%(body)s, %(decision)s, 1, '2026-01-01', 'x')", None),
    )
    with world.as_(user) as actor, ticketed(world, user) as web:  # with a second factor that was just shown
        ids = {"body": closed.body, "seat": closed.seat, "decision": closed.decision}
        ids |= {"me": actor.membership, "agency": actor.agency}
        for call, answer in calls:
            assert web.execute(f"select accord.{call}", ids).fetchone() == (answer,), call
        for function in ("bodies_known()", "bodies_read()"):
            assert web.execute(f"select * from accord.{function}").fetchall() == [], function
        names = web.execute("select name from accord.body_names(%(body)s)", ids).fetchall()
        assert names == []
        for function in ("seats_now(%(agency)s)", "seats_held()", "seat_across('{}')"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(f"select * from accord.{function}", ids)
        for table in ("bodies_body", "bodies_seat", "bodies_decision"):
            for change in (
                f"delete from {table}",
                f"update {table} set id = id",
                f"insert into {table} (id) values (%(me)s)",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    web.execute(change, ids)


def test_only_the_office_and_the_agency_write_in_each_others_log(world: World, closed: Made) -> None:
    """And only in the transaction that changed the seat: a statement later forges no line."""
    forged = (
        "select accord.audit_append(jsonb_build_array(jsonb_build_object('chain', %s::uuid, 'action', %s::text, "
        "'outcome', 'done', 'about', '[]'::jsonb)))"
    )
    for user, chain, action in (
        ("grace", "harbor", "seat-given"),
        ("grace", "harbor", "seat-taken"),
        ("grace", "police", "seat-given"),
        ("alma", "coalition", "seat-filled"),
        ("ben", "harbor", "seat-given"),
        ("ben", "coalition", "seat-filled"),
    ):
        with ticketed(world, user) as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute(forged, [world.agencies[chain], action])


def test_another_office_sees_nothing_either(fresh_world: World) -> None:
    """A hub can have several offices: the coordinator of one is a stranger to the bodies of another."""
    made = steps.made(fresh_world)
    other = uuid.uuid4()
    with fresh_world.owner() as owner:
        owner.execute(
            "insert into agencies_agency (owner, name, kind, zone, jurisdictions, traits, since) "
            "select %s, 'Other Office', kind, zone, jurisdictions, traits, since from agencies_agency where owner = %s",
            [other, fresh_world.agencies["coalition"]],
        )
        owner.execute("update bodies_body set owner = %s", [other])
        owner.execute("update bodies_seat set owner = %s", [other])
    assert not any(secret in everything(fresh_world, "grace") for secret in (*SECRETS, str(made.seat)))
    assert fresh_world.client("grace").get(f"/coalition/{made.body}/").status_code == 404
    assert fresh_world.client("grace").get(f"/coalition/{made.body}/seats/new/").status_code == 404
    assert fresh_world.client("alma").get(f"/coalition/{made.body}/").status_code == 200
