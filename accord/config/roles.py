"""Set up the five database roles as an administrator, and revoke the rights that PostgreSQL grants to everyone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from accord.config.database import ROLES, Databases, statement_timeout
from accord.core.errors import AccordError

OLDEST = 15

# The attributes of each role. `accord verify` compares them with the catalog.
ATTRIBUTES = {
    "rolcanlogin": True,
    "rolsuper": False,
    "rolbypassrls": False,
    "rolcreatedb": False,
    "rolcreaterole": False,
    "rolreplication": False,
    "rolinherit": False,
    "rolconnlimit": -1,
    "rolvaliduntil": None,
}


class Warned(AccordError):
    """PostgreSQL skipped something during setup. Incomplete access rules protect no one."""

    code = "database_warned"


class NotOurServer(AccordError):
    """The server is too old, or the administrator lacks the rights that setup needs. The sentence says which."""

    code = "database_unfit"


@contextmanager
def heeding(connection: psycopg.Connection) -> Iterator[None]:
    """Raise Warned at the end of the block if PostgreSQL sent a warning. PostgreSQL warns when it skips a grant."""
    warnings: list[str] = []

    def note(message: psycopg.errors.Diagnostic) -> None:
        if message.severity_nonlocalized == "WARNING":
            warnings.append(message.message_primary or "no text")

    connection.add_notice_handler(note)
    try:
        yield
    finally:
        connection.remove_notice_handler(note)
    if warnings:
        raise Warned(f"PostgreSQL did not do everything that Accord asked for: {warnings[0]}.")


def make_roles(databases: Databases, dsn: str) -> None:
    """Create the five roles with their `ATTRIBUTES`. Each role has a password from `var/secrets.json` and a time limit
    as its only setting.

    Raises NotOurServer, Warned.
    """
    with psycopg.connect(dsn, autocommit=True) as admin, heeding(admin):
        _insist_on_a_superuser(admin)
        admin.execute("select pg_advisory_lock(hashtext('roles of accord'))")  # two setups at once would fail
        for role in ROLES:
            _make_role(admin, role, databases.connection(role)["PASSWORD"])
        admin.execute("grant accord_reader to accord_web")


def _insist_on_a_superuser(admin: psycopg.Connection) -> None:
    version = admin.info.server_version // 10000
    if version < OLDEST:
        raise NotOurServer(f"This server is PostgreSQL {version}. Accord needs PostgreSQL {OLDEST} or newer.")
    row = admin.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()
    if not row or not row[0]:
        raise NotOurServer(
            "The account in ACCORD_ADMIN_URL is not a superuser of this server. Accord needs one for init and restore: only a "
            "superuser can revoke what PostgreSQL grants to everyone."
        )


def _make_role(admin: psycopg.Connection, role: str, password: str) -> None:
    name = sql.Identifier(f"accord_{role}")
    if not admin.execute("select 1 from pg_roles where rolname = %s", [f"accord_{role}"]).fetchone():
        admin.execute(sql.SQL("create role {}").format(name))
    admin.execute(
        sql.SQL(
            "alter role {} login nosuperuser nobypassrls nocreatedb nocreaterole noreplication noinherit "
            "connection limit -1 password {}"
        ).format(name, sql.Literal(password))
    )
    valid = admin.execute(
        "select rolvaliduntil is null from pg_roles where rolname = %s", [f"accord_{role}"]
    ).fetchone()
    if valid != (True,):
        admin.execute(sql.SQL("alter role {} valid until 'infinity'").format(name))
    admin.execute(sql.SQL("alter role {} reset all").format(name))
    admin.execute(
        sql.SQL("alter role {} set statement_timeout = {}").format(name, sql.Literal(statement_timeout(role)))
    )
    for (database,) in admin.execute(SET_IN, [f"accord_{role}"]).fetchall():
        admin.execute(sql.SQL("alter role {} in database {} reset all").format(name, sql.Identifier(database)))


def astray(connection: psycopg.Connection) -> set[str]:
    """Return the attributes and settings of the five roles that differ from what they should be."""
    found = set()
    # A role without this value and one with infinity are the same.
    columns = ", ".join(f"nullif({each}, 'infinity')" if each == "rolvaliduntil" else each for each in ATTRIBUTES)
    for role in ROLES:
        query = f"select rolconfig, {columns} from pg_roles where rolname = %s"  # noqa: S608 - names of this file
        row = connection.execute(query, [f"accord_{role}"]).fetchone()
        if row is None:
            found.add(f"role accord_{role}: missing")
            continue
        settings = set(row[0] or ()) ^ {f"statement_timeout={statement_timeout(role)}"}
        found |= {f"role accord_{role}: {each.split('=')[0]}" for each in settings}
        for (database,) in connection.execute(SET_IN, [f"accord_{role}"]).fetchall():
            found.add(f"role accord_{role}: settings in {database}")
        attributes = zip(ATTRIBUTES.items(), row[1:], strict=True)
        found |= {f"role accord_{role}: {name}" for (name, due), is_ in attributes if is_ != due}
    return found


SET_IN = """
select d.datname from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase join pg_roles r on r.oid = s.setrole
where r.rolname = %s
"""


# Functions that anyone can call by default. They end other users' connections, store bytes outside every floor, or
# return table counters and sizes, which show when an agency writes.
CLOSED_FUNCTIONS = """
select oid from pg_proc where pronamespace = 'pg_catalog'::regnamespace and (
    proname ~ '^(pg_terminate_backend|pg_cancel_backend|lo_.*|pg_(total_)?relation_size|pg_table_size|pg_indexes_size)$'
    or (proname ~ '^pg_stat_get_' and proargtypes::text = '26'))
"""


CLOSE_FUNCTIONS = """
do $$ declare f record; begin
  for f in select oid::regprocedure as name from (CLOSED) closed loop
    execute format('revoke execute on function %s from public', f.name);
  end loop;
end $$
""".replace("CLOSED", CLOSED_FUNCTIONS)


def close_public(dsn: str) -> None:
    """Revoke the rights that PostgreSQL grants to everyone, and give the tables' schema to their owner.

    The owner role does not inherit. So before PostgreSQL 16, owning the database is not enough to grant anything there.
    """
    with psycopg.connect(dsn, autocommit=True) as admin, heeding(admin):
        admin.execute("alter schema public owner to accord_owner")
        admin.execute("revoke all on schema public from public")
        admin.execute("grant all on schema public to accord_owner")
        admin.execute(CLOSE_FUNCTIONS)
        close_database(admin, admin.info.dbname)


def close_database(admin: psycopg.Connection, name: str) -> None:
    """Revoke the rights on the database itself that PostgreSQL grants to everyone. In a copy of the database,
    everything else already comes from the template."""
    database = sql.Identifier(name)
    admin.execute(sql.SQL("alter database {} owner to accord_owner").format(database))
    admin.execute(sql.SQL("revoke all on database {} from public").format(database))
    admin.execute(sql.SQL("grant connect on database {} to accord_web, accord_worker, accord_backup").format(database))
