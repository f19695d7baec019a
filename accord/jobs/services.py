"""Run one job. The worker calls this (`worker.py`), and tests can call it, too."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from accord.core.rooms import Job, jobs
from accord.core.statements import call_sql


def started() -> None:
    """Record that a worker has started, so that no job is reported as late before its first turn."""
    call_sql("jobs_started", [job.name for job, _ in jobs()])


def run(*, job: Job, does: Callable[[], None] | None) -> None:
    """Run a job and record whether it succeeded or failed.

    A job without a Python function is one transaction. If that job is killed, nothing has changed, and the next run
    does the work.
    """
    try:
        if does is not None:
            does()
        with transaction.atomic():
            if does is None:
                call_sql(job.name)
            call_sql("job_done", job.name)
    except Exception:
        call_sql("job_failed", job.name)
        raise
