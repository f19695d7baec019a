"""Declares what the `systems` room adds to Accord."""

from __future__ import annotations

from accord.access.codes import CONNECT_SYSTEM
from accord.core.rooms import Act, Action, Argument, LogLine, Page, Room, Sql
from accord.core.text import N_

ROOM = Room(
    name="systems",
    question="which other systems are connected to an agency, and what may they do?",
    addresses=("agency/systems/",),
    arguments={
        "system": Argument("a connected system"),
    },
    actions=(Action(CONNECT_SYSTEM, N_("connect and disconnect other systems"), step_up=True),),
    menu=(
        Page("systems:systems", N_("Connected systems"), order=4, needs=CONNECT_SYSTEM, under="membership:colleagues"),
    ),
    log={
        "system-connected": LogLine(N_("%(by)s connected the system %(other)s."), Act.ACCESS),
        "system-ended": LogLine(N_("%(by)s disconnected the system %(other)s."), Act.ACCESS),
    },
    sql=Sql(),
    on={"systems-wait-for-keys": "services.seal_waiting"},
)
