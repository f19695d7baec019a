"""Declares what the `cli` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room

ROOM = Room(
    name="cli",
    question="`accord` commands: parse arguments, call one service, print",
    installed=False,
)
