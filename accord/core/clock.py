"""What time it is: one SQL function for everybody, so that tests can move time for code and database at once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db import connection


def now() -> datetime:
    """The time of this transaction, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("select accord.now()")
        value: datetime = cursor.fetchone()[0]
    return value.astimezone(UTC)


def today(zone: str) -> date:
    """The local date in an agency's time zone."""
    return now().astimezone(ZoneInfo(zone)).date()
