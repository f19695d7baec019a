"""Serve Accord, with one background worker."""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import sys
from ipaddress import ip_address

from accord.config import install
from accord.core.errors import AccordError
from accord.core.processes import kept_running

HEADERS_WITHIN_MS = 10_000  # the library can't limit a slow request body, but the proxy in front receives it first
STOPS_WITHIN_SECONDS = 15  # a hanging process can't delay a stop or a restart


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options for the port and the number of workers."""
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2)


def run(args: argparse.Namespace) -> int:
    """Serve an installation that `accord init` created."""
    return serve(port=args.port, workers=args.workers)


def serve(*, port: int, workers: int = 1) -> int:
    """Run Granian and one background worker, and stop the embedded database at the end. Granian listens on the loopback
    address unless `ACCORD_ADDRESS` specifies another one."""
    from accord.config.database import Databases

    databases = Databases(install.var_folder())
    if databases.file.exists() and databases.is_demo:
        insist_on_loopback()
    check_free(port)
    started = install.start()
    _put_roles_right(of_ones_own=bool(databases.url))
    install.reach()
    os.environ["DJANGO_SETTINGS_MODULE"] = "accord.config.settings"
    try:
        with kept_running(_worker(), stops_within=STOPS_WITHIN_SECONDS):
            _web(port, workers)
    finally:
        if started or databases.is_demo:
            databases.cluster().stop()
    return 0


def _web(port: int, workers: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings

    from accord.access.turnstile import THREADS

    Granian(
        "accord.config.wsgi:application",
        address=_address(),
        port=port,
        workers=workers,
        interface=Interfaces.WSGI,
        websockets=False,
        log_access=False,
        blocking_threads=THREADS,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN_MS),
        respawn_failed_workers=True,
        workers_kill_timeout=STOPS_WITHIN_SECONDS,
    ).serve()


def _worker() -> list[str]:
    """Return the background worker's command. The worker stops when this process is gone, even after SIGKILL."""
    program = "import sys; from accord.cli import main; sys.exit(main())"
    return [sys.executable, "-c", program, "worker", "--parent", str(os.getpid())]


def _put_roles_right(*, of_ones_own: bool) -> None:
    """Correct passwords and settings that a role changed for itself. PostgreSQL can't forbid such changes."""
    wrong = install.wrong_roles()
    if wrong:
        done = "run `accord init` to set it again" if of_ones_own else "now set again"
        sys.stderr.write(f"accord: changed in the database, {done}: {', '.join(wrong)}. Then run `accord verify`.\n")


class PortTaken(AccordError):
    """Another program is listening on this port."""

    code = "port_taken"


class DemoIsLocal(AccordError):
    """The demo could be reached from other machines."""

    code = "demo_is_local"
    exit_code = 2
    sentence = "The demo shows its passphrase and codes, so it only listens on this machine. Unset ACCORD_ADDRESS."


def insist_on_loopback() -> None:
    """Raise DemoIsLocal unless the address is one of this machine's own."""
    with contextlib.suppress(ValueError):
        if ip_address(_address()).is_loopback:
            return
    if _address() != "localhost":
        raise DemoIsLocal


def _address() -> str:
    return os.environ.get("ACCORD_ADDRESS", "127.0.0.1")


def check_free(port: int) -> None:
    """Raise PortTaken if the port is in use, before anything is built."""
    address = _address()
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise PortTaken(f"Port {port} is in use. Choose another: --port, or PORT=... make demo.") from error
