"""Run the checks of `accord verify`: that the database matches what Accord writes, and that every audit log is
intact."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db.migrations.loader import MigrationLoader

from accord.audit.queries import EVENT_COLUMNS, chain_start, first_break
from accord.audit.services import head_bound
from accord.config import catalog, install, roles
from accord.config.database import ROLES
from accord.core.floors import Floor
from accord.sharing import floor
from accord.vault import sealing
from accord.vault.ring import SIGNING_KEY

LOCK_TIMEOUT = "5s"
DUE = "accord_due"  # where tables are built for comparison and always rolled back


def floor_differences(owner: psycopg.Connection) -> list[str]:
    """Return the names of everything that differs: policies, grants, functions, tables, roles, and anything unknown.

    The floor is written again in a transaction that is rolled back, and PostgreSQL's catalog before and after is
    compared. Tables are compared with what the migrations build. Runs as owner.
    """
    found = _strange(owner) | roles.astray(owner) | _compared(_built(owner, "public"), _tables_due(owner))
    return sorted(found | _floor_compared(owner))


def exchange_breaks(owner: psycopg.Connection) -> list[str]:
    """Return the exchange steps that don't follow from the step before them. Runs as owner."""
    rows = owner.execute("select exchange, step from accord.exchange_breaks()").fetchall()
    return [f"exchange {exchange}, step {step}" for exchange, step in rows]


def _floor_compared(owner: psycopg.Connection) -> set[str]:
    """Compare the floor. Writing the floor needs locks, which a busy database grants only after a while."""
    for attempts_left in (2, 1, 0):
        try:
            return _compared(dict(owner.execute(catalog.FLOOR).fetchall()), _floor_due(owner))
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as error:
            if not attempts_left:
                return {f"policies and functions: the database was too busy to compare them ({type(error).__name__})"}
        except psycopg.Error as error:
            # Something no longer belongs to the owner, and other lines identify it.
            return {f"the floor can't be written again ({type(error).__name__})"}
    raise AssertionError("unreachable")


def _compared(found: dict[str, str], due: dict[str, str]) -> set[str]:
    return {name for name in found.keys() | due.keys() if found.get(name) != due.get(name)}


def _floor_due(owner: psycopg.Connection) -> dict[str, str]:
    """Return the catalog after writing the floor from scratch."""
    with owner.transaction(force_rollback=True):
        owner.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
        owner.execute("drop schema accord cascade")  # to remove functions that Accord did not write
        for statement in floor.statements():
            owner.execute(statement.encode())
        return dict(owner.execute(catalog.FLOOR).fetchall())


def _built(owner: psycopg.Connection, schema: str) -> dict[str, str]:
    with owner.transaction(force_rollback=True):
        owner.execute(f"set local search_path = {schema}")
        return dict(owner.execute(catalog.BUILT).fetchall())


_known_tables: dict[int, dict[str, str]] = {}


def _tables_due(owner: psycopg.Connection) -> dict[str, str]:
    """Run the migrations beside the real tables, return what they build on this PostgreSQL version, and roll back."""
    version = owner.info.server_version
    if version not in _known_tables:
        _known_tables[version] = _migrated(owner.info.dbname)
    return _known_tables[version]


def _migrated(database: str) -> dict[str, str]:
    from django.db import transaction
    from django.db.migrations.recorder import MigrationRecorder

    with install.owner_alias(NAME=database) as connection, transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            cursor.execute(f"create schema {DUE}")
            cursor.execute(f"set local search_path = {DUE}")
        MigrationRecorder(connection).ensure_schema()
        loader = MigrationLoader(None)
        state = loader.project_state(nodes=[])
        for node in _order(loader):
            with connection.schema_editor() as editor:
                state = loader.graph.nodes[node].apply(state, editor)
        with connection.cursor() as cursor:
            cursor.execute(catalog.BUILT)
            built = dict(cursor.fetchall())
        transaction.set_rollback(True, using=connection.alias)
    return built


def _order(loader: MigrationLoader) -> list[tuple[str, str]]:
    order: dict[tuple[str, str], None] = {}
    for leaf in loader.graph.leaf_nodes():
        order.update(dict.fromkeys(loader.graph.forwards_plan(leaf)))
    return list(order)


