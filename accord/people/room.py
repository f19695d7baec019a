"""Declares what the `people` room adds to Accord."""

from __future__ import annotations

from accord.access.codes import ERASE_PERSON, GRANT_ACCESS, READ_PERSON
from accord.core.rooms import Act, Argument, LogLine, Notice, Pace, Page, Panel, PersonAction, Room, Today
from accord.core.text import N_

ROOM = Room(
    name="people",
    question="who is this person, how can we reach them, and how do we find their record?",
    addresses=("", "tasks/", "agency/renewal/", "people/"),
    arguments={
        "ref": Argument("a person's record"),
        "assignment": Argument("an assignment or access that was given"),
        "task": Argument("a task"),
    },
    places={
        "home": "people:today",
        "find-person": "people:find",
        "renew-records": "people:renewal",
    },
    menu=(
        Page("people:today", N_("Today"), order=1, icon="today", covers=("tasks/",)),
        Page(
            "people:mine",
            N_("People"),
            order=2,
            icon="people",
            needs=READ_PERSON,
            first=N_("My clients"),
            covers=("agency/renewal/",),
        ),
        Page(
            "people:all",
            N_("All clients"),
            order=1,
            needs=GRANT_ACCESS,
            under="people:mine",
            covers=("people/<uuid:ref>/team/",),
        ),
        Page("people:erasures", N_("Erasures"), order=3, needs=ERASE_PERSON, under="membership:colleagues"),
    ),
    today=Today("today.lines", order=1),
    panels=(
        Panel("people/_received.html", "panels.received_panel", "right", 0, title=N_("Shared with us"), at="received"),
    ),
    person_actions=(
        PersonAction(N_("Edit name"), "people:edit_name", READ_PERSON, order=1, place="record"),
        PersonAction(N_("Edit age"), "people:edit_age", READ_PERSON, order=2, place="record"),
        PersonAction(N_("Who works with this person"), "people:team", GRANT_ACCESS, order=3, place="record"),
        PersonAction(
            N_("I am related to this person or have a conflict of interest"),
            "people:step_back",
            READ_PERSON,
            order=5,
            place="record",
        ),
        PersonAction(
            N_("Erase this record or place a legal hold"), "people:erase", ERASE_PERSON, order=6, place="record"
        ),
        PersonAction(N_("Why can I see this?"), "people:why", READ_PERSON, order=7, place="record"),
    ),
    log={
        "searched": LogLine(N_("%(by)s searched by name."), Act.READING, Pace.LIST),
        "listed-my-people": LogLine(N_("%(by)s opened their client list."), Act.READING),
        "listed-agency-people": LogLine(
            N_("%(by)s opened the list of all the agency's clients."), Act.READING, Pace.LIST
        ),
        "listed-kept": LogLine(N_("%(by)s opened their list of unfinished forms."), Act.READING),
        "listed-my-tasks": LogLine(N_("%(by)s opened their task list."), Act.READING),
        "identified-record": LogLine(
            N_("%(by)s looked up a record named in an erasure request or legal hold."), Act.READING
        ),
        "looked-at-team": LogLine(N_("%(by)s checked who works with a person."), Act.READING),
        "listed-to-reassign": LogLine(
            N_("%(by)s opened the list of clients who became unassigned when a colleague left."), Act.READING, Pace.LIST
        ),
    },
    notices={
        "share-begun": Notice(N_("A record was shared with you."), page="people:today"),
        "declined-full": Notice(
            N_("A partner agency declined a record you shared because it doesn't have capacity right now."),
            page="people:mine",
            needs=READ_PERSON,
        ),
        "declined-scope": Notice(
            N_("A partner agency declined a record you shared because it doesn't offer this service."),
            page="people:mine",
            needs=READ_PERSON,
        ),
        "declined-elsewhere": Notice(
            N_("A partner agency declined a record you shared because another agency is a better fit."),
            page="people:mine",
            needs=READ_PERSON,
        ),
        "declined-unsaid": Notice(
            N_("A partner agency declined a record you shared and gave no reason."),
            page="people:mine",
            needs=READ_PERSON,
        ),
        "task-overdue": Notice(N_("A task at your agency is overdue."), page="people:today"),
        "erasure-asked": Notice(
            N_("A colleague asked to erase a record. A second person must confirm the request under Erasures."),
            page="people:erasures",
            needs=ERASE_PERSON,
        ),
    },
    kept_forms={
        "people:new": N_("A new record"),
        "people:edit_name": N_("Name"),
        "people:edit_age": N_("Age"),
        "people:edit_contact": N_("Safe contact"),
        "people:assign": N_("Assign a colleague"),
        "people:team": N_("Who works with this person"),
        "people:bar": N_("Who works with this person"),
        "people:hold": N_("Legal hold"),
        "people:erase": N_("Erase this record"),
    },
    sealed=("codes",),
    api="api",
)
