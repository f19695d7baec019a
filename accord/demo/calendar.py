"""Build the demo's past. The demo's clock runs through a year and a half before it is set to the real time, so that
records, notes, and services are as old as their dates. Only the demo does this, as the tables' owner, and only while it
is being built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

import psycopg

from accord.core import clock
from accord.demo.riverbend import PERSONAS, ZONE, Region
from accord.membership import services as membership
from accord.numbers.rules import Period, period_of
from accord.sharing.floor import CLOCK

NOW = "pg_catalog.now()"
SIGN_IN_EVERY = timedelta(days=50)  # an account that no one uses for 90 days is closed


@dataclass
class Calendar:
    """Sets the demo's clock. `connect` opens a connection as the tables' owner."""

    connect: Callable[[], psycopg.Connection]
    real: datetime = field(default_factory=clock.now)
    signed_in: datetime | None = None

    @property
    def today(self) -> date:
        """Return the real date."""
        return self.real.astimezone(ZoneInfo(ZONE)).date()

    @property
    def period(self) -> Period:
        """Return the last half-year that has ended."""
        return period_of(self.today).before()

    def ago(self, region: Region, days: int, hour: int, minute: int = 0) -> None:
        """Move the clock to a moment this many days before the real date. By then, everyone's session has ended."""
        self.go(region, self.today - timedelta(days=days), hour, minute)

    def go(self, region: Region, day: date, hour: int, minute: int = 0) -> None:
        """Move the clock to a moment in Riverbend. By then, everyone's session has ended. Everyone signs in again often
        enough that no account is closed."""
        self.start(day, hour, minute)
        region.sessions.clear()
        now = clock.now()
        if self.signed_in is None or now - self.signed_in > SIGN_IN_EVERY:
            self.signed_in = now
            for persona in PERSONAS:
                with region.as_(persona.user) as actor:
                    membership.renew_access(actor=actor)

    def start(self, day: date, hour: int, minute: int = 0) -> None:
        """Set the clock before there are any accounts."""
        at = datetime.combine(day, time(hour, minute), ZoneInfo(ZONE))
        with self.connect() as owner:
            ((machine,),) = owner.execute(f"select {NOW}".encode()).fetchall()
        self._set(f"{NOW} + interval '{ceil((at - machine).total_seconds())} seconds'")

    def set_right(self) -> None:
        """Set the demo's clock back to the machine's time, with the same clock function as any other database."""
        self._set(NOW)

    def _set(self, words: str) -> None:
        with self.connect() as owner:
            owner.execute(CLOCK.replace(NOW, words).encode())
