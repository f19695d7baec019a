"""Destroy the database, restore the two files: nothing is lost, nothing revoked comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accord.config import backup
from accord.config.backup import BackupRefused
from accord.core.errors import Hidden, NoLonger, Refused
from accord.core.floors import Backup
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
    in_neither = {*backup.tables_in(Backup.KEYS), *backup.tables_in(Backup.LEFT_OUT)}
    assert not set(backup.rows_in(files.data, world.name)) & in_neither
    assert set(backup.rows_in(files.keys, world.name)) <= set(backup.tables_in(Backup.KEYS))
    head = json.loads(files.data.read_bytes().split(b"\n", 1)[0])
    assert head["host"] == "" and files.keys.stat().st_mode & 0o077 == 0


def test_the_key_file_holds_every_key() -> None:
    """What opens or permits is never in a data file, which agencies may keep for years."""
    assert set(backup.tables_in(Backup.KEYS)) >= {
        *("accounts_account", "accounts_passkey", "accounts_recoverycode", "membership_membership"),
        *("membership_recoverykey", "membership_recoverystart", "systems_system", "membership_invitation"),
        *("vault_ringkey", "vault_ringseal", "vault_recoveryseal"),
        *("sharing_datakey", "sharing_share", "sharing_sharekey", "sharing_erasure", "sharing_assignment"),
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
