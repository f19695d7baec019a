"""Create `.venv` from the lock files if needed: `python tools/environment.py run|test`. Standard library only.

Nothing happens if the environment is complete and the lock files have not changed. After an interrupted install, in a
moved folder or with another Python, the environment is created from scratch, because pip mistakes a half-written
package for a complete one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
SETS = {"run": "what Accord runs on", "test": "what proves it"}  # test.lock contains everything in run.lock


MADE = VENV / ".made"  # exists while no install is running, and records the place and the Python version


def place() -> str:
    """Return the folder and the Python. Scripts contain the folder's path, and packages fit only one Python."""
    return f"{VENV}\n{sys.version}"


def fingerprint(name: str) -> str:
    """Return what this set's environment depends on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locks = ((ROOT / f"requirements/{each}.lock").read_text(encoding="utf-8") for each in ("run", name))
    parts = [place(), repr(project), *locks]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def holds(mark: Path, text: str) -> bool:
    """Return whether the file exists and contains exactly this text."""
    return mark.exists() and mark.read_text(encoding="utf-8") == text


def is_whole(name: str) -> bool:
    """Return whether the last install of this set, or of the larger set, succeeded and still fits."""
    fits = any(holds(VENV / f".{each}", fingerprint(each)) for each in {name, "test"})
    return fits and holds(MADE, place())


def make(name: str) -> None:
    """Install one set."""
    print(f"Installing {SETS[name]} into .venv (a minute or two, once).", file=sys.stderr)
    if not holds(MADE, place()):
        shutil.rmtree(VENV, ignore_errors=True)
        # Not sys.executable, because that is the Python in .venv when the environment is active.
        subprocess.run([sys._base_executable, "-m", "venv", VENV], check=True)
    MADE.unlink(missing_ok=True)
    pip = [VENV / "bin/python", "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-compile"]
    subprocess.run([*pip, "--require-hashes", "-r", ROOT / f"requirements/{name}.lock"], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", ROOT], check=True)
    (VENV / f".{name}").write_text(fingerprint(name), encoding="utf-8")
    MADE.write_text(place(), encoding="utf-8")


def main(name: str) -> int:
    """Ensure that one set is installed. A lock makes a second `make` wait for the first."""
    if is_whole(name):
        return 0
    folder = os.open(ROOT, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if not is_whole(name):
            make(name)
    except subprocess.CalledProcessError as error:
        step = " ".join(map(str, error.cmd[1:4]))
        print(f"The environment could not be made: {step} failed, see above.", file=sys.stderr)
        return 1
    finally:
        os.close(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
