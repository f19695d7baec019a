"""Check the logs of agencies, link by link."""

from __future__ import annotations

from accord.audit.queries import EVENT_COLUMNS, chain_start, first_break
from tests.region import World


def broken_chains(world: World, *keys: str) -> list[str]:
    """Return the agencies, of these, whose log is not whole."""
    broken = []
    with world.owner() as owner:
        for key in keys:
            agency = world.agencies[key]
            rows = owner.execute(
                f"select {EVENT_COLUMNS} from audit_event where owner = %s order by position", [agency]
            )
            length, _, place = first_break(rows, chain_start(agency))
            broken += [key] if place is not None or not length else []
    return broken
