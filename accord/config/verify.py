"""What `accord verify` looks at: do the floors stand as written, and does every log hold? Runs as the tables' owner."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from accord.audit.queries import EVENT_COLUMNS, chain_start, first_break
from accord.audit.services import head_bound
from accord.sharing import floor
from accord.vault import sealing
from accord.vault.ring import SIGNING_KEY

# Everything in the catalogue that decides who may see what, one line of text each.
SNAPSHOT = """
select format('policy %s of %s', policyname, tablename), format('%s %s %s %s %s', permissive, roles, cmd, qual, with_check)
  from pg_policies where schemaname = 'public'
union all
select 'table ' || c.relname, format('%s %s %s %s', c.relkind, c.relrowsecurity, c.relowner::regrole,
    (select array_agg(a::text order by a::text) from unnest(c.relacl) a))
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
union all
select format('column %s of %s', a.attname, a.attrelid::regclass), a.attacl::text
  from pg_attribute a join pg_class c on c.oid = a.attrelid
  where c.relnamespace = 'public'::regnamespace and a.attacl is not null
union all
select 'function ' || p.oid::regprocedure, format('%s %s %s %s %s %s', p.prosrc, pg_get_function_sqlbody(p.oid),
    p.prosecdef, p.proconfig, p.proowner::regrole, (select array_agg(a::text order by a::text) from unnest(p.proacl) a))
  from pg_proc p where p.pronamespace in ('public'::regnamespace, 'accord'::regnamespace)
union all
select 'trigger ' || tgname, tgrelid::regclass::text from pg_trigger where not tgisinternal
union all
select 'schema ' || nspname, (select array_agg(a::text order by a::text) from unnest(nspacl) a)::text
  from pg_namespace where nspname in ('public', 'accord')
"""


def floor_differences(owner: psycopg.Connection) -> list[str]:
    """Names of policies, grants, tables and functions that are not as `sharing/floor.py` writes them.

    The floor is written anew inside a transaction that is rolled back, and the catalogue before and after compared:
    what PostgreSQL itself makes of the statements is the measure.
    """
    found = dict(owner.execute(SNAPSHOT).fetchall())
    with owner.transaction(force_rollback=True):
        owner.execute("set local lock_timeout = '5s'")
        for statement in floor.statements():
            owner.execute(statement.encode())
        due = dict(owner.execute(SNAPSHOT).fetchall())
    changed = {name for name in found.keys() | due.keys() if found.get(name) != due.get(name)}
    return sorted(changed | _unwritten(found))


def _unwritten(found: dict[str, str]) -> set[str]:
    """Functions that no file writes, and tables that no model declares."""
    text = "\n".join([floor.CLOCK, *floor.functions()])
    written = set(re.findall(r"create or replace function (accord\.\w+)", text))
    functions = {name for name in found if name.startswith("function ") and name[9:].split("(")[0] not in written}
    tables = {f"table {name}" for name in floor.tables()}
    kept = {name for name, says in found.items() if name.startswith("table ") and not says.startswith("S ")}
    return functions | (kept - tables)


@dataclass(frozen=True)
class Chain:
    """One log: how long it is, where it breaks (or None), and up to where its agency has signed it."""

    owner: uuid.UUID
    length: int
    broken_at: int | None
    signed_to: int
    bad_signature_at: int | None

    @property
    def holds(self) -> bool:
        """Whether nothing was changed, put in or taken out."""
        return self.broken_at is None and self.bad_signature_at is None


def chains(owner: psycopg.Connection) -> Iterator[Chain]:
    """Every log, checked from its first line to its head."""
    heads = owner.execute(
        "select coalesce(h.owner, e.owner), h.position, h.hash from audit_chainhead h "
        "full join (select distinct owner from audit_event) e on e.owner = h.owner order by 1"
    ).fetchall()
    for agency, position, link in heads:
        yield _chain(owner, agency, position or 0, bytes(link or b""))


def _chain(owner: psycopg.Connection, agency: uuid.UUID, position: int, link: bytes) -> Chain:
    signed = owner.execute(
        "select s.position, s.hash, s.signature, k.public from audit_signedhead s left join vault_ringkey k "
        "on k.owner = s.owner and k.code = %s and k.version = s.key_version where s.owner = %s order by s.position",
        [SIGNING_KEY, agency],
    ).fetchall()
    at_head: dict[int, bytes] = {}
    wanted = {row[0] for row in signed}
    with owner.transaction(), owner.cursor(name="chain") as rows:
        rows.execute(f"select {EVENT_COLUMNS} from audit_event where owner = %s order by position", [agency])  # noqa: S608

        def watched() -> Iterator[tuple[object, ...]]:
            for row in rows:
                if row[0] in wanted:
                    at_head[row[0]] = bytes(row[2])
                yield row

        length, last, broken = first_break(watched(), chain_start(agency))
    if broken is None and (length != position or last != link):
        broken = min(length, position) + 1
    bad = next((row[0] for row in signed if not _stands(agency, row, at_head)), None)
    return Chain(agency, length, broken, max(wanted, default=0), bad)


def _stands(agency: uuid.UUID, row: tuple[int, bytes, bytes, bytes | None], at_head: dict[int, bytes]) -> bool:
    position, link, signature, public = row[0], bytes(row[1]), bytes(row[2]), bytes(row[3] or b"")
    message = head_bound(agency, position, link)
    return at_head.get(position) == link and sealing.signed_by(public[1:], signature, message)
