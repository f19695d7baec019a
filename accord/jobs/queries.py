"""Show an operator when the worker was last seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from accord.core import clock
from accord.core.rooms import jobs
from accord.core.statements import fetch

GRACE = timedelta(minutes=5)  # a busy machine, or an update


@dataclass(frozen=True)
class Seen:
    """When the worker last finished a job, and the names of jobs that failed or are late."""

    at: datetime | None
    failing: tuple[str, ...]
    late: tuple[str, ...]


def seen() -> Seen:
    """Return when the worker was last seen and what is wrong. Without the operator role, no times are returned."""
    rows = {row.name: row for row in fetch("select * from accord.jobs_seen()")}
    now, failing, late = clock.now(), [], []
    for job, _run in jobs():
        row = rows.get(job.name)
        done, failed = (row.done_at, row.failed_at) if row else (None, None)
        if failed is not None and (done is None or done < failed):
            failing.append(job.name)
        elif done is None or done < now - timedelta(minutes=job.minutes) - GRACE:
            late.append(job.name)
    done_at = [row.done_at for row in rows.values() if row.done_at is not None]
    return Seen(max(done_at, default=None), tuple(failing), tuple(late))
