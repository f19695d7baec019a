"""What a decision is, and the door for coalition matters: by role. The door for persons is `sharing/rules.py`.

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
    """Allowed or not, why, what would have to happen, and the ids it rests on (a release, an assignment, a rule)."""

    allowed: bool
    reason: str
    words: str
    remedy: str = ""
    rests_on: tuple[str, ...] = ()
    known: bool = field(default=True)  # whether the actor may know that the thing exists at all
    was_shared: bool = False  # it was in force for the actor's agency once: 403 and not 404

    def __bool__(self) -> bool:
        return self.allowed


def may(roles: frozenset[str], action: str) -> Decision:
    """Whether any of these roles may do this. Everybody who may: the role table in `codes.py`."""
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
    """Whether the second factor must be shown again first (acceptance line 98)."""
    return action in STEP_UP and (factor_at is None or now - factor_at > STEP_UP_AGE)
