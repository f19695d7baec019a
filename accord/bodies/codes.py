"""The kinds of bodies. The roles on a body are in `access/codes.py`, next to the roles at an agency."""

from __future__ import annotations

from accord.core.text import N_

TASK_FORCE, STEERING, COMMITTEE, TEAM = "task_force", "steering", "committee", "team"

BODY_KINDS = {
    TASK_FORCE: N_("Task force"),
    STEERING: N_("Steering committee"),
    COMMITTEE: N_("Committee"),
    TEAM: N_("Team"),
}
