"""What `casework` adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room

ROOM = Room(
    name="casework",
    question="what does a person need, which services did they receive, what was noted?",
)
