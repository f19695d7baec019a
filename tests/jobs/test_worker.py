"""The worker does what is due, without a key, and loses or repeats nothing when it is killed."""

from __future__ import annotations

import random
from collections.abc import Callable
from importlib import import_module, resources

import psycopg
import pytest

from accord.core.rooms import Job, jobs
from accord.jobs import queries, services
from tests.region import World, role_connection
from tests.steps.records import open_record, release_to
from tests.steps.worker import as_worker, do, job_of, killed_at, later, run, work_off

QUEUED = (
    "select procrastinate_defer_jobs_v1(array[row('default', %s, 0, null, null, '{}', null)"
    "::procrastinate_job_to_defer_v1])"
)


def count(world: World, table: str) -> int:
    with world.owner() as owner:
        return owner.execute(f"select count(*) from {table}").fetchone()[0]


def lapsed(world: World) -> None:
    """Leave a share whose last day is over, with its keys still there."""
    release_to(world, open_record(world))
    later(world, days=32)


def test_a_real_worker_takes_a_job_from_the_queue(fresh_world: World) -> None:
    lapsed(fresh_world)
    assert count(fresh_world, "sharing_sharekey") > 0
    with role_connection(fresh_world.name, "worker") as queue:
        queue.execute(QUEUED, ["sweep_lapsed"])
    work_off(fresh_world)
    assert count(fresh_world, "sharing_sharekey") == 0
    assert count(fresh_world, "procrastinate_jobs") == 0
    with fresh_world.as_("hal"):
        assert queries.seen().at is not None


def names(found: tuple[Job, ...]) -> set[str]:
    return {job.name for job in found}


def test_every_job_runs_as_the_worker_and_is_late_until_then(fresh_world: World) -> None:
    every = {job.name for job, _ in jobs()}
    with fresh_world.as_("hal"):
        assert (queries.seen().at, names(queries.seen().late)) == (None, every)
    run(fresh_world)
    with fresh_world.as_("hal"):
        assert (queries.seen().failing, queries.seen().late) == ((), ())
    later(fresh_world, minutes=30)
    with fresh_world.as_("hal"):
        assert names(queries.seen().late) == {job.name for job, _ in jobs() if job.minutes < 30}
    with fresh_world.as_("alma"):
        assert queries.seen().at is None


def started(world: World) -> None:
    with as_worker(world):
        services.started()


def test_a_worker_that_has_just_started_is_not_late(fresh_world: World) -> None:
    every = {job.name for job, _ in jobs()}
    started(fresh_world)
    with fresh_world.as_("hal"):
        assert queries.seen().at is not None and queries.seen().late == ()
    later(fresh_world, minutes=40)
    started(fresh_world)  # it dies and starts again without finishing a job: the first start counts
    later(fresh_world, minutes=40)
    with fresh_world.as_("hal"):
        assert names(queries.seen().late) == every
    run(fresh_world)
    later(fresh_world, days=2)  # the machine was off
    started(fresh_world)
    with fresh_world.as_("hal"):
        assert queries.seen().late == ()


def test_a_job_that_fails_is_named_until_it_succeeds(fresh_world: World) -> None:
    job, _ = job_of("exchanges_sweep")

    def broken() -> None:
        raise ZeroDivisionError

    run(fresh_world)
    later(fresh_world, minutes=1)
    with as_worker(fresh_world), pytest.raises(ZeroDivisionError):
        services.run(job=job, does=broken)
    with fresh_world.as_("hal"):
        assert names(queries.seen().failing) == {"exchanges_sweep"}
    later(fresh_world, minutes=1)
    run(fresh_world, "exchanges_sweep")
    with fresh_world.as_("hal"):
        assert queries.seen().failing == ()


def test_web_asks_for_no_sweep_and_no_job(world: World) -> None:
    with world.web() as web:
        for statement in (
            "select accord.sweep_lapsed()",
            "select accord.job_done('x')",
            "select * from procrastinate_jobs",
            "insert into procrastinate_jobs (queue_name, task_name) values ('default', 'sweep_lapsed')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(statement)


def test_the_queue_has_the_newest_tables_of_procrastinate() -> None:
    """A newer version that brings another file needs a migration of ours."""
    files = [each.name for each in resources.files("procrastinate.sql.migrations").iterdir()]
    newest = max(name for name in files if name.endswith(".sql"))
    assert newest == import_module("accord.jobs.migrations.0001_initial").UP_TO


# Killed ---------------------------------------------------------------------------------------------------------------


def deaths(world: World, name: str) -> int:
    """Kill a job before its first statement, before its second, and so on until one run ends. Returns how often."""
    statement = 0
    while killed_at(world, statement, lambda: do(name)):
        statement += 1
        if statement < 3:
            assert count(world, "sharing_sharekey") > 0, "half a job was kept"
    return statement


def test_killed_before_each_statement_a_sweep_is_done_once(fresh_world: World) -> None:
    lapsed(fresh_world)
    assert deaths(fresh_world, "sweep_lapsed") >= 2
    assert count(fresh_world, "sharing_sharekey") == 0
    with fresh_world.owner() as owner:
        open_epochs = (
            "select count(*) from sharing_datakey d join sharing_share s using (owner, person, kind) where not d.closed"
        )
        assert owner.execute(open_epochs).fetchone() == (0,)


@pytest.mark.prove
def test_a_hundred_workers_are_killed(fresh_world: World, proved: Callable[[str, int], None]) -> None:
    for _ in range(100):
        killed_at(fresh_world, random.randint(0, 20), do)
    run(fresh_world)
    with fresh_world.as_("hal"):
        assert (queries.seen().failing, queries.seen().late) == ((), ())
    proved("workers were killed; every job is done after the next run", 100)
