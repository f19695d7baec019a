"""Find or install Debian's own PostgreSQL for the long proofs: `python tools/debian_postgres.py 15`.

It is separate from the embedded server, and only the proofs use it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PLACE = Path("/usr/lib/postgresql")


class NoPostgres(Exception):
    """The server was not found. The message says how to get it."""


def find(version: int) -> Path | None:
    """Return the folder with the server's programs, if they run."""
    folder = PLACE / str(version) / "bin"
    try:
        done = subprocess.run([folder / "postgres", "--version"], capture_output=True, check=False)
    except OSError:
        return None
    return folder if done.returncode == 0 else None


def install(version: int) -> None:
    """Try to install Debian's package, as root. The download may fail, so `ensure` checks again."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", f"postgresql-{version}"]):
        print(f"Trying: apt-get {' '.join(words)}", file=sys.stderr)
        subprocess.run(["apt-get", *words], check=False, stdout=sys.stderr, env=environment)


def ensure(version: int) -> Path:
    """Return the folder with the server's programs, and install them if necessary. Raises NoPostgres."""
    if find(version) is None:
        with (Path(tempfile.gettempdir()) / f"accord-apt-{os.geteuid()}").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # several test runs may start at once
            if find(version) is None:
                install(version)
    folder = find(version)
    if folder is None:
        raise NoPostgres(
            f"PostgreSQL {version} is not on this machine and could not be installed. "
            f"As root, on Debian or Ubuntu: apt-get install postgresql-{version}."
        )
    return folder


if __name__ == "__main__":
    try:
        print(ensure(int(sys.argv[1])))
    except NoPostgres as problem:
        sys.exit(str(problem))
