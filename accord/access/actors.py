"""The actor behind a request, and the check for actions that depend on a role."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accord.access.rules import Matter, may, needs_step_up
from accord.access.trail import Trail
from accord.core import clock
from accord.core.errors import Hidden, Invalid, Refused
from accord.core.text import N_
from accord.law.rules import AgencyFacts
from accord.vault import ring as rings


@dataclass
class Actor:
    """Who is acting, for which agency, and in which roles, with the keys that those roles may use (in memory only)."""

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
    facts: AgencyFacts  # facts about the agency that the law depends on
    trained: bool = True
    factor_at: datetime | None = None
    also: tuple[uuid.UUID, ...] = ()  # this account's other memberships in this agency, mostly earlier ones
    waits: bool = False  # after a passphrase reset: no role and no key until a privacy officer restores access
    # For a connected system only: the kinds it may add to, encrypted to the agency's public keys. None for a person.
    inward: frozenset[str] | None = None

    def __post_init__(self) -> None:
        self.trail.ring = self.ring

    def log(self, action: str, outcome: str = "done", about: Any = (), **details: Any) -> None:
        """Record one event for the audit log of the actor's own agency."""
        self.trail.add(self.agency, action, outcome, about, **details)

    def is_own(self, membership: uuid.UUID) -> bool:
        """Return True if a membership of this agency is the actor's own, including an earlier or second membership
        of the same account.

        Steps that need two people compare accounts, because one person can hold two memberships.
        """
        return membership == self.membership or membership in self.also

    def opens(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return an event's details from the agency's own log, or an empty dict if the actor's keys can't open them."""
        return rings.open_details(str(self.agency), event, self.ring)


class StepUpNeeded(Invalid):
    """This action requires the second factor to be checked again first (acceptance line 98)."""

    code = "step_up"
    sentence = N_("Enter the 6-digit code from your authenticator app.")


def require(actor: Actor, action: str, on: Matter | None = None) -> None:
    """Refuse an action that the actor's roles don't include or that the actor's agency may not take in this matter.

    Raises Refused, Hidden (if the actor may not know about the matter), or StepUpNeeded (if the action requires a
    recent second factor).
    """
    require_role(actor, action, on)
    require_fresh_factor(actor, action)


def require_role(actor: Actor, action: str, on: Matter | None = None) -> None:
    """Check the role but not the second factor. Use this to show what an action is about or to undo the action.

    Raises Refused or Hidden.
    """
    decision = may(actor, action, on)
    if not decision.known:
        raise Hidden
    if not decision:
        raise Refused(decision.words, code="role", remedy=decision.remedy)


def require_fresh_factor(actor: Actor, action: str) -> None:
    """Raise StepUpNeeded if this action requires a second factor that was checked in the last five minutes."""
    if needs_step_up(action, actor.factor_at, clock.now()):
        raise StepUpNeeded(fields={"step_up_code": StepUpNeeded.sentence})
