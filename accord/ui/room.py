"""Declares what the `ui` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room

ROOM = Room(
    name="ui",
    question="how does a page look?",
)