def _strange(owner: psycopg.Connection) -> set[str]:
    return {name for (name,) in owner.execute(catalog.STRANGE).fetchall()}


# The floors whose tables each role can read. The other roles can read every table.
_OPEN = frozenset(Floor) - {Floor.SYSTEM, Floor.QUEUE}
READS = {"accord_web": _OPEN, "accord_reader": _OPEN, "accord_worker": frozenset({Floor.QUEUE})}


def what_roles_cannot(database: str = "") -> list[str]:
    """Sign in as each role with the password in `var/`, and return whatever the role needs to do but can't do."""
    return [line for role in ROLES for line in _tried(role, database)]


def _tried(role: str, database: str) -> Iterator[str]:
    if not install.signs_in(role, database):
        yield f"role accord_{role}: the password in var/ does not work"
        return
    for other in {"owner": [""], "web": ["", "accord_reader"], "worker": [""], "backup": [""]}.get(role, []):
        with install.connect_as(role, database) as connection:
            if other:
                connection.execute(f"set role {other}")
            yield from _unreadable(connection, other or f"accord_{role}")


def _unreadable(connection: psycopg.Connection, name: str) -> Iterator[str]:
    for table, kept in sorted(floor.tables().items()):
        if kept not in READS.get(name, frozenset(Floor)):
            continue
        try:
            with connection.transaction():
                connection.execute(f"select from public.{table} limit 0")
        except psycopg.Error:
            yield f"role {name}: cannot read {table}"


@dataclass(frozen=True)
class Chain:
    """One audit log: its length, the place where it is broken (or None), and the last line that its agency has
    signed."""

    owner: uuid.UUID
    length: int
    broken_at: int | None
    signed_to: int
    bad_signature_at: int | None

    @property
    def holds(self) -> bool:
        """Return True if nothing was changed, inserted, or removed."""
        return self.broken_at is None and self.bad_signature_at is None


def chains(owner: psycopg.Connection) -> Iterator[Chain]:
    """Check every audit log from its first line to its head, and yield the results."""
    heads = owner.execute(
        "select coalesce(h.owner, e.owner), h.position, h.hash from audit_chainhead h "
        "full join (select distinct owner from audit_event) e on e.owner = h.owner order by 1"
    ).fetchall()
    for agency, position, link in heads:
        yield _chain(owner, agency, position or 0, bytes(link or b""))


def _chain(owner: psycopg.Connection, agency: uuid.UUID, position: int, link: bytes) -> Chain:
    # One statement reads the head together with the lines, so a line written meanwhile is in both or in neither.
    signed = owner.execute(
        "select s.position, s.hash, s.signature, k.public from audit_signedhead s left join vault_ringkey k "
        "on k.owner = s.owner and k.code = %s and k.version = s.key_version where s.owner = %s order by s.position",
        [SIGNING_KEY, agency],
    ).fetchall()
    at_head: dict[int, bytes] = {}
    wanted = {row[0] for row in signed}
    with owner.transaction(), owner.cursor(name="chain") as rows:
        rows.execute(
            f"select (select position from audit_chainhead where owner = %(agency)s), "  # noqa: S608
            f"(select hash from audit_chainhead where owner = %(agency)s), {EVENT_COLUMNS} "
            "from audit_event where owner = %(agency)s order by audit_event.position",
            {"agency": agency},
        )

        def watched() -> Iterator[tuple[Any, ...]]:
            nonlocal position, link
            for head, hash_at_head, *row in rows:
                position, link = head or 0, bytes(hash_at_head or b"")
                if row[0] in wanted:
                    at_head[row[0]] = bytes(row[2])
                yield tuple(row)

        length, last, broken = first_break(watched(), chain_start(agency))
    if broken is None and (length != position or last != link):
        broken = min(length, position) + 1
    bad = next((row[0] for row in signed if not _stands(agency, row, at_head)), None)
    return Chain(agency, length, broken, max(wanted, default=0), bad)


def _stands(agency: uuid.UUID, row: tuple[int, bytes, bytes, bytes | None], at_head: dict[int, bytes]) -> bool:
    position, link, signature, public = row[0], bytes(row[1]), bytes(row[2]), bytes(row[3] or b"")
    message = head_bound(agency, position, link)
    return at_head.get(position) == link and sealing.signed_by(public[1:], signature, message)
