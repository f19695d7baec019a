"""Decisions by role and, in coalition matters, also by the agencies that a matter names.

`sharing/rules.py` makes the decisions about a person.

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
    """Whether something is allowed, why, what would change that, and the ids of the basis (a release, an assignment, or
    a rule)."""

    allowed: bool
    reason: str
    words: str
    remedy: str = ""
    rests_on: tuple[str, ...] = ()
    known: bool = field(default=True)  # the actor may know that the item exists
    was_shared: bool = False  # it was once shared with the actor's agency, so answer 403, not 404

    def __bool__(self) -> bool:
        return self.allowed


class Acting(Protocol):
    """The facts about the actor that a decision depends on."""

    @property
    def agency(self) -> UUID:
        """Return the agency that the actor works for."""
        ...

    @property
    def roles(self) -> frozenset[str]:
        """Return the actor's roles in that agency."""
        ...


@dataclass(frozen=True)
class Matter:
    """A matter, such as an agreement, that only some of the coalition's agencies can see and decide on. `named` holds
    its parties."""

    what: str
    id: UUID
    owner: UUID
    named: frozenset[UUID]


AGREEMENT = "agreement"
PARTIES, KEEPER = "parties", "keeper"
# What can be done with a matter, and whether the parties or the agency that keeps it can do it. No other pairs of
# action and matter exist.
DONE_BY: dict[tuple[str, str], str] = {(SIGN_AGREEMENT, AGREEMENT): PARTIES, (DRAFT_AGREEMENT, AGREEMENT): KEEPER}
MATTERS = frozenset(what for _action, what in DONE_BY)


def may_see(actor: Acting, on: Matter) -> Decision:
    """Decide whether the actor's agency may know about this matter, because it is a party to the matter or manages it.

    The PARTIES floor has the same rule in SQL. Raises LookupError for an unknown matter.
    """
    if on.what not in MATTERS:
        raise LookupError(f"unknown matter {on.what}")
    if actor.agency in on.named:
        return Decision(
            True, "named", N_("Your agency is a party to this agreement."), rests_on=(f"{on.what}:{on.id}",)
        )
    if actor.agency == on.owner:
        return Decision(True, "keeper", N_("Your agency drafts and keeps this agreement for the coalition."))
    return Decision(
        False, "unnamed", N_("Only the parties and the coalition's office can see this agreement."), known=False
    )


def may(actor: Acting, action: str, on: Matter | None = None) -> Decision:
    """Decide by role, and in a matter also by agency, whether the actor may do this. `ROLES` lists each role's actions.

    Raises LookupError for an unknown action or matter, and for an action that has nothing to do with the matter.
    """
    if action not in actions():
        raise LookupError(f"unknown action {action}")
    refused = None if on is None else _refused(actor, action, on)
    if refused is not None:  # a refusal counts as false, so compare with None
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
    """Return why the actor's agency may not do this in this matter, whatever the actor's role, or None if it may."""
    seen = may_see(actor, on)
    if (action, on.what) not in DONE_BY:
        raise LookupError(f"{action} has nothing to do with an {on.what}")
    if not seen:
        return seen
    if DONE_BY[action, on.what] == PARTIES:
        words = N_("Only the parties to the agreement can do this.")
        return None if actor.agency in on.named else Decision(False, "parties", words)
    words = N_("Only the coalition's office can do this.")
    return None if actor.agency == on.owner else Decision(False, "keeper", words)


def needs_step_up(action: str, factor_at: datetime | None, now: datetime) -> bool:
    """Return True if the action first needs a new second factor (acceptance line 98)."""
    return actions()[action].step_up and (factor_at is None or now - factor_at > STEP_UP_AGE)
