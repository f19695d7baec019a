"""Declares what the `vault` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room

ROOM = Room(
    name="vault",
    question="how is anything encrypted, and who can open it?",
)
