"""Pure rules: an agreement's state, whether its yearly review is open, and why a colleague can't work right now."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from accord.agencies.workflows import AGREEMENT, AgreementAction, AgreementState, ServedState

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


def served_state(*, opened: bool, taken_on: bool) -> ServedState:
    """Return what an agency has done with a legal request from the hub. An agency can start handling a request without
    opening it."""
    if taken_on:
        return ServedState.TAKEN_ON
    return ServedState.OPENED if opened else ServedState.SENT


def review_open(*, card: Any, agency: uuid.UUID, now: datetime) -> bool:
    """Return True if this agency can confirm the yearly review now: once, from 60 days before it is due."""
    opens, party = card.review_due_at - REVIEW_OPENS, card.party(agency)
    signed = AGREEMENT.allows(card.state, AgreementAction.REVIEW) and party is not None
    return signed and opens <= now and (party.reviewed_at is None or party.reviewed_at < opens)


def waits(row: Any, closed: Collection[uuid.UUID]) -> str:
    """Return why a colleague can't work: sign_in (no sign-in since a reset), officer (an officer must restore access),
    closed, or ''."""
    if row.reset_at is not None:
        return "officer" if row.sealed else "sign_in"
    return "closed" if row.id in closed else ""
