"""Declares what the `questionnaires` room adds to Accord."""

from __future__ import annotations

from accord.access.codes import MANAGE_FORMS
from accord.core.rooms import Act, Action, Argument, LogLine, Page, Room, Sql
from accord.core.text import N_

ROOM = Room(
    name="questionnaires",
    question="which forms does an agency use, and what do their pages look like?",
    addresses=("forms/",),
    arguments={
        "questionnaire": Argument("a form of an agency"),
        "version": Argument("a version of a form"),
    },
    actions=(Action(MANAGE_FORMS, N_("add, publish and retire forms")),),
    menu=(Page("questionnaires:forms", N_("Forms"), order=5, needs=MANAGE_FORMS, under="membership:colleagues"),),
    log={
        "form-loaded": LogLine(N_("%(by)s uploaded a form."), Act.AGENCY),
        "form-published": LogLine(N_("%(by)s published a form."), Act.AGENCY),
        "form-retired": LogLine(N_("%(by)s retired a form."), Act.AGENCY),
        "form-discarded": LogLine(N_("%(by)s deleted a draft of a form."), Act.AGENCY),
    },
    sql=Sql(inner=("manages_forms()",)),
)
