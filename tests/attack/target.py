"""What the attacks by statement are after: a record of Harbor House that is shared with Legal Aid."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import psycopg
import pytest

from accord.core.floors import Floor
from accord.sharing import floor
from accord.sharing.queries import PersonRef
from tests.region import World

NAME = "Zephyrine Quartermain"


@dataclass
class Target:
    """What the attacker wants."""

    world: World
    known: PersonRef
    share: uuid.UUID
    handle: uuid.UUID


def nothing_is_read(connection: psycopg.Connection, target: Target, *, coalition: bool = False) -> None:
    """Check that no row of Harbor House can be read in any table."""
    for table, kept in floor.tables().items():
        if kept in (Floor.SYSTEM, Floor.QUEUE):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select * from {table}")
        elif kept in (Floor.COALITION, Floor.PARTIES) and coalition:
            continue
        else:
            rows = connection.execute(f"select * from {table} where owner = %s", [target.known.owner]).fetchall()
            assert rows == [], table
