"""Run one job. The worker calls this (`worker.py`); a test can call it as well."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from accord.core.rooms import Job
from accord.core.statements import call_sql


def run(*, job: Job, does: Callable[[], None] | None) -> None:
    """Run a job and note that it was done, or that it failed.

    A job without a function in Python is one transaction: killed anywhere in it, nothing happened, and the next run does it.
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
