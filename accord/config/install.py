"""Create an installation with its secrets, roles, database, migrations, and floors.

This code runs as the server's administrator and as `accord_owner`, never while serving.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from accord.config import roles
from accord.config.database import Databases
from accord.core.errors import AccordError

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


class Unreachable(AccordError):
    """The database server does not respond or refuses the account. The sentence says which."""

    code = "database_unreachable"


class OtherKind(AccordError):
    """A demo was requested in the folder of a real installation, or the other way around."""

    code = "other_kind"
    exit_code = 2


def insist_on(*, demo: bool) -> None:
    """Raise OtherKind if this folder holds a demo but a real installation is requested, or the other way around."""
    databases = Databases(var_folder())
    if not databases.file.exists() or databases.is_demo is demo:
        return
    raise OtherKind(
        "This folder holds a real installation. The demo's passphrase is public: give the demo another folder with ACCORD_VAR."
        if demo
        else "This folder holds the demo, whose passphrase is public. Give the real installation another folder with ACCORD_VAR."
    )


def var_folder() -> Path:
    """Return the folder with this installation's own files."""
    return Path(os.environ.get("ACCORD_VAR", Path(__file__).resolve().parents[2] / "var"))


def prepare(*, demo: bool, admin_url: str = "") -> None:
    """Set up everything that a new installation needs to serve. Running this again only updates the installation."""
    insist_on(demo=demo)
    databases = Databases(var_folder())
    databases.make_secrets(demo=demo)
    prepare_server(databases, admin_url)
    setup_django()
    migrate()
    _try_the_roles()


def _try_the_roles() -> None:
    from accord.config import verify  # imported here because it checks what this file creates

    missing = verify.what_roles_cannot()
    if missing:
        raise roles.Warned(f"The database was set up, but its roles can't do their work: {'; '.join(missing[:5])}.")


def prepare_server(databases: Databases, admin_url: str, database: str = "") -> None:
    """Create the server, the roles, and an empty database if they are missing."""
    if not databases.url:
        databases.cluster().ensure()
    elif not admin_url:
        raise Unreachable("DATABASE_URL names a server. Also set ACCORD_ADMIN_URL, the address of its administrator.")
    try:
        _make_roles_and_database(databases, admin_url, database or databases.name)
    except psycopg.OperationalError as error:
        raise Unreachable(
            "The database server in ACCORD_ADMIN_URL does not respond, or refuses this account."
        ) from error


def start() -> bool:
    """Start the embedded server if it is down. Return True if this call started it.

    Raises NotInitialized, DatabaseUnavailable.
    """
    databases = Databases(var_folder())
    databases.secret("database")
    return False if databases.url else databases.cluster().ensure()


def reach(role: str = "web") -> bool:
    """Check that this installation is set up and that its database accepts this role.

    Returns True if the embedded server was down and has been started. Raises NotInitialized, Unreachable.
    """
    started = start()
    databases = Databases(var_folder())
    if not signs_in(role):
        if any(signs_in(other) for other in ("owner", "worker", "backup") if other != role):
            raise Unreachable(
                f"The database responds, but refuses the password of accord_{role} in {databases.var}: it was changed in the "
                "database. Run `accord init` to set it again, then `accord verify`."
            )
        raise Unreachable("The database does not respond, or is not set up here. Run `accord init`.")
    return started


def signs_in(role: str, database: str = "") -> bool:
    """Return True if the database accepts this role with the password in `var/`."""
    try:
        connect_as(role, database).close()
    except psycopg.OperationalError as error:
        # `reader` can't connect on its own. If it is refused for that reason, its password was right.
        return role == "reader" and "permission denied for database" in str(error)
    return True


