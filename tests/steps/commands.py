"""Run commands in their own process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def accord(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one command in its own process, with only the given environment."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ACCORD_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, "-c", "import sys; from accord.cli import main; sys.exit(main())", *words],
        env={**inherited, "ACCORD_VAR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
