"""Replace two files together. Both are written under other names, and then either both are put in place or neither is.

Any failure before both files are complete leaves the earlier pair unchanged. The key file is replaced first. If the
process is killed in between, the result is an older data file with the newest key file, which `accord restore` accepts.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from accord.core.errors import AccordError
from accord.core.files import to_disk


class BackupRefused(AccordError):
    """A backup or restore can't continue. The sentence says why."""

    code = "backup"
    exit_code = 2


NEW, BEFORE = ".accord-new", ".accord-before"
KEPT = "The earlier backup is unchanged."


def checked(data: Path, keys: Path) -> tuple[Path, Path]:
    """Return the real paths of the two files. Raises BackupRefused if one can't be written, before writing either."""
    found = (data.resolve(), keys.resolve())
    for name, path in zip((data, keys), found, strict=True):
        if not path.parent.is_dir():
            raise BackupRefused(f"{name}: the folder {path.parent} does not exist. {KEPT}")
        if path.exists() and not path.is_file():
            raise BackupRefused(f"{name} is not a file. Give the name of a file. {KEPT}")
    if found[0] == found[1] or (all(path.exists() for path in found) and found[0].samefile(found[1])):
        raise BackupRefused(f"Data and keys need two files, but {data} and {keys} are the same. {KEPT}")
    return found


@contextmanager
def pair(data: Path, keys: Path) -> Iterator[tuple[Path, Path]]:
    """Yield two paths to write to, which become `data` and `keys` at the end. Call `checked` on both first.

    Raises BackupRefused if the disk reports an error.
    """
    beside = tuple(path.with_name(path.name + NEW) for path in (data, keys))
    try:
        with sentences(KEPT):
            for path in beside:
                path.unlink(missing_ok=True)  # left over from a killed process
            yield beside[0], beside[1]
            for path in beside:
                to_disk(path)
            _replace(beside, data, keys)
    finally:
        for path in beside:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _replace(beside: Sequence[Path], data: Path, keys: Path) -> None:
    before = keys.with_name(keys.name + BEFORE)
    before.unlink(missing_ok=True)
    with suppress(OSError):  # there is no earlier file, or the disk has no hard links
        os.link(keys, before)
    try:
        os.replace(beside[1], keys)  # noqa: PTH105 - as the tests watch it
        try:
            os.replace(beside[0], data)  # noqa: PTH105
        except OSError:
            if before.exists():
                os.replace(before, keys)  # noqa: PTH105
            else:
                keys.unlink()
            raise
    finally:
        before.unlink(missing_ok=True)
    for folder in {data.parent, keys.parent}:
        to_disk(folder)


@contextmanager
def sentences(kept: str) -> Iterator[None]:
    """Turn a disk error into one sentence that gives the file and the reason. `kept` says what is unchanged."""
    try:
        yield
    except OSError as error:
        where = f"{error.filename}: " if error.filename else "Writing failed: "
        raise BackupRefused(f"{where}{(error.strerror or 'cannot be written')}. {kept}".replace(NEW, "")) from None


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Allow only one backup of a database at a time. The lock ends with the process."""
    with sentences(KEPT):
        handle = os.open(lock, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise BackupRefused("Another backup of this database is running. Wait until it has ended.") from None
    try:
        yield
    finally:
        os.close(handle)
