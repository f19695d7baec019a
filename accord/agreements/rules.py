"""Pure rules: an agreement's state, and whether its yearly review is open."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from accord.agreements.workflows import AGREEMENT, AgreementAction, AgreementState

REVIEW_GRACE, REVIEW_OPENS = timedelta(days=30), timedelta(days=60)


def agreement_state(row: Any, parties: Sequence[Any], now: datetime) -> AgreementState:
    """Return an agreement's state, based on its signatures, key checks, and dates."""
    if row.ended_at or any(party.left_at for party in parties):
        return AgreementState.ENDED
    if not all(party.signed_at for party in parties):
        return AgreementState.WAITING
    if not all(party.checked_at for party in parties):
        return AgreementState.KEYS
    if row.starts_at > now:
        return AgreementState.COMING
    if row.review_due_at + REVIEW_GRACE <= now:
        return AgreementState.LAPSED
    return AgreementState.REVIEW_DUE if row.review_due_at <= now else AgreementState.IN_FORCE


def review_open(*, card: Any, agency: uuid.UUID, now: datetime) -> bool:
    """Return True if this agency can confirm the yearly review now. Each agency can confirm a review once, from 60 days
    before it is due."""
    opens, party = card.review_due_at - REVIEW_OPENS, card.party(agency)
    signed = AGREEMENT.allows(card.state, AgreementAction.REVIEW) and party is not None
    return signed and opens <= now and (party.reviewed_at is None or party.reviewed_at < opens)
