"""Write a room's next migration from its models: `python tools/migration.py ROOM`. Needs no database."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # as a script, it finds its own folder only

from tools.docs import set_up_django  # noqa: E402


def main(room: str) -> None:
    """Write the migration."""
    set_up_django()
    from django.core.management import call_command

    warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
    call_command("makemigrations", room)


if __name__ == "__main__":
    main(sys.argv[1])
