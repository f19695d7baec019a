"""Write a backup: one file with the data and one with the keys."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from accord.config import install


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the paths for the two files."""
    parser.add_argument(
        "data", type=Path, metavar="FILE_DATA", help="data file; keep it as long as the agencies' rules allow"
    )
    parser.add_argument(
        "keys", type=Path, metavar="FILE_KEYS", help="key file; keep only the newest one, in a different place"
    )


def run(args: argparse.Namespace) -> int:
    """Write both files, count their rows, and print the key file's number."""
    install.reach()
    install.setup_django()
    from accord.config import backup

    head = backup.back_up(args.data, args.keys)
    sys.stdout.write(
        f"Key file number {head.number}, made {head.made_at}. Write this number down, and delete older key files.\n"
        f"{sum(head.counts.values())} rows of keys. The rows of both files were counted and match the database.\n"
    )
    return 0
