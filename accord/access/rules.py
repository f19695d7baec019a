"""Decisions based on roles. In coalition matters, they also depend on which agencies are involved and who has a seat on
a body.

`sharing/rules.py` makes the decisions about a person.

This module is pure: it doesn't use Django or read the clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from accord.access.codes import (
    DRAFT_AGREEMENT,
    KEEP_BODIES,
    NAME_REPRESENTATIVE,
    READ_DECISIONS,
    RECORD_DECISION,
    ROLES,
    SEATS,
    SIGN_AGREEMENT,
)
from accord.core.rooms import actions
from accord.core.text import N_

STEP_UP_AGE = timedelta(minutes=5)


@dataclass(frozen=True)
class Decision:
    """A decision: whether an action is allowed, why, what would change that, and the ids of the basis (a release, an
    assignment, or a rule)."""

    allowed: bool
    reason: str
    words: str
    remedy: str = ""
    based_on: tuple[str, ...] = ()
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
    def membership(self) -> UUID:
        """Return the actor's membership in that agency."""
        ...

    @property
    def roles(self) -> frozenset[str]:
        """Return the actor's roles in that agency."""
        ...


@dataclass(frozen=True)
class Seat:
    """An agency's seat on a body today. It belongs to one staff member, to `anyone` who works there, or, until the
    agency chooses someone, to no one."""

    agency: UUID
    role: str
    membership: UUID | None = None
    anyone: bool = False


@dataclass(frozen=True)
class Matter:
    """A matter that only some of the coalition's agencies can see and decide on: an agreement or a body.

    `named` holds the parties of an agreement, or the agencies with a seat on a body today. Only a body has `seats`.
    `is_open` means that every agency in the coalition can read it. `is_over` means that it has ended.
    """

    what: str
    id: UUID
    owner: UUID
    named: frozenset[UUID]
    seats: tuple[Seat, ...] = ()
    is_open: bool = False
    is_over: bool = False


AGREEMENT, BODY = "agreement", "body"
PARTIES, KEEPER, SEAT = "parties", "keeper", "seat"
# What can be done with a matter, and who can do it: the parties, the agency that keeps it, or those with a seat that
# allows it. No other pairs of action and matter exist.
DONE_BY: dict[tuple[str, str], str] = {
    (SIGN_AGREEMENT, AGREEMENT): PARTIES,
    (DRAFT_AGREEMENT, AGREEMENT): KEEPER,
    (KEEP_BODIES, BODY): KEEPER,
    (NAME_REPRESENTATIVE, BODY): PARTIES,
    (READ_DECISIONS, BODY): SEAT,
    (RECORD_DECISION, BODY): SEAT,
}
MATTERS = frozenset(what for _action, what in DONE_BY)

NAMED = {
    AGREEMENT: N_("Your agency is a party to this agreement."),
    BODY: N_("Your agency has a seat on this committee."),
}
KEPT = {
    AGREEMENT: N_("Your agency drafts and keeps this agreement for the coalition."),
    BODY: N_("Your agency keeps the list of seats on this committee for the coalition."),
}
UNNAMED = {
    AGREEMENT: N_("Only the parties and the coalition's office can see this agreement."),
    BODY: N_("Only the coalition's office and agencies with a seat on this committee can see it."),
}
NOT_DONE_HERE = {
    (AGREEMENT, PARTIES): N_("Only the parties to the agreement can do this."),
    (BODY, PARTIES): N_("Only an agency with a seat on this committee can do this."),
    (AGREEMENT, KEEPER): N_("Only the coalition's office can do this."),
    (BODY, KEEPER): N_("Only the coalition's office can do this."),
}
OPEN = N_("This committee is open to all agencies in the coalition.")


def may_see(actor: Acting, on: Matter) -> Decision:
    """Decide whether the actor's agency may know about this matter, because the matter names the agency, the agency
    keeps it, or it is open. The PARTIES floor has the same rule in SQL. Raises LookupError for an unknown matter."""
    if on.what not in MATTERS:
        raise LookupError(f"unknown matter {on.what}")
    if actor.agency in on.named:
        return Decision(True, "named", NAMED[on.what], based_on=(f"{on.what}:{on.id}",))
    if actor.agency == on.owner:
        return Decision(True, "keeper", KEPT[on.what])
    if on.is_open:
        return Decision(True, "open", OPEN)
    return Decision(False, "unnamed", UNNAMED[on.what], known=False)


def may(actor: Acting, action: str, on: Matter | None = None) -> Decision:
    """Decide whether the actor may do this, based on role and, in a matter, also on agency or seat.

    `ROLES` lists each role's actions, and `SEATS` lists each seat's. An action that requires a seat is never allowed
    without a body. Raises LookupError for an unknown action or matter, and for an action that has nothing to do with
    the matter.
    """
    if action not in actions():
        raise LookupError(f"unknown action {action}")
    if on is None:
        return _by_role(actor, action)
    seen = may_see(actor, on)
    if (action, on.what) not in DONE_BY:
        raise LookupError(f"{action} has nothing to do with the matter {on.what}")
    if not seen:
        return seen
    return _in_matter(actor, action, on)


def _by_role(actor: Acting, action: str) -> Decision:
    holders = [code for code in sorted(actor.roles) if action in ROLES[code].actions]
    if holders:
        return Decision(True, "role", N_("Your role allows this."), based_on=tuple(f"role:{code}" for code in holders))
    return Decision(
        False,
        "role",
        N_("Your role doesn't include this."),
        N_("A colleague whose role includes this can do it, or your privacy officer can change your role."),
    )


def _in_matter(actor: Acting, action: str, on: Matter) -> Decision:
    """Decide about an action in a matter that the actor may see, according to `DONE_BY`."""
    done_by = DONE_BY[action, on.what]
    if on.is_over and action != READ_DECISIONS:
        return Decision(False, "over", N_("This committee has ended. Nothing about it can change."))
    if done_by == SEAT:
        return _by_seat(actor, action, on)
    here = actor.agency in on.named if done_by == PARTIES else actor.agency == on.owner
    return _by_role(actor, action) if here else Decision(False, done_by, NOT_DONE_HERE[on.what, done_by])


def _by_seat(actor: Acting, action: str, on: Matter) -> Decision:
    """Decide based on the actor's seats on a body today. The BODY floor has the rule for reading in SQL."""
    allowing = sorted(code for code in seats_of(actor, on) if action in SEATS[code].actions)
    if allowing:
        return Decision(True, "seat", N_("Your seat allows this."), based_on=tuple(f"seat:{code}" for code in allowing))
    if action == READ_DECISIONS and on.is_open:
        return Decision(True, "open", OPEN)
    return Decision(
        False,
        "seat",
        N_("You don't have a seat that allows this."),
        N_("The coalition's office adds and ends seats. Your privacy officer chooses who represents your agency."),
    )


def seats_of(actor: Acting, on: Matter) -> frozenset[str]:
    """Return the roles in which the actor has a seat on a body today.

    Connected systems, and staff who are waiting for access after a reset, have none.
    """
    if not any(ROLES[code].within for code in actor.roles):
        return frozenset()
    own = (seat for seat in on.seats if seat.agency == actor.agency)
    return frozenset(seat.role for seat in own if seat.anyone or seat.membership == actor.membership)


def needs_step_up(action: str, factor_at: datetime | None, now: datetime) -> bool:
    """Return True if the action first needs a new second factor (acceptance line 98)."""
    return actions()[action].step_up and (factor_at is None or now - factor_at > STEP_UP_AGE)
