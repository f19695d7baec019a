"""Insert new rows of one model in one statement, whether there are a few rows or many."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.db import connection
from django.db.models import Field, Model
from psycopg import sql


def insert(rows: Sequence[Model]) -> None:
    """Store rows of one model exactly as given. Every field must have a value.

    This is like `bulk_create`, but it builds the statement only once per model. For a few rows, building the statement
    takes longer than storing the rows.
    """
    if not rows:
        return
    head, marks, fields = _shape(rows[0]._meta.model)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(head + ", ".join([marks] * len(rows)), values)


def insert_many(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> None:
    """Store hundreds or thousands of rows of one model exactly as given. No field may be an array.

    Each column is passed as one value, so the statement's text is the same for any number of rows. Otherwise, thousands
    of placeholders would take most of the time. (PostgreSQL does not allow COPY into a table with row policies.)
    """
    if not rows:
        return
    head, names = _columns(rows[0]._meta.model)
    with connection.cursor() as cursor:
        cursor.execute(
            head + (" on conflict do nothing" if ignore_conflicts else ""),
            [[getattr(row, name) for row in rows] for name in names],
        )


@cache
def _columns(model: type[Model]) -> tuple[str, tuple[str, ...]]:
    fields = tuple(model._meta.concrete_fields)
    columns = sql.SQL(", ").join(sql.Identifier(field.column) for field in fields)
    marks = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
    head = sql.SQL("insert into {} ({}) select * from unnest(").format(sql.Identifier(model._meta.db_table), columns)
    return f"{head.as_string()}{marks})", tuple(field.attname for field in fields)


@cache
def _shape(model: type[Model]) -> tuple[str, str, tuple[Field, ...]]:
    fields = tuple(model._meta.concrete_fields)
    columns = sql.SQL(", ").join(sql.Identifier(field.column) for field in fields)
    head = sql.SQL("insert into {} ({}) values ").format(sql.Identifier(model._meta.db_table), columns)
    return head.as_string(), f"({', '.join(['%s'] * len(fields))})", fields
