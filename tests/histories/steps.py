"""Steps of a history, each through the services that pages call."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from accord.core import clock
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.queries import PersonRef
from tests.region import World


def begin(
    world: World,
    known: PersonRef,
    partner: str,
    kinds: Sequence[str],
    *,
    start_in: float = 0,
    days: float = 30,
    additions: bool = False,
    purposes: Sequence[str] = ("legal_help",),
    user: str = "alma",
) -> list[uuid.UUID]:
    """Begin a share of each kind, together, as a signed release does."""
    with world.as_(user) as actor:
        starts = clock.now() + timedelta(days=start_in)
        return records.begin_shares(
            actor=actor,
            known=known,
            kinds=kinds,
            recipient=world.agencies[partner],
            purposes=purposes,
            starts_at=starts,
            ends_at=starts + timedelta(days=days),
            additions=additions,
            basis="release",
            basis_id=uuid.uuid4(),
        )


def withdraw_shares(
    world: World, known: PersonRef, shares: Sequence[uuid.UUID] | None = None, user: str = "alma"
) -> None:
    """Revoke these shares, or all."""
    with world.as_(user) as actor:
        chosen = shares if shares is not None else [card.id for card in sharing.shares_of(actor=actor, known=known)]
        records.end_shares(actor=actor, known=known, shares=chosen)
