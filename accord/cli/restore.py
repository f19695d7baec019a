"""Make the database again from the two files of a backup."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The two files, and the number when `var/` is lost."""
    parser.add_argument("data", type=Path, metavar="FILE_DATA", help="a data file of any age")
    parser.add_argument("keys", type=Path, metavar="FILE_KEYS", help="the newest key file")
    parser.add_argument("--number", type=int, help="number of the newest key file, when var/ does not know it any more")


def run(args: argparse.Namespace) -> int:
    """Restore, and say whether shares wait for their owners."""
    from accord.config import backup

    found = backup.restore(args.data, args.keys, number=args.number, admin_url=os.environ.get("ACCORD_ADMIN_URL", ""))
    sys.stdout.write(f"{sum(found.counts.values())} rows came back, as many as were saved.\n")
    if found.newest:
        sys.stdout.write("The key file is the newest. Run `accord verify` now.\n")
    else:
        sys.stdout.write(
            f"This is not known to be the newest key file: {found.suspended} shares are suspended until the agency that "
            "shares confirms each. Who left an agency since then has to be ended again. Run `accord verify` now.\n"
        )
    return 0
