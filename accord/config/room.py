"""Declares what the `config` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Room, Today

ROOM = Room(
    name="config",
    question="settings, addresses, middleware order",
    installed=False,
    today=Today("today.lines", order=6),
)
