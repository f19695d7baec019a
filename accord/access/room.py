"""Declares what the `access` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room

ROOM = Room(
    name="access",
    question="who is acting, in which role, and are they allowed to?",
    on={"database-away": "views.database_away"},
)
