"""The floor: the database matches what `sharing/floor.py` writes, and shows each agency its own rows."""

from __future__ import annotations

import subprocess
import sys
import uuid

import psycopg
import pytest

from accord.config import guard, verify
from accord.core.floors import Floor
from accord.core.rooms import rooms
from accord.sharing import floor
from tests import region
from tests.region import World
from tests.steps.records import handle, open_record, release_to

TABLES = floor.tables()
CLOCK = region.CLOCK_FOUND


@pytest.fixture(scope="module")
def shared(world: World) -> World:
    """Return a world with a person of Harbor House, shared with Legal Aid."""
    known = open_record(world)
    release_to(world, known)
    handle(world, "elena")
    return world


def ticketed(world: World, user: str) -> psycopg.Connection:
    connection = world.web()
    connection.execute("select set_config('accord.ticket', %s, false)", [world.session(user).ticket])
    return connection


def test_every_table_of_the_database_has_a_floor(world: World) -> None:
    with world.owner() as owner:
        there = {name for (name,) in owner.execute("select tablename from pg_tables where schemaname = 'public'")}
    assert there == set(TABLES)


def test_the_database_matches_what_the_file_writes(world: World) -> None:
    with world.owner() as owner:
        assert verify.floor_differences(owner) == CLOCK


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("alter policy reads on sharing_entry using (true)", "policy reads of sharing_entry"),
        ("grant update on audit_event to accord_web", "table audit_event"),
        ("alter table sharing_person disable row level security", "table sharing_person"),
        ("grant select (sealed) on sharing_entry to accord_worker", "column sealed of sharing_entry"),
        ("create function accord.peek() returns int language sql as 'select 1'", "function accord.peek()"),
        ("create view everything as select * from sharing_entry", "table everything"),
        ("grant execute on function accord.live_session() to accord_web", "function accord.live_session()"),
    ],
)
def test_verify_names_every_change(world: World, change: str, named: str) -> None:
    with world.owner() as owner, owner.transaction(force_rollback=True):
        owner.execute(change)
        assert set(verify.floor_differences(owner)) == {named, *CLOCK}


def test_the_clock_in_force_is_the_one_that_is_written(world: World) -> None:
    """Its body is parsed at creation, so it is compared as PostgreSQL reads it back."""
    with world.owner() as owner, owner.transaction(force_rollback=True):
        owner.execute(floor.CLOCK)
        assert verify.floor_differences(owner) == CLOCK[1:]
        owner.execute(floor.CLOCK.replace("pg_catalog.now()", "pg_catalog.now() - interval '1 day'"))
        assert verify.floor_differences(owner) == CLOCK


def test_the_floor_shows_what_the_table_below_says(shared: World) -> None:
    """Rows per table: of Harbor House by its own staff, of Harbor House by police, anything by someone without a
    ticket."""
    harbor = shared.agencies["harbor"]
    with (
        ticketed(shared, "alma") as own,
        ticketed(shared, "ben") as other,
        shared.web() as no_one,
        shared.owner() as all_,
    ):
        ticket = shared.session("alma").ticket
        all_.execute("select set_config('accord.ticket', %s, false)", [ticket])  # some floors ask who reads
        for table, kept in TABLES.items():
            count = f"select count(*) from {table}"
            if kept in (Floor.SYSTEM, Floor.QUEUE):
                for connection in (own, other, no_one):
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        connection.execute(count)
                continue
            assert no_one.execute(count).fetchone()[0] == 0 or kept is Floor.PUBLIC, table
            if kept is Floor.COALITION:
                assert (
                    other.execute(count).fetchone() == own.execute(count).fetchone() == all_.execute(count).fetchone()
                )
                continue
            if kept in (Floor.PARTIES, Floor.BODY):
                continue  # test_parties.py: police and Harbor House have agreements with each other; test_bodies.py
            mine = f"{count} where owner = %s"
            hidden = getattr(getattr(floor.models()[table], "reading", None), "only_if", "")
            expected = all_.execute(f"{mine} and ({hidden or 'true'})", [harbor]).fetchone()
            assert own.execute(mine, [harbor]).fetchone() == expected, table
            assert other.execute(mine, [harbor]).fetchone()[0] == 0, table


def test_a_recipient_sees_what_is_in_force_and_not_a_row_more(shared: World) -> None:
    harbor = shared.agencies["harbor"]
    with ticketed(shared, "elena") as elena:
        kinds = elena.execute("select distinct kind from sharing_entry where owner = %s", [harbor]).fetchall()
        assert {kind for (kind,) in kinds} == {"identity.name", "contact.safe", "needs"}
        for table in ("sharing_person", "sharing_datakey", "sharing_assignment", "sharing_searchtoken", "audit_event"):
            assert elena.execute(f"select count(*) from {table} where owner = %s", [harbor]).fetchone()[0] == 0


def test_the_reader_cannot_write_anywhere(shared: World) -> None:
    with ticketed(shared, "alma") as alma:
        alma.execute("set role accord_reader")
        for table in TABLES:
            for privilege in ("insert", "update", "delete", "truncate", "references", "trigger"):
                found = alma.execute("select has_table_privilege(current_user, %s, %s)", [table, privilege])
                assert found.fetchone() == (False,), (table, privilege)


def test_only_the_owner_changes_or_removes_the_log(world: World) -> None:
    with world.owner() as owner:
        for role in ("accord_web", "accord_reader", "accord_worker", "accord_backup"):
            for table in ("audit_event", "audit_about", "audit_chainhead", "audit_signedhead"):
                for privilege in ("update", "delete", "truncate"):
                    found = owner.execute("select has_table_privilege(%s, %s, %s)", [role, table, privilege])
                    assert found.fetchone() == (False,)


