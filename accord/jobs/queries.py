"""Show the operator when the worker was last seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accord.core import clock
from accord.core.rooms import Job, jobs
from accord.core.statements import fetch

GRACE = timedelta(minutes=5)  # a busy machine, or an update


@dataclass(frozen=True)
class Seen:
    """The time when a worker last started or finished a job, and the jobs that failed or are late."""

    at: datetime | None
    failing: tuple[Job, ...]
    late: tuple[Job, ...]


def seen() -> Seen:
    """Return when the worker was last seen and what is wrong. Without the operator role, no times are returned."""
    rows = {row.name: row for row in fetch("select * from accord.jobs_seen()")}
    now, failing, late = clock.now(), [], []
    for job, _run in jobs():
        row = rows.get(job.name)
        done, failed = (row.done_at, row.failed_at) if row else (None, None)
        alive = _latest(row)
        if failed is not None and (done is None or done < failed):
            failing.append(job)
        elif alive is None or alive < now - timedelta(minutes=job.minutes) - GRACE:
            late.append(job)
    alive_at = [at for row in rows.values() if (at := _latest(row)) is not None]
    return Seen(max(alive_at, default=None), tuple(failing), tuple(late))


def _latest(row: Any) -> datetime | None:
    return max((at for at in (row.done_at, row.started_at) if at is not None), default=None) if row else None
