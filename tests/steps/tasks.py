"""Tasks as rows, on any day, for anyone."""

from __future__ import annotations

import uuid
from datetime import date

from tests.region import World


def add(
    world: World,
    code: str,
    *,
    due_on: date,
    about: uuid.UUID | None = None,
    assignee: str = "alma",
    role: str | None = None,
    agency: str = "harbor",
) -> uuid.UUID:
    """Add a task for a persona, or for a role."""
    task = uuid.uuid4()
    with world.owner() as owner:
        owner.execute(
            "insert into work_task (owner, id, code, about, assignee, role, due_on) values (%s, %s, %s, %s, %s, %s, %s)",
            [world.agencies[agency], task, code, about, None if role else world.memberships[assignee], role, due_on],
        )
    return task


def escalated(world: World, task: uuid.UUID) -> bool:
    """Return whether the worker has told others of a task."""
    with world.owner() as owner:
        found = owner.execute("select escalated_at is not null from work_task where id = %s", [task]).fetchone()
    assert found is not None
    return bool(found[0])


def told(world: World, code: str = "task-overdue") -> list[str]:
    """Return who has been told with this notice, each as often as it was written, in order of name."""
    with world.owner() as owner:
        found = owner.execute(
            "select m.name from accounts_notice n join membership_membership m on m.owner = n.owner and m.id = n.membership "
            "where n.code = %s order by m.name",
            [code],
        ).fetchall()
    return [name.lower() for (name,) in found]
