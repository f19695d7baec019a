"""Making an installation: secrets, roles, database, migrations, floors. Runs as the server's administrator and as
`accord_owner`, never while serving."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import psycopg
from psycopg import sql

from accord.config.database import ROLES, Databases
from accord.core.errors import AccordError


class Unreachable(AccordError):
    """The database server does not answer, or does not take the account; the sentence says which."""

    code = "database_unreachable"


def var_folder() -> Path:
    """Where this installation keeps what is its own."""
    return Path(os.environ.get("ACCORD_VAR", Path(__file__).resolve().parents[2] / "var"))


def prepare(*, demo: bool, admin_url: str = "") -> None:
    """Everything from nothing to a served database; running it again only brings it up to date."""
    databases = Databases(var_folder())
    databases.make_secrets(demo=demo)
    prepare_server(databases, admin_url)
    setup_django()
    migrate(databases)


def prepare_server(databases: Databases, admin_url: str, database: str = "") -> None:
    """Server, roles and an empty database, where they are missing."""
    if not databases.url:
        databases.cluster().ensure()
    elif not admin_url:
        raise Unreachable("DATABASE_URL names a server: set ACCORD_ADMIN_URL to an administrator's address of it, too.")
    try:
        _make_roles_and_database(databases, admin_url, database or databases.name)
    except psycopg.OperationalError as error:
        raise Unreachable("The database server that ACCORD_ADMIN_URL names does not answer, or refuses it.") from error


def reach() -> bool:
    """See that this installation has been set up and that its database answers; True if its embedded server was down
    and has been started. Raises NotInitialised, Unreachable."""
    databases = Databases(var_folder())
    databases.secret("database")
    started = False if databases.url else databases.cluster().ensure()
    try:
        connect_as("web").close()
    except psycopg.OperationalError as error:
        raise Unreachable("The database does not answer, or has not been set up here: `accord init`.") from error
    return started


def drop_demo() -> None:
    """Remove a demonstration that was left half-built. Never touches an installation that is not marked as a demo."""
    databases = Databases(var_folder())
    if not databases.file.exists() or not databases.is_demo or databases.url:
        return
    databases.cluster().ensure()
    with psycopg.connect(admin_dsn(databases, ""), autocommit=True) as admin:
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(databases.name)))


def setup_django() -> None:
    """Start Django once."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accord.config.settings")
    django.setup()


def admin_dsn(databases: Databases, admin_url: str, database: str = "postgres") -> str:
    """A connection string for the server's administrator."""
    if databases.url:
        return psycopg.conninfo.make_conninfo(admin_url, dbname=database)
    user, password = databases.cluster().superuser
    return databases.cluster().dsn(user, password, database)


def make_roles(databases: Databases, dsn: str) -> None:
    """The five roles, each with its password of `var/secrets.json`."""
    with psycopg.connect(dsn, autocommit=True) as admin:
        for role in ROLES:
            _make_role(admin, role, databases.connection(role)["PASSWORD"])
        admin.execute("grant accord_reader to accord_web")


def _make_roles_and_database(databases: Databases, admin_url: str, name: str) -> None:
    make_roles(databases, admin_dsn(databases, admin_url))
    with psycopg.connect(admin_dsn(databases, admin_url), autocommit=True) as admin:
        exists = admin.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
        if not exists:
            admin.execute(sql.SQL("create database {} owner accord_owner").format(sql.Identifier(name)))
    close_public(admin_dsn(databases, admin_url, name))


# Functions that anybody may call unless told otherwise: ending others' connections, storing bytes outside every floor,
# and counters and sizes of tables, which tell when some agency writes.
NOBODYS = """
do $$ declare f record; begin
  for f in select oid::regprocedure as name from pg_proc where pronamespace = 'pg_catalog'::regnamespace and (
      proname ~ '^(pg_terminate_backend|pg_cancel_backend|lo_.*|pg_(total_)?relation_size|pg_table_size|pg_indexes_size)$'
      or (proname ~ '^pg_stat_get_' and proargtypes::text = '26')) loop
    execute format('revoke execute on function %s from public', f.name);
  end loop;
end $$
"""


