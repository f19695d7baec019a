"""Files that only their owner can read, and that are written completely or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def create(path: Path) -> int:
    """Create a file that only its owner can read. Return its handle."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def to_disk(path: Path) -> None:
    """Wait until a file or folder has been written to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, text: str) -> None:
    """Write a file that only its owner can read, completely or not at all."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(create(beside), "w", encoding="utf-8") as file:
        file.write(text)
    to_disk(beside)
    beside.replace(path)
