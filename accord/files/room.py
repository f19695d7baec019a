"""Declares what the `files` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Act, LogLine, Room
from accord.core.text import N_

ROOM = Room(
    name="files",
    question="how is a file sealed, stored, and opened?",
    log={
        "file-kept": LogLine(N_("%(by)s saved a file in a record."), Act.RECORDS),
        "file-opened": LogLine(N_("%(by)s opened a file in a record."), Act.READING),
    },
)
