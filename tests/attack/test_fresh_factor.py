"""A statement slipped into a live session whose second factor is more than five minutes old. The database also refuses
what binds the agency, gives access, publishes or destroys, as the pages do."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from accord.access.codes import SIGN_AGREEMENT
from accord.access.rules import STEP_UP_AGE, needs_step_up
from accord.accounts.sessions import row_of
from accord.core import clock
from tests.region import World
from tests.steps.records import open_record

pytestmark = pytest.mark.line(98)

# In whose session, which statement, and what it returns when it succeeds.
STATEMENTS = {
    "a colleague's invitation": ("adele", "member_invite(%(new)s, 'Mallory', '{officer}', 'hash')", True),
    "a code taken back": ("adele", "invitation_withdraw(%(invitation)s)", True),
    "roles": ("adele", "membership_change_roles(%(alma)s, '{officer}', '{}')", True),
    "a reset": ("adele", "member_reset(%(new)s, %(alma)s, 'hash', true)", True),
    "let back in": ("chidi", "membership_readmit(%(cora)s)", False),
    "opened again": ("ben", "membership_open_again(%(bea)s)", True),
    "an end": ("adele", "membership_end(%(alma)s)", True),
    "signed out": ("adele", "membership_sign_out(%(alma)s)", True),
    "a new sheet": ("adele", "recovery_make(%(new)s, 'public')", True),
    "the sheet's use": ("adele", "recovery_start(%(sheet)s, '{}', '{}')", True),
    "a system": (
        "adele",
        "machine_connect(%(new)s, 'x', '{machine_writer}', 'p', 'h', '{}', '{}', '', accord.now() + interval '1 day')",
        True,
    ),
    "permits": (
        "grace",
        "agreement_draft(%(new)s, 't', accord.now(), accord.now(), array[%(harbor)s]::uuid[], "
        "array[%(legal)s]::uuid[], '{needs}')",
        True,
    ),
    "a signature": ("adele", "agreement_sign(%(drafted)s, false)", True),
    "a key check": ("adele", "keys_check(%(cps)s, 'w', '{}')", True),
    "a coalition agreement": ("grace", "coalition_draft(%(new)s, 't', '{needs}', accord.now())", True),
    "a coalition's member": (
        "grace",
        "coalition_add(%(joint)s, array[%(harbor)s, %(legal)s]::uuid[], accord.now())",
        1,
    ),
    "leaving before signing": ("adele", "agreement_decline(%(drafted)s)", True),
    "a review": ("adele", "agreement_review(%(agreed)s)", True),
    "an agreement's end": ("adele", "agreement_leave(%(agreed)s)", True),
    "a body's seat": ("grace", "seat_add(%(body)s, %(harbor)s, 'chair', true, '2026-01-01', null) is not null", True),
    "a seat's end": ("grace", "seat_end(%(seat)s) is not null", True),
    "who holds a seat": ("adele", "seat_name(%(seat)s, %(alma)s) is not null", True),
    "a body": ("grace", "body_create('n', 'team', 'c', true) is not null", True),
    "a body's end": ("grace", "body_end(%(body)s)", True),
    "an erasure asked for": ("adele", "erasure_ask(%(new)s, %(known)s, 'asked')", True),
    "an erasure confirmed": ("aisha", "erasure_confirm(%(asked)s)", True),
    "a hold": ("adele", "hold_begin(%(new)s, %(known)s)", True),
    "a hold's end": ("adele", "hold_end(%(held)s)", True),
    "an agency": ("hal", "agency_invite(%(new)s, 'n', 'community', 'UTC', '{}', '{}', 'o', '{officer}', 'h')", ""),
    "another code for it": ("hal", "agency_invite_again(%(empty)s, 'o', '{officer}', 'other')", True),
    "a public table": ("ivan", "totals_publish(%(sum)s, '', '[]')", True),
}
SET_UP = """
insert into membership_invitation (owner, id, name, roles, code_hash, by, at)
  values (%(harbor)s, %(invitation)s, 'x', '{advocate}', 'code', %(adele)s, accord.now());
update membership_membership set reset_at = accord.now() where id = %(cora)s;
update accounts_account a set disabled_at = accord.now() from membership_membership m where m.id = %(bea)s and m.account = a.id;
insert into membership_recoverykey (owner, id, public, by, at) values (%(harbor)s, %(sheet)s, 'p', %(adele)s, accord.now());
insert into agreements_agreement (owner, id, title, starts_at, review_due_at)
  values (%(coalition)s, %(drafted)s, 't', accord.now(), accord.now() + interval '1 year');
insert into agreements_coalitionagreement (owner, id, title, kinds, starts_at)
  values (%(coalition)s, %(joint)s, 't', '{needs}', accord.now());
insert into bodies_body (owner, id, name, kind, charge, is_open, since)
  values (%(coalition)s, %(body)s, 'n', 'team', 'c', false, '2020-01-01');
insert into bodies_seat (owner, id, body, agency, for_anyone, role, since, at)
  values (%(coalition)s, %(seat)s, %(body)s, %(harbor)s, false, 'chair', '2020-01-01', accord.now());
