"""Declares what the `law` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room

ROOM = Room(
    name="law",
    question="what does the law require?",
    installed=False,
)
