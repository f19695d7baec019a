"""Accord's rooms in order. Each folder imports only from folders on lower lines.

What a room adds to the others is declared in its own `room.py`.
"""

from __future__ import annotations

from importlib import import_module

from accord.core import rooms

# From the top down. Rooms on the same line do not import each other (tests/architecture/test_contract.py).
LINES: tuple[tuple[str, ...], ...] = (
    ("cli",),
    ("config",),
    ("demo",),
    ("numbers",),
    ("screening",),
    ("answers",),
    ("casework",),
    ("legal_requests",),
    ("releases",),
    ("people",),
    ("exchange",),
    ("work",),
    ("drafts",),
    ("files",),
    ("sharing",),
    ("mail",),
    ("bodies",),
    ("agreements", "systems"),
    ("questionnaires",),
    ("membership",),
    ("agencies",),
    ("jobs",),
    ("signin",),
    ("access",),
    ("accounts",),
    ("audit",),
    ("vault",),
    ("ui", "statlib", "formlib", "law"),
    ("core",),
)

ROOMS: tuple[rooms.Room, ...] = tuple(
    import_module(f"accord.{name}.room").ROOM for line in reversed(LINES) for name in line
)
rooms.fill(ROOMS)  # so that lower rooms find what higher rooms add to them