def test_the_worker_reads_its_queue_and_nothing_else(world: World) -> None:
    with world.owner() as owner:
        for table, kept in TABLES.items():
            found = owner.execute("select has_any_column_privilege('accord_worker', %s, 'select')", [table])
            assert found.fetchone() == (kept is Floor.QUEUE,), table


def test_the_worker_calls_its_jobs_and_nothing_else(world: World) -> None:
    """Jobs return no row, so a stolen password of this role reads nothing but the next message, with its address
    encrypted."""
    with world.owner() as owner:
        rows = owner.execute(
            "select oid::regprocedure::text, prorettype::regtype::text, proretset from pg_proc "
            "where pronamespace = 'accord'::regnamespace and has_function_privilege('accord_worker', oid, 'execute')"
        ).fetchall()
    allowed = {"now()", *(name for room in rooms() for name in room.sql.worker)}
    assert {name.removeprefix("accord.") for name, *_ in rows} == allowed
    assert {returns for _, returns, several in rows if not several} <= {"void", "integer", "timestamp with time zone"}
    assert [name for name, _, several in rows if several] == ["accord.mail_take()"]


def test_no_one_but_the_worker_uses_the_queue(world: World) -> None:
    with world.owner() as owner:
        found = owner.execute(
            "select r.rolname, p.proname from pg_proc p cross join pg_roles r "
            "where p.pronamespace = 'public'::regnamespace and has_function_privilege(r.oid, p.oid, 'execute') "
            "and r.rolname in ('accord_web', 'accord_reader', 'accord_backup')"
        ).fetchall()
    assert found == []


def test_unique_indexes_of_protected_tables_begin_with_the_owner(world: World) -> None:
    """An error about a hidden row's value would reveal that it exists."""
    with world.owner() as owner:
        rows = owner.execute(
            "select i.indrelid::regclass::text, a.attname from pg_index i join pg_attribute a "
            "on a.attrelid = i.indrelid and a.attnum = i.indkey[0] where i.indisunique "
            "and i.indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)"
        ).fetchall()
    protected = {
        table
        for table, kept in TABLES.items()
        if kept in (Floor.OWNED, Floor.SHARED, Floor.SUBMITTED, Floor.PARTIES, Floor.BODY)
    }
    assert protected
    assert {first for table, first in rows if table in protected} == {"owner"}


def test_no_reference_crosses_agencies_but_a_shares_recipient(world: World) -> None:
    with world.owner() as owner:
        rows = owner.execute(
            "select c.conname, a.attname, array_length(c.conkey, 1) from pg_constraint c join pg_attribute a "
            "on a.attrelid = c.conrelid and a.attnum = c.conkey[1] where c.contype = 'f' "
            "and c.conrelid::regclass::text not like 'procrastinate%'"  # the queue belongs to no agency
        ).fetchall()
    assert {name for name, first, _ in rows if first != "owner"} == {
        "share_to_agency",
        "membership_of_account",  # an account belongs to no agency
        "recoverycode_of_account",
    }
    assert {"entry_of_person", "token_of_person", "key_of_share", "seal_of_membership"} <= {name for name, *_ in rows}


def test_sessions_are_unlogged(world: World) -> None:
    with world.owner() as owner:
        found = owner.execute("select relpersistence from pg_class where relname = 'accounts_session'").fetchone()
    assert found == ("u",)


def test_start_up_refuses_a_role_that_the_floor_does_not_bind(world: World) -> None:
    guard.check()  # as web
    found = region.databases()
    user, password = found.cluster().superuser
    dsns = {
        "owner": found.cluster().dsn("accord_owner", found.connection("owner")["PASSWORD"], world.name),
        "superuser": found.cluster().dsn(user, password, world.name),
        "web": found.cluster().dsn("accord_web", found.connection("web")["PASSWORD"], world.name),
    }
    answers = {}
    for who, dsn in dsns.items():
        with psycopg.connect(dsn) as connection:
            answers[who] = bool(guard.faults(connection.cursor()))
    assert answers == {"owner": True, "superuser": True, "web": False}


def test_the_served_application_makes_that_check(world: World) -> None:
    """A process that imports the application as owner does not start."""
    code = (
        "from accord.config import database\n"
        "real = database.Databases.connection\n"
        f"database.Databases.connection = lambda self, role: {{**real(self, 'owner'), 'NAME': '{world.name}'}}\n"
        "import accord.config.wsgi"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode and "Unbound" in done.stderr


def test_time_comes_from_one_function(world: World) -> None:
    """No policy and no function except the clock itself asks PostgreSQL for the time."""
    text = "\n".join(floor.functions()) + "\n".join(line for t, f in TABLES.items() for line in floor.policies(t, f))
    clean = text.replace("accord.now()", "")
    for other in ("now()", "current_timestamp", "clock_timestamp", "current_date", "statement_timestamp"):
        assert other not in clean


def test_every_named_function_fixes_its_search_path(world: World) -> None:
    """Or was parsed at creation, so that there is nothing left to look up."""
    with world.owner() as owner:
        loose = owner.execute(
            "select proname from pg_proc where pronamespace = 'accord'::regnamespace and "
            "not exists (select 1 from unnest(proconfig) c where c like 'search_path=%') and prosqlbody is null"
        ).fetchall()
    assert loose == []


def test_lookups_that_start_from_a_strangers_id_find_nothing(shared: World) -> None:
    with ticketed(shared, "ben") as ben:
        for table in ("sharing_person", "sharing_share", "sharing_entry"):
            assert ben.execute(f"select * from {table} where owner = %s", [uuid.uuid4()]).fetchall() == []
