"""Declares what the `core` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room

ROOM = Room(
    name="core",
    question="errors, clock, floors, the embedded PostgreSQL",
    installed=False,
)
