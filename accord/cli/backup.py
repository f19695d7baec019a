"""Write a backup: one file with the data, one with the keys."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from accord.config import install


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the two files go."""
    parser.add_argument("data", type=Path, metavar="FILE_DATA", help="may be kept as long as the agencies' rules say")
    parser.add_argument("keys", type=Path, metavar="FILE_KEYS", help="keep only the newest, in another place")


def run(args: argparse.Namespace) -> int:
    """Write, count, and tell the number."""
    install.reach()
    install.setup_django()
    from accord.config import backup

    head = backup.back_up(args.data, args.keys)
    sys.stdout.write(
        f"Key file number {head.number}, made {head.made_at}. Write the number down; delete older key files.\n"
        f"{sum(head.counts.values())} rows of keys; rows in both files counted and equal to the database.\n"
    )
    return 0
