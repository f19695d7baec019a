"""Declares what the `bodies` room adds to Accord."""

from __future__ import annotations

from accord.access.codes import KEEP_BODIES, NAME_REPRESENTATIVE, READ_DECISIONS, RECORD_DECISION
from accord.core.rooms import Act, Action, LogLine, Notice, Page, Room, Sql
from accord.core.text import N_

ROOM = Room(
    name="bodies",
    question="which committees does the coalition have, who sits in them, and what did they decide?",
    addresses=("coalition/",),
    actions=(
        Action(KEEP_BODIES, N_("create a committee of the coalition, add seats and end them"), step_up=True),
        Action(NAME_REPRESENTATIVE, N_("name who sits for the agency in a committee"), step_up=True),
        Action(READ_DECISIONS, N_("read the decisions of a committee")),
        Action(RECORD_DECISION, N_("record a decision of a committee, and correct it")),
    ),
    menu=(Page("bodies:bodies", N_("Coalition"), order=6, icon="coalition"),),
    log={
        "body-created": LogLine(N_("%(by)s created a committee of the coalition."), Act.AGENCY),
        "body-ended": LogLine(N_("%(by)s ended a committee of the coalition."), Act.AGENCY),
        "seat-added": LogLine(N_("%(by)s gave %(other)s a seat in a committee."), Act.AGENCY),
        "seat-given": LogLine(
            N_("%(partner)s gave this agency a seat in a committee."), Act.AGENCY, across="seat_across"
        ),
        "seat-ended": LogLine(N_("%(by)s ended a seat of %(other)s in a committee."), Act.AGENCY),
        "seat-taken": LogLine(
            N_("%(partner)s ended a seat of this agency in a committee."), Act.AGENCY, across="seat_across"
        ),
        "seat-named": LogLine(N_("%(by)s named %(other)s to sit for the agency in a committee."), Act.AGENCY),
        "seat-filled": LogLine(
            N_("%(partner)s named who sits for it in a committee."), Act.AGENCY, across="seat_across"
        ),
        "decision-recorded": LogLine(N_("%(by)s recorded a decision of a committee."), Act.AGENCY),
        "decision-corrected": LogLine(N_("%(by)s corrected a decision of a committee."), Act.AGENCY),
    },
    notices={
        "seat-added": Notice(N_("Your agency has a seat in a committee of the coalition."), page="bodies:bodies"),
        "seat-named": Notice(N_("You have a seat in a committee of the coalition."), page="bodies:bodies"),
        "seat-ended": Notice(
            N_("A seat of your agency in a committee of the coalition has ended."), page="bodies:bodies"
        ),
    },
    drafts={
        "bodies:create": N_("A committee"),
        "bodies:record": N_("A decision of a committee"),
        "bodies:correct": N_("A decision of a committee"),
    },
    sql=Sql(
        inner=(
            "seat_across(jsonb)",
            "seat_notice(uuid, text, timestamptz)",
            "seats_held()",
            "seats_now(uuid)",
        ),
        readers=("bodies_known()", "bodies_read()", "body_names(uuid)"),
    ),
)
