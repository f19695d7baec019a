"""A copy of Riverbend on a server of its own, which a test may kill, fill and start again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from accord.config import install, roles
from accord.core.postgres import Cluster
from tests import region
from tests.region import TEMPLATE, World

NAME = "accord_alone"


def cluster() -> Cluster:
    """Return the server of the current installation."""
    return region.databases().cluster()


@contextmanager
def alone(var: Path, patch: pytest.MonkeyPatch) -> Iterator[World]:
    """Yield Riverbend in a folder of its own, with the roles and secrets of the tests. Django uses it."""
    notes = region.template()
    common = install.var_folder()
    dump = _dump()
    var.mkdir(parents=True, exist_ok=True)
    shutil.copy(common / "secrets.json", var)
    settings = connections["default"].settings_dict
    connections["default"].close()
    with patch.context() as here:
        here.setenv("ACCORD_VAR", str(var))
        here.delenv("ACCORD_FAST_DB")  # as it is outside of tests: every commit is synced
        found = region.databases()
        try:
            install.prepare_server(found, "", NAME)
            _pg(cluster(), "pg_restore", f"--dbname={NAME}", "--exit-on-error", stdin=dump)
            user, password = cluster().superuser
            roles.close_public(cluster().dsn(user, password, NAME))
            here.setitem(settings, "HOST", found.place()["HOST"])
            here.setitem(settings, "NAME", NAME)
            ids = [{k: uuid.UUID(v) for k, v in notes[part].items()} for part in ("agencies", "memberships")]
            world = World(NAME, *ids)
            yield world
            world.disconnect()
        finally:
            connections["default"].close()
            cluster().stop()
            shutil.rmtree(var, ignore_errors=True)


@cache
def _dump() -> bytes:
    """Return the template as pg_dump writes it. Meanwhile no one may copy it: PostgreSQL refuses to copy a database that
    someone is connected to."""
    with region.template_locked():
        return _pg(cluster(), "pg_dump", "--format=custom", TEMPLATE)


def _pg(where: Cluster, program: str, *options: str, stdin: bytes = b"") -> bytes:
    user, password = where.superuser
    place = where.connection_params()
    environment = {"PGHOST": str(place["host"]), "PGPORT": str(place["port"]), "PGUSER": user, "PGPASSWORD": password}
    command = [str(where.program(program)), *options]
    return subprocess.run(command, env=environment, input=stdin, capture_output=True, check=True).stdout


def postmaster() -> int:
    """Return the server's process number."""
    return int((cluster().data / "postmaster.pid").read_text().split("\n", 1)[0])


def processes() -> list[int]:
    """Return the server and everything that it has started."""
    found = [postmaster()]
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):
            if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == found[0]:
                found.append(int(folder.name))
    return found


def kill_server() -> None:
    """Kill all of it at once with `kill -9`."""
    for process in processes():
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def come_back(world: World) -> None:
    """Return when the server takes connections again; start it if it is gone. No session survives that."""
    connections["default"].close()
    world.disconnect()
    world.sessions.clear()
    cluster().ensure()
    while True:  # a server whose process was killed recovers by itself, and says so to anyone who asks meanwhile
        try:
            world.owner().close()
            return
        except psycopg.OperationalError:
            time.sleep(0.02)  # the server does not say when it is ready


def quiet(world: World) -> None:
    """Return when nothing is at work in the database: the session of a killed program ends its statement by itself."""
    with world.owner() as owner:
        while owner.execute(
            "select exists (select from pg_stat_activity where datname = %s and backend_type = 'client backend' "
            "and pid <> pg_backend_pid() and state <> 'idle')",
            [world.name],
        ).fetchone() == (True,):
            time.sleep(0.02)  # a session does not say when it has ended
