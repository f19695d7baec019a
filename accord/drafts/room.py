"""Declares what the `drafts` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import HOUR, Act, Argument, Job, LogLine, Panel, Room, Sql
from accord.core.text import N_

ROOM = Room(
    name="drafts",
    question="which forms did someone save before finishing them?",
    addresses=("drafts/",),
    arguments={"draft": Argument("a draft")},
    panels=(
        Panel("drafts/_panel.html", "panels.unfinished_panel", "left", 0, title=N_("Unfinished"), at="unfinished"),
    ),
    jobs=(Job("drafts_expire", N_("delete expired drafts"), HOUR),),
    log={
        "draft-saved": LogLine(N_("%(by)s saved a draft about a person."), Act.RECORDS),
        "draft-discarded": LogLine(N_("%(by)s discarded a draft about a person."), Act.RECORDS),
    },
    sql=Sql(inner=("drafts_delete(uuid, uuid[])",), worker=("drafts_expire()",)),
)
