"""Changes that someone with access to the database could plant: `accord verify` names each, and anything that opens
the floor keeps Accord from starting.

All are planted in a transaction that is rolled back: roles belong to the whole server.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from accord.config import guard, install, roles, verify
from accord.sharing import floor
from tests import region
from tests.region import World

CLOCK = set(region.CLOCK_FOUND)

CATCHER = (
    "create schema other{n}; create function other{n}.catch() returns boolean language sql as 'select true'; "
    "grant usage on schema other{n} to accord_web; "
)

# What is planted, what `verify` must name, and whether Accord must refuse to start with it.
PLANTED: dict[str, tuple[str, str, bool]] = {
    "web passes row security": ("alter role accord_web bypassrls", "role accord_web: rolbypassrls", True),
    "reader passes row security": ("alter role accord_reader bypassrls", "role accord_reader: rolbypassrls", True),
    "reader is a superuser": ("alter role accord_reader superuser", "role accord_reader: rolsuper", True),
    "web makes roles": ("alter role accord_web createrole", "role accord_web: rolcreaterole", True),
    "worker inherits": ("alter role accord_worker inherit", "role accord_worker: rolinherit", False),
    "backup replicates": ("alter role accord_backup replication", "role accord_backup: rolreplication", False),
    "web expires": ("alter role accord_web valid until '2020-01-01'", "role accord_web: rolvaliduntil", False),
    "web is the owner": ("grant accord_owner to accord_web", "role accord_web may act as accord_owner", True),
    "reader is the owner": ("grant accord_owner to accord_reader", "role accord_reader may act as accord_owner", True),
    "web reads all": ("grant pg_read_all_data to accord_web", "role accord_web may act as pg_read_all_data", True),
    "reader is backup": ("grant accord_backup to accord_reader", "role accord_reader may act as accord_backup", True),
    "a stranger is web": (
        "create role stranger{n} login; grant accord_web to stranger{n}",
        "role stranger{n} may act as accord_web",
        False,
    ),
    "a rule": (
        "create rule copy as on insert to sharing_entry do also notify entries",
        "rule copy of sharing_entry",
        False,
    ),
    "a constraint that calls elsewhere": (
        CATCHER + "alter table sharing_entry add constraint harmless check (other{n}.catch())",
        "constraint harmless of sharing_entry",
        True,  # for the schema that web may use
    ),
    "a schema besides": ("create schema other{n}", "schema other{n}", False),
    "a view elsewhere": (
        "create schema other{n}; create view other{n}.peek as select * from sharing_entry; "
        "grant usage on schema other{n} to accord_web; grant select on other{n}.peek to accord_web",
        "schema other{n}",
        True,
    ),
    "a view in public": (
        "create view peek as select * from sharing_entry; grant select on peek to accord_web",
        "table peek",
        True,
    ),
    "sessions are logged": ("alter table accounts_session set logged", "table accounts_session", False),
    "a publication": ("create publication leak for all tables", "publication leak", False),
    "a default": (
        "alter table sharing_entry alter column type set default 'x'",
        "column type of sharing_entry",
        False,
    ),
    "a default that calls elsewhere": (
        CATCHER + "alter table work_task alter column done_at set default case when other{n}.catch() then now() end",
        "column done_at of work_task",
        True,
    ),
    "a column": ("alter table sharing_entry add column plain text", "column plain of sharing_entry", False),
    "a trigger": (
        "create function accord.spy() returns trigger language plpgsql as 'begin return new; end'; "
        "create trigger spy before insert on sharing_entry for each row execute function accord.spy()",
        "trigger spy of sharing_entry",
        False,
    ),
    "references switched off": ("alter table sharing_entry disable trigger all", "references of sharing_entry", False),
    "an index with a condition": (
        "create index sly on sharing_entry (type) where type = 'x'",
        "index sly of sharing_entry",
        False,
    ),
    "an event trigger": (
        "create function public.ddl() returns event_trigger language plpgsql as 'begin end'; "
        "create event trigger ddl on ddl_command_start execute function public.ddl()",
        "event trigger ddl",
        False,
    ),
    "a foreign data wrapper": ("create foreign data wrapper out", "foreign data wrapper out", False),
    "a language": (
        "create language other{n} handler plpgsql_call_handler",
        "language other{n}",
        False,
    ),
    "default privileges": (
        "alter default privileges for role accord_owner grant select on tables to accord_worker",
        "default privileges of accord_owner",
        False,
    ),
    "a function of another owner": (
        "alter function accord.actor_agency() owner to current_user",
        "function accord.actor_agency()",
        False,
    ),
    "a function with another search path": (
        "alter function accord.actor_account() set search_path = public",
        "function accord.actor_account()",
        False,
    ),
    "a function of a known name": (
        "create function accord.actor_agency(text) returns text language sql as 'select $1'",
        "function accord.actor_agency(text)",
        False,
    ),
    "a table of another owner": (
        "alter table sharing_entry owner to current_user",
        "sharing_entry belongs to postgres",
        True,
    ),
    "a grant to a stranger": (
        "create role stranger{n} login; grant select on sharing_entry to stranger{n}",
        "SELECT to stranger{n} on sharing_entry",
        False,
    ),
    "a column to a stranger": (
        "create role stranger{n} login; grant select (sealed) on sharing_entry to stranger{n}",
        "SELECT to stranger{n} on column sealed of sharing_entry",
        False,
    ),
    "a policy besides": (
        "create policy more on sharing_entry for select to accord_web using (true)",
        "policy more of sharing_entry",
        True,
    ),
    "a policy opened": (
        "alter policy reads on sharing_entry using (true)",
        "policy reads of sharing_entry",
        True,
    ),
    "row security off": (
        "alter table sharing_entry disable row level security",
        "table sharing_entry",
        True,
    ),
    "making things in public": ("grant create on schema public to accord_web", "schema public", False),
    "public has no usage": ("revoke usage on schema public from accord_web", "schema public", False),
    "a setting of the role": (
        "alter role accord_web set default_transaction_read_only = on",
        "role accord_web: default_transaction_read_only",
        False,
    ),
    "a sequence": (
        "grant usage on all sequences in schema public to accord_web",
        "table django_migrations_id_seq",
        False,
    ),
    "reading passwords": ("grant select on pg_authid to accord_web", "SELECT to accord_web on pg_authid", False),
    "reading files": (
        "grant execute on function pg_read_file(text) to accord_web",
        "EXECUTE to accord_web on pg_read_file(text)",
        False,
    ),
    "ending connections": (
        "grant execute on function pg_terminate_backend(int, bigint) to accord_web",
        "EXECUTE to accord_web on pg_terminate_backend(integer,bigint)",
        False,
    ),
    "setting what only superusers set": (
        "grant set on parameter session_replication_role to accord_web",
        "parameter session_replication_role to accord_web",
        False,
    ),
    "a cast": (
        "create function public.odd(uuid) returns integer language sql as 'select 1'; "
        "create cast (uuid as integer) with function public.odd(uuid) as implicit",
        "cast from uuid to integer",
        False,
    ),
    "a large object": ("select lo_create(0)", "large object", False),
}


@contextmanager
def planted(world: World, change: str) -> Iterator[psycopg.Connection]:
    """Yield an administrator's connection with the change made; undone at the end."""
    databases = region.databases()
    user, password = databases.cluster().superuser
    with (
        psycopg.connect(databases.cluster().dsn(user, password, world.name)) as admin,
        admin.transaction(force_rollback=True),
    ):
        admin.execute(change)
        yield admin


