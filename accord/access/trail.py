"""The audit log entries of one transaction, which are collected while it runs, and encrypted and appended at the
end."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from accord.vault import queries as vault
from accord.vault import ring as rings


@dataclass
class Trail:
    """The events that this transaction will append to the audit log, one per action, each with the ids it concerns."""

    source: str = ""
    ring: rings.Ring | None = None  # the actor's keys; the log key encrypts details in their own agency's log
    events: list[dict[str, Any]] = field(default_factory=list)

    def add(self, chain: uuid.UUID, action: str, outcome: str = "done", about: Any = (), **details: Any) -> None:
        """Record one event. `about` holds person ids. Details are ids and codes, never content, and will be
        encrypted."""
        self.events.append(self._event(chain, action, outcome, about, details))

    def _event(
        self, chain: uuid.UUID, action: str, outcome: str, about: Any, details: Mapping[str, Any]
    ) -> dict[str, Any]:
        return {
            "chain": str(chain),
            "action": action,
            "outcome": outcome,
            "source": self.source,
            "about": [str(person) for person in about],
            "details": {key: value for key, value in details.items() if value is not None},
        }

    def write(self) -> None:
        """Append all events at the end of the transaction, so that chain heads are locked only briefly."""
        if self.events:
            with connection.cursor() as cursor:
                cursor.execute("select accord.audit_append(%s::jsonb)", [self._sealed(self.events)])
            self.events = []

    def sealed_for(self, lines: Iterable[tuple[uuid.UUID, str, Mapping[str, Any]]]) -> str:
        """Return events as JSON with encrypted details, for a function that appends them itself. Each line has the
        log's agency, the action, and the details."""
        return self._sealed([self._event(chain, action, "done", (), details) for chain, action, details in lines])

    def _sealed(self, events: list[dict[str, Any]]) -> str:
        """Encrypt details to the agency that owns the log.

        An agency has no log key until its first privacy officer signs in. Until then, it gets events without details.
        """
        home = self.ring if self.ring is not None and rings.LOG_KEY in self.ring.codes() else None
        inward = {uuid.UUID(e["chain"]) for e in events if e["details"] and not (home and _at_home(e, home))}
        publics = vault.newest_public(agencies=inward, code=rings.LOG_KEY) if inward else {}
        for event in events:
            details, bound = event.pop("details"), rings.details_bound(event["chain"], event)
            towards = publics.get(uuid.UUID(event["chain"]))
            if details and home and _at_home(event, home):
                event.update(rings.seal_details(details, bound, home))
            elif details and towards:
                event.update(rings.seal_details_towards(details, bound, *towards))
        return json.dumps(events, default=str)


def _at_home(event: dict[str, Any], ring: rings.Ring) -> bool:
    return bool(event["chain"] == str(ring.agency))
