"""What `demo` adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room

ROOM = Room(
    name="demo",
    question="what is in Riverbend?",
    installed=False,
)
