"""Someone's record, with who works with them and a task about them."""

from __future__ import annotations

import uuid

from accord.sharing import assignments
from tests.hidden import Hidden
from tests.region import World
from tests.steps.records import open_record

KNOWN_TO: dict[str, tuple[str, ...]] = {}
LISTED: tuple[tuple[str, str], ...] = ()
WORDS = ("Samira", "Quill")


def make(world: World, so_far: Hidden) -> dict[str, uuid.UUID]:
    so_far.known = open_record(world)
    with world.owner() as owner:
        sql = (
            "insert into work_task (owner, id, about, code, assignee, due_on) "
            "values (%s, gen_random_uuid(), %s, 'tell_person', %s, accord.now()) returning id"
        )
        values = [world.agencies["harbor"], so_far.known.ref, world.memberships["alma"]]
        task = owner.execute(sql, values).fetchone()[0]
    with world.as_("alma") as alma:
        assignment = assignments.assignments_of(actor=alma, ref=so_far.known.ref)[0].id
    return {"ref": so_far.known.ref, "task": task, "assignment": assignment}
