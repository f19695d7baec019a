"""Run one transaction: freeze time, set the actor's ticket, do the work, append to the audit log, and commit.

The web server does this once per request (`middleware.py`). The command line, the demo, and the tests use the same
`acting` function.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InternalError, OperationalError, connection, transaction

from accord.access.trail import Trail
from accord.core import clock
from accord.core.errors import AccordError

alarm = logging.getLogger("accord.alarm")
# The database is unreachable, its disk is full, or it has reached a file limit (PostgreSQL calls this "internal").
AWAY = (OperationalError, InternalError)


class LogDown(AccordError):
    """The audit log can't be written, so nothing is read or changed (acceptance line 104). The operator is alerted."""

    code = "log_down"
    status = 503


BEGINS = "select accord.now(), set_config('accord.ticket', %s, true)"
READER_BEGINS = f"{BEGINS}, set_config('role', 'accord_reader', true)"


@contextmanager
def acting(ticket: str, *, reading: bool = False, trail: Trail | None = None) -> Iterator[Trail]:
    """Run a transaction as the holder of this ticket ('' for no one), and append the trail before committing."""
    trail = trail if trail is not None else Trail()
    with clock.standing_still(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(READER_BEGINS if reading else BEGINS, [ticket])
            clock.stand(cursor.fetchone()[0])
        yield trail
        try:
            trail.write()
        except AWAY:
            raise
        except DatabaseError as error:
            alarm.critical("The audit log cannot be written. Every page is refused until it can. Fix this now.")
            raise LogDown from error
