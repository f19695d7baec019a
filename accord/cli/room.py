"""What `cli` adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room

ROOM = Room(
    name="cli",
    question="`accord ...`: parse, call one service, print",
    installed=False,
)
