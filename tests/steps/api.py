"""Steps for calling the API, as a connected system or in a colleague's browser."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from accord.accounts import sessions
from accord.accounts.sessions import SessionState
from accord.core import clock
from accord.systems import services as systems
from tests.region import World

ADDS = ("identity.name", "identity.birth", "contact.safe", "needs", "services", "notes.case", "releases")


def connect(
    world: World,
    officer: str = "adele",
    *,
    roles: tuple[str, ...] = ("machine_writer",),
    writes: tuple[str, ...] = ADDS,
    reads: tuple[str, ...] = (),
    purpose: str = "",
    days: int = 30,
    name: str = "Website form",
) -> str:
    """Connect a system as an officer. Returns its token."""
    with world.as_(officer) as actor:
        return systems.connect(
            actor=actor,
            name=name,
            roles=roles,
            writes=writes,
            reads=reads,
            purpose=purpose,
            last_day=clock.today(actor.zone) + timedelta(days=days),
        )


def id_of(world: World, token: str) -> uuid.UUID:
    """Return the connected system's membership over a separate connection, outside the current transaction."""
    digest = hashlib.sha256(sessions.ticket_of(sessions.from_header(f"Bearer {token}"))).digest()
    with world.owner() as owner:
        found = owner.execute("select id from systems_system where ticket_hash = %s", [digest]).fetchone()
    return uuid.UUID(str(found[0]))


def session_of(token: str) -> SessionState:
    """Return the connected system's session, as the middleware creates it for one request."""
    found = sessions.load_machine(sessions.from_header(f"Bearer {token}"))
    assert found is not None
    return found


@dataclass
class Caller:
    """A caller of the API: a connected system with its token, or a colleague's browser."""

    token: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __post_init__(self) -> None:
        self.headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def get(self, path: str) -> Any:
        """Send a GET request under /api/v1."""
        return self.client.get("/api/v1" + path, headers=self.headers)

    def post(self, path: str, body: Any = None) -> Any:
        """Send JSON in a POST request under /api/v1."""
        return self.client.post("/api/v1" + path, body or {}, content_type="application/json", headers=self.headers)


def staff(world: World, user: str) -> Caller:
    """Return a caller that uses a colleague's browser."""
    return Caller(client=world.client(user))