def wrong_roles() -> list[str]:
    """Return settings that roles changed for themselves, and passwords that no longer work.

    On the embedded server, these changes are undone here. On your own server, `accord init` undoes them.
    """
    databases = Databases(var_folder())
    if databases.url:
        if not signs_in("owner"):
            return []  # `reach` reports why
        with connect_as("owner") as owner:
            return sorted(roles.astray(owner))
    with psycopg.connect(admin_dsn(databases, "")) as admin:
        found = roles.astray(admin)
    found |= {f"role accord_{role}: password" for role in roles.ROLES if not signs_in(role)}
    if found:
        roles.make_roles(databases, admin_dsn(databases, ""))
    return sorted(found)


def drop_demo() -> None:
    """Remove a half-built demo. Never touch an installation that is not marked as a demo."""
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


def work_as(role: str) -> None:
    """Make Django connect as this role from now on. Call this once, after `setup_django` and before any statement."""
    from django.db import connections

    connections["default"].close()
    connections["default"].settings_dict |= Databases(var_folder()).connection(role)
    connections.settings["default"] |= Databases(var_folder()).connection(role)


def admin_dsn(databases: Databases, admin_url: str, database: str = "postgres") -> str:
    """Return a connection string for the server's administrator."""
    if databases.url:
        return psycopg.conninfo.make_conninfo(admin_url, dbname=database)
    user, password = databases.cluster().superuser
    return databases.cluster().dsn(user, password, database)


def _make_roles_and_database(databases: Databases, admin_url: str, name: str) -> None:
    roles.make_roles(databases, admin_dsn(databases, admin_url))
    with psycopg.connect(admin_dsn(databases, admin_url), autocommit=True) as admin:
        exists = admin.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
        if not exists:
            admin.execute(sql.SQL("create database {} owner accord_owner").format(sql.Identifier(name)))
    roles.close_public(admin_dsn(databases, admin_url, name))


@contextmanager
def owner_alias(**place: object) -> Iterator[BaseDatabaseWrapper]:
    """Yield a Django connection as `accord_owner`. `place` overrides the installation's own database."""
    from django.db import connections

    settings = {**connections.settings["default"], **Databases(var_folder()).connection("owner"), **place}
    connections.settings["owner"] = connections.databases["owner"] = settings
    try:
        connections["owner"].ensure_connection()
        yield connections["owner"]
    finally:
        connections["owner"].close()
        del connections["owner"]  # the next call can use another database


def migrate(**place: object) -> None:
    """Migrate the tables as `accord_owner`, then write the floors. Raises Warned."""
    from django.core.management import call_command

    with owner_alias(**place) as owner:
        with roles.heeding(owner.connection):
            call_command("migrate", database="owner", verbosity=0)
        apply_floors(owner.alias)


def apply_floors(alias: str) -> None:
    """Write functions, grants, and policies in one transaction. If this raises Warned, nothing is written."""
    from django.db import connections, transaction

    from accord.sharing import floor

    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        raw = cursor.connection.cursor()
        with roles.heeding(connections[alias].connection):
            for statement in floor.statements():
                raw.execute(statement)


def found_hub(name: str, operator: str, database: str = "") -> str:
    """Create the hub and invite its first operator. Return the code, or '' if there already is a hub. Runs as owner."""
    from accord.access.codes import HUB
    from accord.membership.services import invitation_hash, new_code

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
            "insert into membership_invitation (owner, id, name, roles, code_hash, by, at) "
            "values (%s, gen_random_uuid(), %s, '{operator,officer}', %s, %s, accord.now())",
            [hub, operator, invitation_hash(code), hub],
        )
    return code


def connect_as(role: str, database: str = "") -> psycopg.Connection:
    """Return a new connection as one of our roles, outside Django."""
    return psycopg.connect(dsn_of(role, database))


def dsn_of(role: str, database: str = "") -> str:
    """Return a connection string for one of our roles. `database` overrides the installation's own database."""
    databases = Databases(var_folder())
    place = databases.connection(role)
    return psycopg.conninfo.make_conninfo(
        host=place["HOST"],
        port=place["PORT"],
        user=place["USER"],
        password=place["PASSWORD"],
        dbname=database or databases.name,
    )
