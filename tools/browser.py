"""Find or install a Chromium for the tests and print its path: `python tools/browser.py ensure`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SYSTEM = ("/usr/bin/chromium", "chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
# Debian's browser comes without fonts; these two cover what the screenshots show.
PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-liberation")


class NoBrowser(Exception):
    """No usable Chromium was found. The message says how to get one."""


def starts(path: str) -> bool:
    """Return whether this browser runs here. Its system libraries may be missing."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def playwrights_own() -> list[str]:
    """Return the Chromium versions in Playwright's cache, newest first."""
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    found = [*cache.glob("chromium-*/chrome-linux*/chrome"), *cache.glob("chromium_headless_shell-*/*/*headless*shell")]
    return [str(path) for path in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)]


def find() -> str | None:
    """Return the first browser that starts (ACCORD_CHROMIUM, then the system's, then Playwright's), or None."""
    asked = os.environ.get("ACCORD_CHROMIUM")
    if asked:
        if not starts(asked):
            raise NoBrowser(f"ACCORD_CHROMIUM names {asked}, which does not start.")
        return asked
    system = [path for name in SYSTEM if (path := shutil.which(name))]
    return next((path for path in [*system, *playwrights_own()] if starts(path)), None)


def install() -> None:
    """Try Playwright's own browser, then Debian's package. Both downloads may fail, so `ensure` checks again."""
    root = os.geteuid() == 0
    attempts = [[sys.executable, "-m", "playwright", "install", *(["--with-deps"] if root else []), "chromium"]]
    if root and shutil.which("apt-get"):
        attempts += [["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES]]
    for attempt in attempts:
        print(f"Trying: {' '.join(attempt)}", file=sys.stderr)
        subprocess.run(attempt, check=False, stdout=sys.stderr, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
        if attempt[1:2] != ["update"] and find():
            return


def ensure() -> str:
    """Return the path of a browser that starts, installed if necessary. Raises NoBrowser."""
    path = find()
    if path is None:
        install()
        path = find()
    if path is None:
        raise NoBrowser(
            "The tests need Chromium and could not install it. As root: apt-get install chromium. "
            "Or name one that is there: ACCORD_CHROMIUM=/path/to/chromium."
        )
    return path


if __name__ == "__main__":
    try:
        print(ensure())
    except NoBrowser as problem:
        sys.exit(str(problem))
