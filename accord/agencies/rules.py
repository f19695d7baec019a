"""Pure rules: the state of an agreement, when its yearly review is open, why a colleague can't work now."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

REVIEW_GRACE, REVIEW_OPENS = timedelta(days=30), timedelta(days=60)


def agreement_state(row: Any, parties: Sequence[Any], now: datetime) -> str:
    """Return ended, waiting (a signature is missing), keys (a key check is missing), coming, lapsed (review 30 days late),
    review_due or in_force."""
    if row.ended_at or any(party.left_at for party in parties):
        return "ended"
    if not all(party.signed_at for party in parties):
        return "waiting"
    if not all(party.checked_at for party in parties):
        return "keys"
    if row.starts_at > now:
        return "coming"
    if row.review_due_at + REVIEW_GRACE <= now:
        return "lapsed"
    return "review_due" if row.review_due_at <= now else "in_force"


def review_open(*, card: Any, agency: uuid.UUID, now: datetime) -> bool:
    """Return True if this agency can confirm the yearly review now: once, from 60 days before it is due."""
    opens, party = card.review_due_at - REVIEW_OPENS, card.party(agency)
    signed = card.state in ("in_force", "review_due", "lapsed") and party is not None
    return signed and opens <= now and (party.reviewed_at is None or party.reviewed_at < opens)


def waits(row: Any, closed: Collection[uuid.UUID]) -> str:
    """Return why a member can't work: sign_in (not back after a reset), officer (needs access restored), closed; or ''."""
    if row.reset_at is not None:
        return "officer" if row.sealed else "sign_in"
    return "closed" if row.id in closed else ""
