"""Destroy the database, restore the two files: nothing is lost, nothing revoked comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accord.config import backup
from accord.config.backup import BackupRefused
from accord.core.errors import Hidden, NoLonger, Refused
from accord.sharing import queries as sharing
from accord.sharing.queries import PersonRef
from tests.histories.steps import withdraw_shares
from tests.region import World
from tests.steps.backups import come_back, destroy, name_read_by, save
from tests.steps.records import handle, open_record, release_to


@pytest.fixture
def shared(fresh_world: World) -> tuple[World, PersonRef, object]:
    known = open_record(fresh_world)
    release_to(fresh_world, known)
    return fresh_world, known, handle(fresh_world, "elena")


def test_everything_comes_back_and_nothing_that_was_withdrawn(shared: tuple, tmp_path: Path) -> None:
    world, known, seen_as = shared
    first = save(world, tmp_path, "first")
    second = save(world, tmp_path, "second")
    found = come_back(world, first.data, second.keys)  # any data file with the newest key file
    assert found.newest and not found.suspended
    assert name_read_by(world, "alma", known.ref) == name_read_by(world, "elena", seen_as) == "Samira Quill"
    withdraw_shares(world, known)
    third = save(world, tmp_path, "third")
    assert come_back(world, first.data, third.keys).newest  # the data file is from before the revocation
    with pytest.raises(NoLonger):
        name_read_by(world, "elena", seen_as)
    assert name_read_by(world, "alma", known.ref) == "Samira Quill"
    old = come_back(world, third.data, second.keys)  # an older key file: the revocation came after it
    assert not old.newest and old.suspended == 3
    with pytest.raises(NoLonger):
        name_read_by(world, "elena", seen_as)
    assert name_read_by(world, "alma", known.ref) == "Samira Quill"


def test_without_the_folder_the_printed_number_tells(shared: tuple, tmp_path: Path) -> None:
    world, _, seen_as = shared
    files = save(world, tmp_path, "only")
    number = backup.last_number(world.name)
    backup.number_file(world.name).unlink()
    assert not come_back(world, files.data, files.keys).newest
    backup.number_file(world.name).unlink()
    assert come_back(world, files.data, files.keys, number=number).newest
    assert name_read_by(world, "elena", seen_as) == "Samira Quill"


def test_the_data_file_alone_opens_nothing(shared: tuple, tmp_path: Path) -> None:
    world, _, _ = shared
    files = save(world, tmp_path, "parts")
    assert not set(backup.rows_in(files.data, world.name)) & {*backup.KEY_TABLES, *backup.LEFT_OUT}
    assert set(backup.rows_in(files.keys, world.name)) <= set(backup.KEY_TABLES)
    head = json.loads(files.data.read_bytes().split(b"\n", 1)[0])
    assert head["host"] == "" and files.keys.stat().st_mode & 0o077 == 0


def test_the_key_file_holds_every_column_with_a_key() -> None:
    """Every sealed key and wrap is in a table of the key file; every sealed entry is not."""
    from django.apps import apps
    from django.db.models import BinaryField

    binary = {
        model._meta.db_table
        for model in apps.get_models()
        if any(isinstance(field, BinaryField) for field in model._meta.fields)
    }
    in_data = binary - set(backup.KEY_TABLES) - set(backup.LEFT_OUT)
    assert in_data == {
        *("sharing_entry", "audit_event", "audit_chainhead", "audit_signedhead"),
        *("numbers_draft", "numbers_submission", "numbers_sum", "agencies_servedpaper"),
    }


def test_files_that_do_not_fit_are_refused(shared: tuple, tmp_path: Path) -> None:
    world, _, _ = shared
    files = save(world, tmp_path, "once")
    with pytest.raises(BackupRefused):  # there is a database already
        backup.restore(files.data, files.keys, database=world.name)
    with pytest.raises(BackupRefused):
        backup.restore(files.keys, files.data, database=world.name)
    (tmp_path / "other").write_text("no backup")
    with pytest.raises(BackupRefused):
        backup.restore(tmp_path / "other", files.keys, database=world.name)


def test_a_cut_off_file_is_noticed(shared: tuple, tmp_path: Path) -> None:
    world, _, _ = shared
    files = save(world, tmp_path, "whole")
    short = tmp_path / "short.data"
    short.write_bytes(files.data.read_bytes()[:-2000])
    destroy(world)
    with pytest.raises(BackupRefused):
        backup.restore(short, files.keys, database=world.name)


def test_a_backup_that_sees_no_rows_is_noticed(shared: tuple, tmp_path: Path) -> None:
    """Without its policy, pg_dump succeeds with an empty result."""
    world, _, _ = shared
    with world.owner() as owner:
        owner.execute("drop policy backup on sharing_entry")
    with pytest.raises(BackupRefused):
        save(world, tmp_path, "empty")


def test_a_stranger_stays_a_stranger(shared: tuple, tmp_path: Path) -> None:
    world, known, _ = shared
    files = save(world, tmp_path, "one")
    come_back(world, files.data, files.keys)
    with world.as_("ben") as ben, pytest.raises(Hidden):
        sharing.find(actor=ben, ref=known.ref)
    with pytest.raises((Refused, Hidden)):
        name_read_by(world, "aisha", known.ref)
