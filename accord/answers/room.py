"""Declares what the `answers` room adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Act, Argument, DraftFamily, LogLine, Panel, Room
from accord.core.text import N_
from accord.questionnaires.codes import FORM_KINDS

ROOM = Room(
    name="answers",
    question="what did a person answer?",
    addresses=("people/<uuid:ref>/unfinished/", "people/<uuid:ref>/answers/"),
    arguments={
        "answers": Argument("a finished form"),
        "page": Argument("a page of a form", hidden=False),
        "revision": Argument("a revision of an entry", hidden=False),
        "name": Argument("a file that answers a question", hidden=False),
    },
    panels=(
        Panel(
            "answers/_panel.html", "panels.answers_panel", "left", 5, title=N_("Forms"), at="forms", kinds=FORM_KINDS
        ),
    ),
    log={
        "answers-exported": LogLine(N_("%(by)s downloaded a person's answers to a form."), Act.READING, on_record=True),
    },
    kept_forms={"answers:page": N_("A form")},
    draft_families={
        "answers": DraftFamily(N_("Unfinished form"), "answers:resume", "queries.titles"),
        "correction": DraftFamily(N_("Unfinished correction of a form"), "answers:resume", "queries.no_titles"),
    },
    sealed=("codes",),
)
