"""Declares what the `statlib` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room

ROOM = Room(
    name="statlib",
    question="what do the numbers say?",
    installed=False,
)
