"""The current time. It comes from one SQL function, so that tests can change the time for the code and the database at
once."""

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
    """Freeze the time within one transaction by asking the database once and reusing its answer."""
    token = _standing.set([])
    try:
        yield
    finally:
        _standing.reset(token)


def stand(at: datetime) -> None:
    """Set this transaction's time to a time that the database has already returned."""
    kept = _standing.get()
    if kept is not None:
        kept[:] = [at.astimezone(UTC)]


def now() -> datetime:
    """Return this transaction's time, in UTC."""
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
    """Return today's date in an agency's time zone."""
    return now().astimezone(ZoneInfo(zone)).date()
