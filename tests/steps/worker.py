"""Steps to act as the worker in a test, with its database role and on a world's database."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, connections

from accord.config import install
from accord.core.rooms import Job, jobs
from accord.jobs import services, worker
from tests import region
from tests.region import World


@contextmanager
def as_worker(world: World) -> Iterator[None]:
    """Connect Django to this world's database as `accord_worker`."""
    before = dict(connections.settings["default"])
    try:
        _be(before | region.databases().connection("worker") | {"NAME": world.name})
        yield
    finally:
        _be(before)


def _be(settings: dict[str, object]) -> None:
    connections["default"].close()
    connections["default"].settings_dict.update(settings)
    connections.settings["default"].update(settings)


def later(world: World, **by: float) -> None:
    """Move time. Everyone then signs in again, because a session ends after half an hour."""
    world.move(days=int(by.pop("days", 0)), **by)
    world.sessions.clear()


def run(world: World, *names: str) -> None:
    """Run these jobs, or all of them, as the worker would."""
    with as_worker(world):
        for job, does in jobs():
            if job.name in names or not names:
                services.run(job=job, does=does)


def work_off(world: World) -> None:
    """Let a real worker finish what is in the queue, and return. The worker gets its own thread, because a test with a
    browser leaves an event loop running in this one."""
    with as_worker(world), ThreadPoolExecutor(1) as own:
        own.submit(lambda: asyncio.run(worker.work(install.dsn_of("worker", world.name), wait=False))).result()


def job_of(name: str) -> tuple[Job, Callable[[], None] | None]:
    (found,) = (each for each in jobs() if each[0].name == name)
    return found


def do(*names: str) -> None:
    """Run these jobs, or all of them, in this process."""
    for job, does in jobs():
        if job.name in names or not names:
            services.run(job=job, does=does)


def killed_at(world: World, statement: int, work: Callable[[], None]) -> bool:
    """Do the work in a process that is killed just before its n-th statement. Returns whether it was killed."""
    connections["default"].close()
    child = os.fork()
    if child == 0:
        asked = 0

        def kill(execute: Callable[..., object], *rest: object) -> object:
            nonlocal asked
            if asked == statement:
                os.kill(os.getpid(), signal.SIGKILL)
            asked += 1
            return execute(*rest)

        with as_worker(world), connection.execute_wrapper(kill):
            work()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])
