"""Declares what the `bodies` room adds to Accord."""

from __future__ import annotations

from accord.access.codes import KEEP_BODIES, NAME_REPRESENTATIVE, READ_DECISIONS, RECORD_DECISION
from accord.core.rooms import Act, Action, Argument, LogLine, Notice, Page, Room, Sql
from accord.core.text import N_

ROOM = Room(
    name="bodies",
    question="which committees does the coalition have, who has a seat on them, and what did they decide?",
    addresses=("coalition/",),
    arguments={
        "body": Argument("a committee"),
        "seat": Argument("a seat on a committee"),
        "decision": Argument("a committee's decision"),
    },
    actions=(
        Action(KEEP_BODIES, N_("create and end coalition committees and their seats"), step_up=True),
        Action(NAME_REPRESENTATIVE, N_("choose who represents the agency on a committee"), step_up=True),
        Action(READ_DECISIONS, N_("read a committee's decisions")),
        Action(RECORD_DECISION, N_("record and correct a committee's decisions")),
    ),
    menu=(Page("bodies:bodies", N_("Coalition"), order=6, icon="coalition"),),
    log={
        "body-created": LogLine(N_("%(by)s created a coalition committee."), Act.AGENCY),
        "body-ended": LogLine(N_("%(by)s ended a coalition committee."), Act.AGENCY),
        "seat-added": LogLine(N_("%(by)s gave %(other)s a seat on a committee."), Act.AGENCY),
        "seat-given": LogLine(
            N_("%(partner)s gave this agency a seat on a committee."), Act.AGENCY, across="seat_across"
        ),
        "seat-ended": LogLine(N_("%(by)s ended a committee seat held by %(other)s."), Act.AGENCY),
        "seat-taken": LogLine(
            N_("%(partner)s ended a committee seat held by this agency."), Act.AGENCY, across="seat_across"
        ),
        "seat-named": LogLine(N_("%(by)s chose %(other)s to represent the agency on a committee."), Act.AGENCY),
        "seat-filled": LogLine(
            N_("%(partner)s chose who represents it on a committee."), Act.AGENCY, across="seat_across"
        ),
        "decision-recorded": LogLine(N_("%(by)s recorded a committee decision."), Act.AGENCY),
        "decision-corrected": LogLine(N_("%(by)s corrected a committee decision."), Act.AGENCY),
    },
    notices={
        "seat-added": Notice(N_("Your agency has a seat on a coalition committee."), page="bodies:bodies"),
        "seat-named": Notice(N_("You have a seat on a coalition committee."), page="bodies:bodies"),
        "seat-ended": Notice(
            N_("One of your agency's seats on a coalition committee has ended."), page="bodies:bodies"
        ),
    },
    kept_forms={
        "bodies:create": N_("A committee"),
        "bodies:record": N_("A committee decision"),
        "bodies:correct": N_("A committee decision"),
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
