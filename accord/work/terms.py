"""Write the task terms that rooms declare as SQL functions, so that no statement can request or escalate a task on
other terms. `sharing/floor.py` writes these functions after each migration."""

from __future__ import annotations

from accord.core.rooms import Task, tasks
from accord.core.statements import build_sql

_TERMS = """
create or replace function accord.task_terms()
returns table (code text, role text, within integer, late integer, tells text[], notice text, asker boolean)
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  values
{rows}
$$
"""


def task_terms() -> str:
    """Return the SQL function that lists the terms of tasks that escalate or that another agency may request."""
    rows = [_row(code, task) for code, task in sorted(tasks().items()) if task.escalates or task.within]
    return build_sql(_TERMS, rows=",\n".join(rows))


def _row(code: str, task: Task) -> str:
    to = task.escalates
    late, tells, notice, asker = (to.days, to.roles, to.notice, to.asker) if to else ("null", (), "", False)
    roles = ", ".join(f"'{role}'" for role in tells)
    return (
        f"    ('{code}', '{task.role}', {task.within}, {late}::integer, array[{roles}]::text[], '{notice}', "
        f"{str(asker).lower()})"
    )
