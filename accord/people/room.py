"""What `people` adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Act, LogLine, Pace, Room
from accord.core.text import N_

ROOM = Room(
    name="people",
    question="who is this person, how can we reach them, how do we find their record?",
    log={
        "searched": LogLine(N_("%(by)s searched by name."), Act.READING, Pace.LIST),
        "listed-my-people": LogLine(N_("%(by)s opened their client list."), Act.READING),
        "listed-agency-people": LogLine(
            N_("%(by)s opened the list of all clients of the agency."), Act.READING, Pace.LIST
        ),
        "listed-kept": LogLine(N_("%(by)s opened the list of what they were writing."), Act.READING),
        "listed-my-tasks": LogLine(N_("%(by)s opened their task list."), Act.READING),
        "identified-record": LogLine(
            N_("%(by)s looked up a record named in an erasure request or legal hold."), Act.READING
        ),
        "looked-at-team": LogLine(N_("%(by)s checked who works with a person."), Act.READING),
        "listed-to-reassign": LogLine(
            N_("%(by)s opened the list of clients left unassigned when a colleague left."), Act.READING, Pace.LIST
        ),
        "task-done": LogLine(N_("%(by)s marked a task as done."), Act.RECORDS),
        "task-undone": LogLine(N_("%(by)s marked a task as not done."), Act.RECORDS),
    },
)
