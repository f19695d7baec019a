"""Declares what the `casework` room adds to Accord."""

from __future__ import annotations

from accord.access.codes import WRITE_PERSON
from accord.core.rooms import Argument, DraftForm, Escalation, Panel, PersonAction, Room, Task
from accord.core.text import N_

ROOM = Room(
    name="casework",
    question="what does a person need, which services did they receive, and what was noted?",
    addresses=(
        "people/<uuid:ref>/items/",
        "people/<uuid:ref>/entries/",
        "people/<uuid:ref>/type/",
        "people/<uuid:ref>/notes/",
        "people/<uuid:ref>/status/",
    ),
    arguments={"series": Argument("an entry in a record")},
    panels=(
        Panel("casework/_first.html", "panels.first_panel", "head", 2, kinds=("needs",)),
        Panel("casework/_needs.html", "panels.needs_panel", "left", 1, title=N_("Needs"), at="needs", kinds=("needs",)),
        Panel(
            "casework/_services.html",
            "panels.services_panel",
            "left",
            2,
            title=N_("Services"),
            at="services",
            kinds=("services",),
        ),
        Panel(
            "casework/_notes.html",
            "panels.notes_panel",
            "left",
            3,
            title=N_("Case notes"),
            at="notes",
            kinds=("notes.case",),
        ),
        Panel(
            "casework/_exploitation.html",
            "panels.exploitation_panel",
            "right",
            3,
            title=N_("Type of trafficking"),
            at="type",
            kinds=("exploitation",),
        ),
        Panel(
            "casework/_immigration.html",
            "panels.immigration_panel",
            "left",
            4,
            title=N_("Immigration"),
            at="immigration",
            kinds=("immigration",),
        ),
    ),
    person_actions=(
        PersonAction(N_("Note"), "casework:add_note", WRITE_PERSON, order=1, kind="notes.case"),
        PersonAction(N_("Service"), "casework:add_service", WRITE_PERSON, order=2, kind="services"),
        PersonAction(N_("Need"), "casework:add_need", WRITE_PERSON, order=3, kind="needs"),
    ),
    tasks={
        "her_date": Task(
            N_("A deadline for this person is coming up. Their page shows which one."),
            until_matter_ends=True,
            warns=3,
            escalates=Escalation(1, ("supervisor",)),
            part="immigration",
        ),
    },
    kept_forms={
        "casework:add_note": N_("A note"),
        "casework:add_need": N_("A need"),
        "casework:change_need": N_("A need"),
        "casework:add_service": N_("Services"),
        "casework:change_service": N_("Services"),
        "casework:change_note": N_("A note"),
        "casework:note_exploitation": N_("Type of trafficking"),
        "casework:note_immigration": N_("Immigration"),
        "casework:add_application": N_("Immigration"),
        "casework:change_application": N_("Immigration"),
    },
    draft_forms={
        "note": DraftForm(N_("Unfinished note"), "casework:add_note", "notes.case"),
        "service": DraftForm(N_("Unfinished service entry"), "casework:add_service", "services"),
    },
    sealed=("codes",),
    api="api",
)
