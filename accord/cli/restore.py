"""Restore the database from the two files of a backup."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: the two files, and the key file's number in case `var/` is lost."""
    parser.add_argument("data", type=Path, metavar="FILE_DATA", help="data file of any age")
    parser.add_argument("keys", type=Path, metavar="FILE_KEYS", help="newest key file")
    parser.add_argument("--number", type=int, help="number of the newest key file, if var/ is lost")


def run(args: argparse.Namespace) -> int:
    """Restore the database, and report whether shares are suspended until their owners confirm them."""
    from accord.config import backup

    found = backup.restore(args.data, args.keys, number=args.number, admin_url=os.environ.get("ACCORD_ADMIN_URL", ""))
    sys.stdout.write(f"{sum(found.counts.values())} rows restored, as many as were saved.\n")
    if found.newest:
        sys.stdout.write("This is the newest key file. Run `accord verify` now.\n")
    else:
        sys.stdout.write(
            f"This may not be the newest key file: {found.suspended} shares are suspended until the agency that shares "
            "confirms each one. End again the access of everyone who left since then. Run `accord verify` now.\n"
        )
    return 0
