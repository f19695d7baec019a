"""Declares what the `screening` room adds to Accord."""

from __future__ import annotations

from accord.access.codes import HAND_OFF_SCREENING, SCREEN_PERSON
from accord.core.rooms import Action, Escalation, Notice, Panel, PersonAction, Preface, Room, Task
from accord.core.text import N_

ROOM = Room(
    name="screening",
    question="was this trafficking, as the law defines it, and what must happen next?",
    addresses=("people/<uuid:ref>/checks/",),
    actions=(
        Action(SCREEN_PERSON, N_("screen a person and record a determination"), about_person=True),
        Action(HAND_OFF_SCREENING, N_("see who screens instead, and who to call"), about_person=True),
    ),
    panels=(
        Panel(
            "screening/_screening.html",
            "panels.screening_panel",
            "right",
            2,
            title=N_("Screening"),
            at="screening",
            kinds=("screening",),
        ),
    ),
    person_actions=(PersonAction(N_("Screening"), "screening:hand_off", HAND_OFF_SCREENING, order=6),),
    # The words say nothing about screening, because a colleague can read them over someone's shoulder. The code is
    # readable in the database; `docs/explanation/security.md` says what can be inferred from it.
    tasks={
        "do_step": Task(
            N_("A step for this person is due. Their page shows which one."),
            page="screening:close_step",
            until_matter_ends=True,
            warns=1,
            escalates=Escalation(0, ("supervisor",), notice="task-due-today"),
            part="screening",
        ),
    },
    notices={"task-due-today": Notice(N_("A task at your agency is due today."), page="people:today")},
    kept_forms={
        "screening:add_screen": N_("A screening result"),
        "screening:determine": N_("A determination"),
        "screening:close_step": N_("A step after a screening"),
    },
    prefaces={
        "screening": Preface(
            "screening/_preface.html", "prefaces.build", "prefaces.confirm", kinds=("identity.birth",)
        ),
    },
    on={"form-finished": "services.on_finished"},
    sealed=("codes",),
)
