"""Declares what the `agencies` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Act, LogLine, Room, Sql
from accord.core.text import N_

ROOM = Room(
    name="agencies",
    question="which agencies are in the coalition, which laws bind them, and how are they set up?",
    addresses=("agency/time-zone/", "agency/contact-line/"),
    log={
        "contact-line-changed": LogLine(N_("%(by)s changed the contact line for partner agencies."), Act.AGENCY),
        "list-downloaded": LogLine(N_("%(by)s downloaded one of the agency's lists as a file."), Act.SHARING),
        "time-zone-changed": LogLine(N_("%(by)s changed the agency's time zone."), Act.AGENCY),
    },
    sql=Sql(inner=("local_day(uuid, timestamptz)",)),
)
