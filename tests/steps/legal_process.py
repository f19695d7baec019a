"""Legal requests as an agency and the hub enter them."""

from __future__ import annotations

from html import unescape

from accord.legal_requests.entries import Disclosure

ORDER = Disclosure(
    basis="order",
    process="judge_order",
    sender="Law Office of P. Lorne",
    received_on="2026-01-05",
    citation="Riverbend District Court 2026-118",
    signed_by="Judge Ames",
    listed=("identity.name", "contact.safe", "needs"),
)


ASKS = "Every note of talks with staff"


def form(**change: object) -> dict[str, object]:
    """Return a legal request as Alma enters it."""
    came = {"received_on_0": "5", "received_on_1": "1", "received_on_2": "2026"}
    said = {"sender": "Law Office of P. Lorne", "signed_by": "Judge Ames", "citation": "26-118", "says": ASKS}
    return {"process": "judge_order", "listed": ["identity.name", "needs"], **came, **said, **change}


def words(response: object) -> str:
    """Return a page's text."""
    return unescape(response.content.decode())  # type: ignore[attr-defined]


def step(what: str, **change: object) -> dict[str, object]:
    on = {"on_0": "6", "on_1": "1", "on_2": "2026"}
    return {"step": what, "words": "Case 26-118", **on, **change}
