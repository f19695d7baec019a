"""The panel of the person page that lists the reader's own drafts about this person."""

from __future__ import annotations

from typing import Any

from accord.access.actors import Actor
from accord.drafts import queries
from accord.drafts.presenters import draft_row


def unfinished_panel(actor: Actor, page: Any) -> dict[str, Any] | None:
    """List the reader's own drafts about one of the agency's own people. `page` is `people.queries.Page`."""
    if not page.known.own:
        return None
    found = queries.drafts_about(actor=actor, known=page.known)
    rows = [draft_row(draft) for draft in found if page.decisions[draft.kind]]
    return {"rows": rows} if rows else None
