"""Declares what the `formlib` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room

ROOM = Room(
    name="formlib",
    question="what does a form ask, and what follows from an answer?",
    installed=False,
)