insert into agreements_permit (owner, agreement, giver, taker, kind)
  values (%(coalition)s, %(drafted)s, %(harbor)s, %(cps)s, 'needs');
update agreements_agreement set review_due_at = accord.now() + interval '9 days' where id = %(agreed)s;
insert into sharing_erasure (owner, id, person, reason, by, at)
  values (%(harbor)s, gen_random_uuid(), %(asked)s, 'asked', %(adele)s, accord.now());
insert into sharing_hold (owner, id, person, by, at) values (%(harbor)s, gen_random_uuid(), %(held)s, %(adele)s, accord.now());
insert into agencies_agency (owner, name, kind, zone, jurisdictions, traits, since)
  values (%(empty)s, 'Empty', 'community', 'UTC', '{}', '{}', accord.now());
insert into numbers_sum (owner, id, measure, version, period, state, ring_version, sealed, at, by, agencies, revisions,
    expected, shown_hash)
  values (%(statistics)s, %(sum)s, 'm', 1, '2020-1', 'waiting', 1, '', accord.now(), %(ines)s, '{}', '{}', 7, sha256('[]'))
"""


@pytest.fixture(scope="module")
def ids(world: World) -> dict[str, uuid.UUID]:
    """Return someone and something to act on; everyone concerned is signed in."""
    for user in {user for user, _call, _done in STATEMENTS.values()}:
        world.session(user)
    new = {name: uuid.uuid4() for name in ("invitation", "sheet", "drafted", "joint", "empty", "sum", "body", "seat")}
    people = {name: open_record(world).person for name in ("known", "asked", "held")}
    found = {**world.agencies, **world.memberships, **people, **new}
    with world.owner() as owner:
        signed = "select agreement from agreements_signature where owner = %s limit 1"
        (found["agreed"],) = owner.execute(signed, [found["harbor"]]).fetchone()
        for statement in SET_UP.split(";\n"):
            owner.execute(statement, found)
    return found


@pytest.fixture
def web(world: World) -> Iterator[psycopg.Connection]:
    """Yield a connection as `web`; everything done on it is undone."""
    with world.web() as connection, connection.transaction(force_rollback=True):
        yield connection


def factor_shown(world: World, user: str, *, minutes: int) -> None:
    with world.owner() as owner:
        ago = "update accounts_session set factor_at = accord.now() - %s where id = %s"
        owner.execute(ago, [timedelta(minutes=minutes), row_of(world.session(user).secret)])


def slip_in(web: psycopg.Connection, world: World, user: str, statement: str, ids: dict[str, Any]) -> psycopg.Cursor:
    web.execute("select set_config('accord.ticket', %s, true)", [world.session(user).ticket])
    with web.transaction():
        return web.execute(statement, {**ids, "new": uuid.uuid4()})


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_database_asks_for_a_fresh_factor(world: World, ids: dict, web: psycopg.Connection, name: str) -> None:
    user, call, done = STATEMENTS[name]
    factor_shown(world, user, minutes=6)
    with suppress(psycopg.errors.InsufficientPrivilege):
        assert slip_in(web, world, user, f"select accord.{call}", ids).fetchone()[0] != done


@pytest.mark.parametrize("name", STATEMENTS)
def test_with_a_fresh_one_it_is_done(world: World, ids: dict, web: psycopg.Connection, name: str) -> None:
    user, call, done = STATEMENTS[name]
    factor_shown(world, user, minutes=4)
    assert slip_in(web, world, user, f"select accord.{call}", ids).fetchone()[0] == done


def test_keys_are_accepted_only_with_a_fresh_code(world: World, ids: dict, web: psycopg.Connection) -> None:
    pin = (
        "insert into agreements_pin (owner, partner, code, version, public_hash, at) "
        "values (%(harbor)s, %(cps)s, 'needs', 1, 'x', accord.now())"
    )
    factor_shown(world, "adele", minutes=6)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        slip_in(web, world, "adele", pin, ids)
    factor_shown(world, "adele", minutes=4)
    assert slip_in(web, world, "adele", pin, ids).rowcount == 1


@pytest.mark.parametrize("more", [timedelta(0), timedelta(microseconds=1)])
def test_pages_and_database_mean_the_same_five_minutes(world: World, more: timedelta) -> None:
    ticket, row = world.session("adele").ticket, row_of(world.session("adele").secret)
    with world.owner() as owner, owner.transaction(force_rollback=True):
        owner.execute("select set_config('accord.ticket', %s, true)", [ticket])
        owner.execute(
            "update accounts_session set factor_at = accord.now() - %s where id = %s", [STEP_UP_AGE + more, row]
        )
        (fresh,) = owner.execute("select accord.factor_is_fresh()").fetchone()
    now = clock.now()
    assert fresh is not needs_step_up(SIGN_AGREEMENT, now - STEP_UP_AGE - more, now)


def test_without_a_session_no_factor_was_shown(world: World) -> None:
    with world.web() as connection:
        assert connection.execute("select accord.factor_is_fresh()").fetchone() == (False,)
