"""Set up the database: roles, tables, floors, secrets, and the hub's first operator."""

from __future__ import annotations

import argparse
import os
import sys

from accord.config import install


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add options for two names. ACCORD_VAR, DATABASE_URL, and ACCORD_ADMIN_URL locate the files and the database."""
    parser.add_argument("--hub-name", default="Hub", help="name of the hub's host")
    parser.add_argument("--operator", default="Operator", help="name of the first operator")


def run(args: argparse.Namespace) -> int:
    """Prepare everything. On the first run, print the operator's one-time code."""
    install.prepare(demo=False, admin_url=os.environ.get("ACCORD_ADMIN_URL", ""))
    code = install.found_hub(args.hub_name, args.operator)
    if code:
        sys.stdout.write(f"The operator's one-time code (valid for seven days): {code}\nOpen /join/ and enter it.\n")
    return 0
