"""What a decision is, and decisions by role, for coalition matters. Decisions about a person: `sharing/rules.py`.

Pure: no Django, no clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accord.access.codes import ACTIONS, ROLES, STEP_UP
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


def may(roles: frozenset[str], action: str) -> Decision:
    """Decide if any of these roles may do this. The role table in `codes.py` lists who may."""
    if action not in ACTIONS:
        raise LookupError(f"unknown action {action}")
    holders = [code for code in sorted(roles) if action in ROLES[code].actions]
    if holders:
        return Decision(True, "role", N_("Your role allows this."), rests_on=tuple(f"role:{code}" for code in holders))
    return Decision(
        False,
        "role",
        N_("Your role doesn't include this."),
        N_("A colleague whose role includes this can do it, or your privacy officer can change your role."),
    )


def needs_step_up(action: str, factor_at: datetime | None, now: datetime) -> bool:
    """Return True if the action needs a new second factor first (acceptance line 98)."""
    return action in STEP_UP and (factor_at is None or now - factor_at > STEP_UP_AGE)
