"""Who acts, and the door for everything that is decided by her role."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accord.access.rules import may, needs_step_up
from accord.access.trail import Trail
from accord.core import clock
from accord.core.errors import Invalid, Refused
from accord.core.text import N_
from accord.law.rules import AgencyFacts
from accord.vault import ring as rings


@dataclass
class Actor:
    """Who acts, for which agency, as what; with the keys that her role may use, in memory only."""

    account: uuid.UUID
    membership: uuid.UUID
    agency: uuid.UUID
    agency_name: str
    agency_kind: str
    zone: str
    name: str
    roles: frozenset[str]
    purpose: str
    ring: Any
    trail: Trail
    facts: AgencyFacts  # what the law asks about the agency
    trained: bool = True
    factor_at: datetime | None = None
    also: tuple[uuid.UUID, ...] = ()  # other memberships of this account in this agency: earlier ones, mostly
    waits: bool = False  # a new passphrase by a reset: no role and no key until an officer lets her back in
    # Of a machine client only: the kinds that it may add to, sealed inwards. None for a colleague.
    inward: frozenset[str] | None = None

    def __post_init__(self) -> None:
        self.trail.ring = self.ring

    def log(self, action: str, outcome: str = "done", about: Any = (), **details: Any) -> None:
        """Note one event in the actor's own agency's chain."""
        self.trail.add(self.agency, action, outcome, about, **details)

    def is_own(self, membership: uuid.UUID) -> bool:
        """Whether a membership of the actor's agency is theirs, also an earlier or a second one of the same account.
        Whatever takes two people compares humans: one of them may hold two memberships."""
        return membership == self.membership or membership in self.also

    def opens(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """The details of an event in her own agency's log, or nothing where her keys do not open them."""
        return rings.open_details(str(self.agency), event, self.ring)


class StepUpNeeded(Invalid):
    """The second factor has to be shown again before this (acceptance line 98)."""

    code = "step_up"
    sentence = N_("Enter the 6-digit code from your authenticator app.")


def require(actor: Actor, action: str) -> None:
    """The door for everything that is decided by role. Raises Refused, or StepUpNeeded for what wants a fresh factor."""
    require_role(actor, action)
    require_fresh_factor(actor, action)


def require_role(actor: Actor, action: str) -> None:
    """By role alone: for looking at what an action is about, and for taking back what it gave. Raises Refused."""
    decision = may(actor.roles, action)
    if not decision:
        raise Refused(decision.words, code="role", remedy=decision.remedy)


def require_fresh_factor(actor: Actor, action: str) -> None:
    """Raises StepUpNeeded when this action wants a second factor not older than five minutes."""
    if needs_step_up(action, actor.factor_at, clock.now()):
        raise StepUpNeeded(fields={"step_up_code": StepUpNeeded.sentence})
