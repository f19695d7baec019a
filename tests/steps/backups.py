"""Steps to back up a world, destroy it and restore it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import connections

from accord.config import backup, verify
from accord.sharing import queries as sharing
from tests import region
from tests.region import World


@dataclass
class Files:
    """The two files in a backup."""

    data: Path
    keys: Path


def save(world: World, folder: Path, label: str) -> Files:
    files = Files(folder / f"{label}.data", folder / f"{label}.keys")
    backup.back_up(files.data, files.keys, world.name)
    return files


def destroy(world: World) -> None:
    connections["default"].close()
    with region.admin_connection() as admin:
        admin.execute(f"drop database {world.name} with (force)")
    world.sessions.clear()


def come_back(world: World, data: Path, keys: Path, number: int | None = None) -> backup.Restored:
    with region.time_goes_on(world):
        destroy(world)
        found = backup.restore(data, keys, number=number, database=world.name)
        region.use(world.name)
        with world.owner() as owner:
            assert verify.floor_differences(owner) == []
            assert all(chain.holds for chain in verify.chains(owner))
    return found


def name_read_by(world: World, user: str, ref: object) -> str:
    with world.as_(user) as actor:
        known = sharing.find(actor=actor, ref=ref)
        sharing.require_access(actor=actor, known=known, action="read-person", kind="identity.name")
        return sharing.read(actor=actor, known=known)["identity.name"][0].payload.used
