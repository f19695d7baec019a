"""What time it is: one SQL function for everybody, so that tests can move time for code and database at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db import connection

_standing: ContextVar[list[datetime] | None] = ContextVar("accord_now", default=None)


@contextmanager
def standing_still() -> Iterator[None]:
    """Within one transaction time does not pass: the database is asked once."""
    token = _standing.set([])
    try:
        yield
    finally:
        _standing.reset(token)


def stand(at: datetime) -> None:
    """The time of this transaction, where the database has told it already."""
    kept = _standing.get()
    if kept is not None:
        kept[:] = [at.astimezone(UTC)]


def now() -> datetime:
    """The time of this transaction, in UTC."""
    kept = _standing.get()
    if kept:
        return kept[0]
    with connection.cursor() as cursor:
        cursor.execute("select accord.now()")
        value: datetime = cursor.fetchone()[0].astimezone(UTC)
    if kept is not None:
        kept.append(value)
    return value


def today(zone: str) -> date:
    """The local date in an agency's time zone."""
    return now().astimezone(ZoneInfo(zone)).date()
