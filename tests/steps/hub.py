"""What the hub's operator types in."""

from __future__ import annotations

from typing import Any

from tests.region import World

NEW = {
    "name": "Northside Shelter",
    "type": "services",
    "traits": ["grant_vawa"],
    "jurisdictions": ["us", "us-calder"],
    "zone": "America/Chicago",
    "officer": "Rosa",
    "roles": ["supervisor"],
}


SAYS = "All records about Samira Quill, born 3 March 1999"


SENDER, REFERENCE, DUE = "Attorney Volkov of Market Street", "CV-2026-7731", "Dec. 17, 2031"


def form(world: World, *agencies: str, **change: Any) -> dict[str, Any]:
    """Return the values of the operator's form, filled in."""
    came = {"came_on_0": "1", "came_on_1": "11", "came_on_2": "2026"}
    due = {"due_on_0": "17", "due_on_1": "12", "due_on_2": "2031"}
    said = {"request_sender": SENDER, "request_reference": REFERENCE, "request_says": SAYS}
    chosen = [str(world.agencies[key]) for key in agencies]
    return {"process": "attorney_subpoena", "agencies": chosen, **came, **due, **said, **change}