def numbered(name: str) -> tuple[str, str, bool]:
    """Return what is planted, under unique names, so that many can be planted at once."""
    change, named, opens = PLANTED[name]
    number = str(list(PLANTED).index(name))
    return change.replace("{n}", number), named.replace("{n}", number), opens


@pytest.mark.parametrize("name", PLANTED)
def test_accord_does_not_start_with_what_opens_the_floor(world: World, name: str) -> None:
    change, _named, opens = numbered(name)
    with planted(world, change) as admin:
        admin.execute("set local session authorization accord_web")
        assert bool(guard.faults(admin.cursor())) is opens


ALONE = ["a table of another owner"]  # the floor can't be rebuilt with it


@pytest.mark.parametrize("names", [sorted(PLANTED.keys() - ALONE), ALONE], ids=["all but one at once", "that one"])
def test_verify_names_each(world: World, names: list[str]) -> None:
    changes = [numbered(name) for name in names]
    with planted(world, "; ".join(change for change, _named, _opens in changes)) as admin:
        admin.execute("set local role accord_owner")
        found = set(verify.floor_differences(admin))
    missing = [name for name in names if not any(line.startswith(numbered(name)[1]) for line in found)]
    assert missing == [], found


def test_nothing_is_found_where_nothing_was_planted(world: World) -> None:
    with planted(world, "select 1") as admin:
        admin.execute("set local session authorization accord_web")
        assert guard.faults(admin.cursor()) == []
    with world.owner() as owner:
        assert set(verify.floor_differences(owner)) == CLOCK
    assert verify.what_roles_cannot(world.name) == []


def test_verify_tries_what_each_role_has_to_do(fresh_world: World) -> None:
    with fresh_world.owner() as owner:
        owner.execute("revoke usage on schema public from accord_web, accord_reader, accord_backup")
    found = verify.what_roles_cannot(fresh_world.name)
    for role in ("accord_web", "accord_reader", "accord_backup"):
        assert f"role {role}: cannot read sharing_entry" in found


def test_a_warning_of_the_database_while_it_is_set_up_is_an_error(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL warns and continues if it leaves a grant out."""
    warns = [
        "create function accord.half() returns int language sql as 'select 1'",
        "do 'begin raise warning $$half$$; end'",
    ]
    monkeypatch.setattr(floor, "statements", lambda: warns)
    with (
        install.owner_alias(NAME=world.name) as owner,
        pytest.raises(roles.Warned, match="half"),
    ):
        install.apply_floors(owner.alias)
    with world.owner() as owner:
        assert owner.execute("select to_regproc('accord.half')").fetchone() == (None,), "none of it is kept"


def test_setting_up_takes_a_superuser() -> None:
    databases = region.databases()
    password = databases.connection("owner")["PASSWORD"]
    with pytest.raises(roles.NotOurServer, match="not a superuser"):
        roles.make_roles(databases, databases.cluster().dsn("accord_owner", password, "postgres"))


def test_verify_retries_a_busy_database_and_says_when_it_could_not_look(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "LOCK_TIMEOUT", "10ms")
    with world.owner() as busy, world.owner() as owner, busy.transaction():
        busy.execute("lock table sharing_entry in access share mode")
        assert [line for line in verify.floor_differences(owner) if "LockNotAvailable" in line]
    with world.owner() as owner:
        assert set(verify.floor_differences(owner)) == CLOCK
