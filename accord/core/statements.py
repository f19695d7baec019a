"""Handwritten SQL for the queries of every page.

Django took longer to build each of these statements than the database took to run it. Building a statement took about a
millisecond, or several milliseconds if it was nested (docs/explanation/speed.md).
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from psycopg import pq
from psycopg.rows import namedtuple_row


def build_sql(text: str, **parts: str) -> str:
    """Build a statement from constants, once, when its module is loaded.

    Never put values in here. Write them as `%(name)s`, and the driver sends them separately.
    """
    return text.format(**parts)


def fetch(statement: str, **values: Any) -> list[Any]:
    """Run a statement and return its rows, with column names as attributes.

    The same text gets the same query plan, whatever the values. For several ids, write `= any(%(ids)s)`.
    """
    with connection.cursor() as cursor:
        cursor.cursor.row_factory = namedtuple_row
        cursor.cursor.format = pq.Format.BINARY  # sealed bytes, ids, and times take half as long to read
        cursor.execute(statement, values)
        found: list[Any] = cursor.fetchall()
    return found


def call_sql(function: str, *values: object) -> Any:
    """Call one of our SQL functions and return its result, or the first column of its first row."""
    marks = ", ".join(["%s::text[]" if _is_words(value) else "%s" for value in values])
    with connection.cursor() as cursor:
        cursor.execute(f"select accord.{function}({marks})", list(values))
        return cursor.fetchone()[0]


def _is_words(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def lock(name: str) -> None:
    """Wait until no other transaction holds the lock with this name, and hold it until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
