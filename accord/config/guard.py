"""Refuse to start as a role that the floor does not bind.

This checks the connected role and both roles that answer requests. A GET runs as `accord_reader`, and everything else
runs as `accord_web`. `accord verify` checks far more. This check covers only what the serving process can see and what
would bypass the floor.
"""

from __future__ import annotations

import re
import resource
from typing import Any

from django.db import connection

from accord.core.errors import AccordError
from accord.sharing import floor

UNBOUND = """
with serving as (select * from pg_roles where rolname in (current_user, session_user, 'accord_web', 'accord_reader')),
ours as (select c.* from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
         and c.relrowsecurity and c.relowner::regrole::text = 'accord_owner')
select format('served as %s', current_user) where current_user <> 'accord_web'
union all
select format('role %s is more than it should be', rolname) from serving
  where rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
union all
select format('role %s may act as %s', s.rolname, m.roleid::regrole) from pg_auth_members m join serving s on s.oid = m.member
  where (s.rolname, m.roleid::regrole::text) <> ('accord_web', 'accord_reader')
union all
select format('role %s owns %s', s.rolname, c.oid::regclass) from pg_class c join serving s on s.oid = c.relowner
  where c.relkind in ('r', 'p') and c.relnamespace in ('public'::regnamespace, 'accord'::regnamespace)
union all
select format('table %s has no row security', c.oid::regclass) from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.oid not in (select oid from ours)
union all
select format('role %s may use %s', s.rolname, c.oid::regclass) from pg_class c cross join serving s
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and not s.rolsuper and c.oid not in (select oid from ours)
  and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace)
  and (has_table_privilege(s.oid, c.oid, 'select, insert, update, delete, truncate, trigger')
    or has_any_column_privilege(s.oid, c.oid, 'select, insert, update'))
union all
select format('role %s may use the schema %s', s.rolname, n.nspname) from pg_namespace n cross join serving s
  where n.nspname !~ '^pg_' and n.nspname not in ('public', 'accord', 'information_schema') and not s.rolsuper
  and has_schema_privilege(s.oid, n.oid, 'usage')
"""

POLICIES = """
select tablename, policyname, coalesce(qual = 'true', false), coalesce(with_check = 'true', false)
from pg_policies where schemaname = 'public' and permissive = 'PERMISSIVE'
"""


class Unbound(AccordError):
    """The serving role could bypass the floor. The sentence says what is wrong and never quotes a row."""

    code = "unbound_role"


def faults(cursor: Any) -> list[str]:
    """Return the faults that would let a serving process bypass the floor, as lines for the operator. The result is
    empty if there are none."""
    cursor.execute(UNBOUND)
    found = {line for (line,) in cursor.fetchall()}
    cursor.execute(POLICIES)
    there = set(cursor.fetchall())
    return sorted(found | {f"policy {name} of {table}" for table, name, *_open in there - _policies()})


def _policies() -> set[tuple[str, str, bool, bool]]:
    """Return the floor's policies, each with its table, its name, and whether all rows can be read or written."""
    found = set()
    for table, kept in floor.tables().items():
        for line in floor.policies(table, kept):
            if policy := re.match(r"create policy (\w+) on (\w+) ", line):
                found.add((policy[2], policy[1], "using (true)" in line, "with check (true)" in line))
    return found


def check() -> None:
    """Raise Unbound unless row security binds the serving role. Also forbid core dumps, because memory holds keys."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with connection.cursor() as cursor:
        found = faults(cursor)
    connection.close()
    if found:
        raise Unbound(
            f"Accord did not start: this database could be read past the floor ({'; '.join(found[:5])}). "
            f"Serve as accord_web and run `accord verify` as the operator. `accord init` creates the roles again."
        )
