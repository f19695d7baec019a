"""Declares what the `demo` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room

ROOM = Room(
    name="demo",
    question="what is in Riverbend?",
    installed=False,
    on={"demo-sign-in": "riverbend.sign_in_help"},
)