def close_public(dsn: str) -> None:
    """Take from everybody what PostgreSQL gives to everybody."""
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute("revoke all on schema public from public")
        admin.execute("grant all on schema public to accord_owner")
        admin.execute(NOBODYS)
        close_database(admin, admin.info.dbname)


def close_database(admin: psycopg.Connection, name: str) -> None:
    """The same of the database itself; what lies in it a copy has from its template."""
    database = sql.Identifier(name)
    admin.execute(sql.SQL("revoke all on database {} from public").format(database))
    admin.execute(sql.SQL("grant connect on database {} to accord_web, accord_worker, accord_backup").format(database))


def _make_role(admin: psycopg.Connection, role: str, password: str) -> None:
    name = f"accord_{role}"
    if not admin.execute("select 1 from pg_roles where rolname = %s", [name]).fetchone():
        admin.execute(sql.SQL("create role {}").format(sql.Identifier(name)))
    admin.execute(
        sql.SQL("alter role {} login nosuperuser nobypassrls nocreatedb nocreaterole noinherit password {}").format(
            sql.Identifier(name), sql.Literal(password)
        )
    )
    admin.execute(
        sql.SQL("alter role {} set statement_timeout = {}").format(
            sql.Identifier(name), sql.Literal("10s" if role in ("web", "reader") else "10min")
        )
    )


def migrate(databases: Databases, **place: object) -> None:
    """Bring tables up to date as `accord_owner`, then write the floors."""
    from django.core.management import call_command
    from django.db import connections

    connections.settings["owner"] = {**connections.settings["default"], **databases.connection("owner"), **place}
    connections.databases["owner"] = connections.settings["owner"]
    call_command("migrate", database="owner", verbosity=0)
    apply_floors("owner")
    connections["owner"].close()
    del connections["owner"]  # the next call may mean another database


def apply_floors(alias: str) -> None:
    """Write functions, grants and policies in one transaction."""
    from django.db import connections, transaction

    from accord.sharing import floor

    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        raw = cursor.connection.cursor()
        for statement in floor.statements():
            raw.execute(statement)


def found_hub(name: str, operator: str, database: str = "") -> str:
    """The hub itself and the invitation of its first operator; '' if there is one already. Runs as owner."""
    from accord.access.codes import HUB
    from accord.agencies.services import invitation_hash, new_code

    with connect_as("owner", database) as owner:
        if owner.execute("select 1 from agencies_agency where kind = %s", [HUB]).fetchone():
            return ""
        hub, code = uuid.uuid4(), new_code()
        owner.execute(
            "insert into agencies_agency (owner, name, kind, zone, jurisdictions, traits, since) "
            "values (%s, %s, %s, 'UTC', '{}', '{}', accord.now())",
            [hub, name, HUB],
        )
        owner.execute(
            "insert into agencies_invitation (owner, id, name, roles, code_hash, by, at) "
            "values (%s, gen_random_uuid(), %s, '{operator,officer}', %s, %s, accord.now())",
            [hub, operator, invitation_hash(code), hub],
        )
    return code


def connect_as(role: str, database: str = "") -> psycopg.Connection:
    """A connection of its own as one of our roles, outside Django."""
    return psycopg.connect(dsn_of(role, database))


def dsn_of(role: str, database: str = "") -> str:
    """A connection string for one of our roles; `database` names another one than the installation's own."""
    databases = Databases(var_folder())
    place = databases.connection(role)
    return psycopg.conninfo.make_conninfo(
        host=place["HOST"],
        port=place["PORT"],
        user=place["USER"],
        password=place["PASSWORD"],
        dbname=database or databases.name,
    )
