"""One transaction, owned here: stand still in time, set the actor's ticket, do the work, append the log last, commit.

The web does it once per request (`middleware.py`); the command line, the demo and the tests call the same `acting`.
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
# The database is gone, its disk is full, or a quota or limit of its files is reached (which PostgreSQL calls internal).
AWAY = (OperationalError, InternalError)


class LogDown(AccordError):
    """The log cannot be written, so nothing is read or changed (acceptance line 104). Whoever runs the hub is told."""

    code = "log_down"
    status = 503


BEGINS = "select accord.now(), set_config('accord.ticket', %s, true)"
READER_BEGINS = f"{BEGINS}, set_config('role', 'accord_reader', true)"


@contextmanager
def acting(ticket: str, *, reading: bool = False, trail: Trail | None = None) -> Iterator[Trail]:
    """A transaction as the holder of this ticket ('' for nobody). Appends the trail before it commits."""
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
            alarm.critical("The log of who did what cannot be written: every page is refused until it can. Look now.")
            raise LogDown from error
