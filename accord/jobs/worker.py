"""The worker, which runs Procrastinate in its own process as the database role `accord_worker`.

The queue only signals that a job is due. Other tables record the work to be done and when it is due according to
`accord.now()`. So a lost or repeated queue entry changes nothing.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress

from django.db import connection
from procrastinate import App, PsycopgConnector

from accord.core.rooms import HOUR, Job, jobs
from accord.jobs import services

PARENT_CHECKED_EVERY = 1.0  # seconds


def application(dsn: str) -> App:
    """Return Procrastinate's application with every room's jobs, for this database."""
    app = App(connector=PsycopgConnector(conninfo=dsn, min_size=1, max_size=3))
    for job, does in jobs():
        # Each job has at most one waiting queue entry. There is no `lock`, because a killed worker would keep it.
        task = app.task(name=job.name, queueing_lock=job.name)(_task(job, does))
        app.periodic(cron=_cron(job))(task)
    return app


def _cron(job: Job) -> str:
    return "7 * * * *" if job.minutes == HOUR else f"*/{job.minutes} * * * *"


def _task(job: Job, does: Callable[[], None] | None) -> Callable[..., None]:
    def run(timestamp: int = 0) -> None:
        try:
            services.run(job=job, does=does)
        finally:
            connection.close()  # so that the next job connects again, even after a database restart

    return run


async def work(dsn: str, *, parent: int | None = None, wait: bool = True) -> None:
    """Run jobs as they become due, until SIGTERM. With `wait=False`, run what is in the queue and then return.

    With `parent`, also stop when that process has ended.
    """
    app = application(dsn)
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                name="accord",
                wait=wait,
                delete_jobs="always",
                install_signal_handlers=wait,
                listen_notify=False,  # any role could send a message that stops the worker, so it polls
            )
        )
        orphaned = asyncio.create_task(_gone(parent))
        await asyncio.wait({worker, orphaned}, return_when=asyncio.FIRST_COMPLETED)
        for task in (worker, orphaned):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await worker


async def _gone(parent: int | None) -> None:
    while parent is None or os.getppid() == parent:
        await asyncio.sleep(PARENT_CHECKED_EVERY)
