"""Where the tests keep their files: in memory if the machine has room there, else on disk.

A test that writes gets its own copy of the database, which is about 600 files. In memory, making and removing that copy
takes a tenth of the processor time.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

BUILD = Path(__file__).resolve().parents[1] / "build"
MEMORY = Path("/dev/shm")  # Linux keeps what is here in memory
NEEDED = 2 * 1024**3  # bytes


def folder(build: Path = BUILD, memory: Path = MEMORY, needed: int = NEEDED) -> Path | None:
    """Return a folder in memory that stays from one run to the next, or None if the machine has no room there.

    `build/test-memory` is a link to it, for `make clean`. A restart empties the memory, so the link is made again.
    """
    link = build / "test-memory"
    if link.is_dir():
        return link.resolve()
    link.unlink(missing_ok=True)
    if not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < needed:
        return None
    build.mkdir(exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="accord-tests-", dir=memory))  # no other account can enter it
    link.symlink_to(made)
    return made


def move_in() -> None:
    """Choose the folders for the tests' own installation and for temporary files, here and in every process started
    from here."""
    found = folder()
    os.environ["ACCORD_VAR"] = str((found or BUILD) / "test-var")
    if found:
        (found / "tmp").mkdir(exist_ok=True)
        os.environ["TMPDIR"] = tempfile.tempdir = str(found / "tmp")
