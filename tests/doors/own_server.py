"""A PostgreSQL server run by the user, as the guide describes it: on the network, with an administrator's password."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from accord.core import postgres

# What `run-a-server.md` requires of such a server, without syncing.
SETTINGS = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_min_messages": "log",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "fsync": "off",
}


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path, version: int) -> Iterator[str]:
    """Yield the address of its administrator."""
    programs, words = postgres._folder_of(version), postgres._as_server_account()
    password, port = secrets.token_hex(12), free_port()
    data = folder / "data"
    data.mkdir(mode=0o700)
    (folder / "password").write_text(password)
    postgres._give(data)
    run = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C"}, "check": True, "stdout": subprocess.DEVNULL}
    made = ["-D", data, "-U", "administrator", f"--pwfile={folder / 'password'}", "--auth=scram-sha-256", "--no-sync"]
    subprocess.run([*words, programs / "initdb", "--encoding=UTF8", "--locale=C.UTF-8", *made], **run)
    with (data / "postgresql.conf").open("a") as conf:
        settings = {**SETTINGS, "port": str(port), "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
    control = [*words, programs / "pg_ctl", "-D", data, "-w", "-l", data / "log"]
    subprocess.run([*control, "start"], **run)
    try:
        yield f"postgresql://administrator:{password}@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "stop", "-m", "fast"], **run)


def version_of(admin: str) -> int:
    """Return the major version that really answers."""
    with psycopg.connect(admin) as connection:
        return connection.info.server_version // 10000
