"""What a decision is, and decisions on coalition matters: by role, and for a matter also by which agencies it names.

Decisions about a person: `sharing/rules.py`.

Pure: no Django, no clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from accord.access.codes import DRAFT_AGREEMENT, ROLES, SIGN_AGREEMENT
from accord.core.rooms import actions
from accord.core.text import N_

STEP_UP_AGE = timedelta(minutes=5)


@dataclass(frozen=True)
class Decision:
    """Allowed or not, why, what would have to change, and the ids of its basis (a release, an assignment, a rule)."""

    allowed: bool
    reason: str
    words: str
    remedy: str = ""
    rests_on: tuple[str, ...] = ()
    known: bool = field(default=True)  # the actor may know that the item exists
    was_shared: bool = False  # it was shared with the actor's agency once: answer 403, not 404

    def __bool__(self) -> bool:
        return self.allowed


class Acting(Protocol):
    """Who acts, as far as a decision needs it."""

    @property
    def agency(self) -> UUID:
        """Return the agency they act for."""
        ...

    @property
    def roles(self) -> frozenset[str]:
        """Return their roles there."""
        ...


@dataclass(frozen=True)
class Matter:
    """Something of the coalition that only some agencies see and decide: an agreement. `named` are its parties."""

    what: str
    id: UUID
    owner: UUID
    named: frozenset[UUID]


AGREEMENT = "agreement"
PARTIES, KEEPER = "parties", "keeper"
# What can be done with a matter, and by which agencies: those named in it, or the one that keeps it. No other pair of
# action and matter exists.
DONE_BY: dict[tuple[str, str], str] = {(SIGN_AGREEMENT, AGREEMENT): PARTIES, (DRAFT_AGREEMENT, AGREEMENT): KEEPER}
MATTERS = frozenset(what for _action, what in DONE_BY)


def may_see(actor: Acting, on: Matter) -> Decision:
    """Decide if the actor's agency may know of this matter: it is named in it, or keeps it. The floor PARTIES says the
    same in SQL. Raises LookupError for an unknown matter.
    """
    if on.what not in MATTERS:
        raise LookupError(f"unknown matter {on.what}")
    if actor.agency in on.named:
        return Decision(True, "named", N_("Your agency is a party."), rests_on=(f"{on.what}:{on.id}",))
    if actor.agency == on.owner:
        return Decision(True, "keeper", N_("Your agency drafts and keeps it for the coalition."))
    return Decision(False, "unnamed", N_("Only its parties and the coalition's office can see it."), known=False)


def may(actor: Acting, action: str, on: Matter | None = None) -> Decision:
    """Decide if the actor may do this by role, and in a matter also by agency. `ROLES` lists which role may.

    Raises LookupError for an unknown action or matter, and for an action that has nothing to do with the matter.
    """
    if action not in actions():
        raise LookupError(f"unknown action {action}")
    refused = None if on is None else _refused(actor, action, on)
    if refused is not None:  # a refusal is false
        return refused
    holders = [code for code in sorted(actor.roles) if action in ROLES[code].actions]
    if holders:
        return Decision(True, "role", N_("Your role allows this."), rests_on=tuple(f"role:{code}" for code in holders))
    return Decision(
        False,
        "role",
        N_("Your role doesn't include this."),
        N_("A colleague whose role includes this can do it, or your privacy officer can change your role."),
    )


def _refused(actor: Acting, action: str, on: Matter) -> Decision | None:
    """Return why the actor's agency may not do this in this matter, whatever their role, or None."""
    seen = may_see(actor, on)
    if (action, on.what) not in DONE_BY:
        raise LookupError(f"{action} has nothing to do with an {on.what}")
    if not seen:
        return seen
    if DONE_BY[action, on.what] == PARTIES:
        words = N_("Only its parties can do this.")
        return None if actor.agency in on.named else Decision(False, "parties", words)
    words = N_("Only the coalition's office can do this.")
    return None if actor.agency == on.owner else Decision(False, "keeper", words)


def needs_step_up(action: str, factor_at: datetime | None, now: datetime) -> bool:
    """Return True if the action needs a new second factor first (acceptance line 98)."""
    return actions()[action].step_up and (factor_at is None or now - factor_at > STEP_UP_AGE)
