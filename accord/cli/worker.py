"""Run background jobs: sweeps and email. `accord serve` starts one worker. More can run on other machines."""

from __future__ import annotations

import argparse
import asyncio

from accord.config import install


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the option for a parent process. When that process ends, the worker stops."""
    parser.add_argument("--parent", type=int, default=None, help="stop when this parent process is gone")


def run(args: argparse.Namespace) -> int:
    """Work until the process is told to stop."""
    install.reach("worker")
    install.setup_django()
    install.work_as("worker")
    from django.db import connection
    from procrastinate.exceptions import ConnectorException

    from accord.jobs import services, worker

    services.started()
    connection.close()
    try:
        asyncio.run(worker.work(install.dsn_of("worker"), parent=args.parent))
    except ConnectorException as error:
        raise install.Unreachable("The database stopped responding.") from error
    return 0
