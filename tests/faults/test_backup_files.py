"""`accord backup` replaces both files or neither. Every failure is a sentence, and the earlier good pair stays as it
was."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from accord.config import backup, install
from accord.config.backup import BackupRefused
from accord.core import postgres
from accord.core.postgres import DatabaseUnavailable, programs_for
from tests.region import World
from tests.steps.backups import Files, come_back, name_read_by, save
from tests.steps.records import open_record


@pytest.fixture
def good(world: World, tmp_path: Path) -> Files:
    """Return a whole pair from before."""
    return save(world, tmp_path, "good")


def seen(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Limit files to this many bytes, like a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


Places = Callable[[Files], tuple[Path, Path]]
BAD: dict[str, tuple[Places, str]] = {
    "no folder for the keys": (lambda good: (good.data, good.keys.parent / "away" / "keys"), "does not exist"),
    "no folder for the data": (lambda good: (good.data.parent / "away" / "data", good.keys), "does not exist"),
    "a folder in place of a file": (lambda good: (good.data, good.keys.parent), "is not a file"),
    "a device": (lambda good: (good.data, Path("/dev/null")), "is not a file"),
    "no permission": (lambda good: (good.data, Path("/sys/keys")), "denied"),
    "the same path": (lambda good: (good.data, good.data), "are the same"),
    "the same path in other words": (lambda good: (good.data, good.data.parent / "." / good.data.name), "are the same"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_place_that_does_not_take_it(world: World, good: Files, tmp_path: Path, name: str) -> None:
    places, said = BAD[name]
    before, number = seen(tmp_path), backup.last_number(world.name)
    with pytest.raises(BackupRefused, match=said):
        backup.back_up(*places(good), world.name)
    assert seen(tmp_path) == before and backup.last_number(world.name) == number


@pytest.mark.parametrize("make", [Path.symlink_to, Path.hardlink_to])
def test_two_names_of_one_file(world: World, good: Files, tmp_path: Path, make: Callable[[Path, Path], None]) -> None:
    make(tmp_path / "twin", good.data)
    before = seen(tmp_path)
    with pytest.raises(BackupRefused, match="are the same"):
        backup.back_up(good.data, tmp_path / "twin", world.name)
    assert seen(tmp_path) == before


@pytest.mark.parametrize("size", [100, 20_000])
def test_a_full_disk(world: World, good: Files, tmp_path: Path, size: int) -> None:
    before = seen(tmp_path)
    with largest_file(size), pytest.raises(BackupRefused, match="too large"):
        backup.back_up(good.data, good.keys, world.name)
    assert seen(tmp_path) == before


def test_a_database_that_answers_no_more(
    world: World, good: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(role: str, database: str = "") -> psycopg.Connection:
        connection = psycopg.connect(install.dsn_of(role, database))
        connection.close()
        return connection

    monkeypatch.setattr(install, "connect_as", gone)
    before = seen(tmp_path)
    with pytest.raises(BackupRefused, match="stopped responding"):
        backup.back_up(good.data, good.keys, world.name)
    assert seen(tmp_path) == before


def test_a_dump_that_fails(world: World, good: Files, tmp_path: Path) -> None:
    before = seen(tmp_path)
    with world.owner() as owner:
        owner.execute("revoke select on sharing_entry from accord_backup")
        try:
            with pytest.raises(BackupRefused, match="pg_dump ended with 1"):
                backup.back_up(good.data, good.keys, world.name)
        finally:
            owner.execute("grant select on sharing_entry to accord_backup")
    assert seen(tmp_path) == before


def test_the_second_file_does_not_take_its_place(
    world: World, good: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace

    def fails(old: Path, new: Path) -> None:
        if Path(new) == good.data:
            raise OSError(28, "No space left on device", str(new))
        real(old, new)

    monkeypatch.setattr(os, "replace", fails)
    before = seen(tmp_path)
    with pytest.raises(BackupRefused, match="No space left"):
        backup.back_up(good.data, good.keys, world.name)
    assert seen(tmp_path) == before


def test_a_damaged_number_is_not_taken_for_no_number(
    world: World, good: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, number = seen(tmp_path), tmp_path / "number"
    monkeypatch.setattr(backup, "number_file", lambda database="": number)
    for half in ("", '{"num', "{}", "[]"):
        number.write_text(half)
        with pytest.raises(BackupRefused, match="is damaged"):
            backup.back_up(good.data, good.keys, world.name)
    for file in (number, number.with_suffix(".lock")):
        file.unlink()
    assert seen(tmp_path) == before


def test_one_at_a_time(world: World, good: Files, tmp_path: Path) -> None:
    before = seen(tmp_path)
    lock = backup.number_file(world.name).with_suffix(".lock")
    with backup.alone(lock), pytest.raises(BackupRefused, match="Another backup"):
        backup.back_up(good.data, good.keys, world.name)
    assert seen(tmp_path) == before


DIES = """
import os, signal, sys
from pathlib import Path
from accord.config import install
install.setup_django()
from accord.config import backup
data, keys, database, moment = sys.argv[1:]
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
real = os.replace
def replace(old, new):
    if Path(new).name == Path(keys if moment == "before both" else data).name:
        die()
    real(old, new)
os.replace = replace
if moment == "while counting":
    backup.rows_in = die
backup.back_up(Path(data), Path(keys), database)
"""


def killed(world: World, files: Files, moment: str) -> None:
    command = [sys.executable, "-c", DIES, str(files.data), str(files.keys), world.name, moment]
    done = subprocess.run(command, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize("moment", ["while counting", "before both"])
def test_killed_before_both_are_whole(world: World, good: Files, tmp_path: Path, moment: str) -> None:
    before = seen(tmp_path)
    killed(world, good, moment)
    after = seen(tmp_path)
    assert {name: after[name] for name in before} == before
    save(world, tmp_path, "good")  # and the next one cleans up after that one
    assert set(seen(tmp_path)) == set(before)


def test_after_a_kill_between_the_two_the_pair_can_be_restored(fresh_world: World, tmp_path: Path) -> None:
    known = open_record(fresh_world)
    files = save(fresh_world, tmp_path, "good")
    before = seen(tmp_path)
    open_record(fresh_world)  # so that the newer key file knows a person that the older data file does not
    killed(fresh_world, files, "between")
    after = seen(tmp_path)
    assert after["good.data"] == before["good.data"] and after["good.keys"] != before["good.keys"]
    assert come_back(fresh_world, files.data, files.keys).newest
    assert name_read_by(fresh_world, "alma", known.ref) == "Samira Quill"


def test_programs_are_as_new_as_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that come with Accord first, then the machine's own, otherwise a sentence."""
    monkeypatch.setattr(postgres, "DEBIANS", tmp_path)
    assert programs_for(15) == programs_for(18) == postgres._folder_of(18)
    with pytest.raises(DatabaseUnavailable, match="postgresql-client-19"):
        programs_for(19)
    (tmp_path / "20/bin").mkdir(parents=True)
    (tmp_path / "20/bin/pg_dump").touch()
    assert programs_for(19) == programs_for(20) == tmp_path / "20/bin"
    with pytest.raises(DatabaseUnavailable, match="postgresql-client-21"):
        programs_for(21)
