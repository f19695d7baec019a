"""Take turns: everything that is compared runs in the same rounds, so that a busy moment slows all of it alike.

Times are processor time, adding up the Python process and the database process. On a machine that others use too, the
elapsed time says little. Each round starts with a loop that only hashes. The ratio to this loop stays the same when the
processor itself is slower for a while.
"""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from django.db import connection

from tests import region
from tests.region import World

K = TypeVar("K")
T = TypeVar("T")

# The driver prepares a statement the sixth time it is used, and the database keeps its plan the sixth time after that.
WARM = 12
ROUNDS = 25


class Seat:
    """One world with its own thread, and so with its own connection: two worlds of different sizes can take turns."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._thread = ThreadPoolExecutor(1)
        self.do(self._connect)

    def do(self, work: Callable[..., T], *values: Any) -> T:
        """Do some work in this thread and return its result."""
        return self._thread.submit(work, *values).result()

    def _connect(self) -> None:
        region.use(self.world.name)
        connection.ensure_connection()
        connection.settings_dict = dict(connection.settings_dict)  # the next seat changes the one that threads share

    def leave(self) -> None:
        """Close the connection and end the thread."""
        self.do(lambda: connection.close())  # this thread's connection, which only this thread can name
        self._thread.shutdown()


@dataclass(frozen=True)
class Taken:
    """The seconds that one round took: elapsed, this process's processor time, the database's processor time, and the
    seconds that the loop took in the same round."""

    wall: float
    python: float
    database: float
    loop: float = 1.0

    @property
    def processor(self) -> float:
        """Return the processor time. Elapsed time would grow on a busy machine."""
        return self.python + self.database


@dataclass(frozen=True)
class Work:
    """What is measured, and where. `setting` makes what each round needs, outside the measured time. `link` is a
    connection of the work's own. Work of less than a millisecond is done several `times` a round."""

    seat: Seat
    run: Callable[[Any], object]
    setting: Callable[[], AbstractContextManager[Any]] = field(default=nullcontext)
    link: psycopg.Connection | None = None
    times: int = 1

    def once(self, loop: float = 1.0) -> Taken:
        """Run one round."""
        return self.seat.do(self._once, loop)

    def _once(self, loop: float) -> Taken:
        connection.ensure_connection()  # a page may have closed it
        with self.setting() as made:
            # Linux reports the processor time of the connection's own server process to the nanosecond.
            server = Path(f"/proc/{(self.link or connection.connection).info.backend_pid}/schedstat")
            began = (time.perf_counter(), time.process_time(), int(server.read_text().split()[0]))
            for _ in range(self.times):
                self.run(made)
            ended = (time.perf_counter(), time.process_time(), int(server.read_text().split()[0]))
        wall, python, database = ((end - begin) / self.times for begin, end in zip(began, ended, strict=True))
        return Taken(wall, python, database / 1e9, loop)


def calibration() -> float:
    """Return the seconds that a loop takes that only hashes: SHA-256 over 1 MB, 20 times."""
    block = b"0" * 1_000_000
    started = time.process_time()
    for _ in range(20):
        hashlib.sha256(block).digest()
    return time.process_time() - started


def interleaved(works: Mapping[K, Work], rounds: int = 0, warm: int = WARM) -> dict[K, list[Taken]]:
    """Run every work once in each round, after the warm-up rounds, and return what each round took."""
    for _ in range(warm):
        for work in works.values():
            work.once()
    found: dict[K, list[Taken]] = {key: [] for key in works}
    for _ in range(rounds or ROUNDS):
        loop = calibration()
        for key, work in works.items():
            found[key].append(work.once(loop))
    return found


@dataclass(frozen=True)
class Figure:
    """The median of many rounds, and the quartiles: half of the rounds are between them."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Figure:
        """Return the figure for these rounds."""
        if len(values) < 2:
            return cls(values[0], values[0], values[0])
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high)


def note(taken: Sequence[Taken]) -> str:
    """Return where the median round's time went."""
    python, database, wall = (
        statistics.median(getattr(one, part) for one in taken) * 1000 for part in ("python", "database", "wall")
    )
    return f"Python {python:.0f} and database {database:.0f} ms; {wall:.0f} by the clock"
