"""Declares what the `legal_requests` room adds to Accord."""

from __future__ import annotations

from accord.access.codes import FORWARD_LEGAL_REQUEST, READ_LEGAL_REQUESTS
from accord.core.rooms import Act, Action, Argument, Escalation, LogLine, Notice, Page, Panel, Room, Task, Today
from accord.core.text import N_
from accord.legal_requests.codes import TASK_WORDS
from accord.legal_requests.codes import Task as Code

ROOM = Room(
    name="legal_requests",
    question="which legal requests reached the hub or an agency, and what was done about them?",
    addresses=("agency/letters/", "hub/letters/", "people/<uuid:ref>/letters/"),
    arguments={
        "legal_request": Argument("a legal request that the hub forwarded"),
    },
    actions=(
        Action(
            FORWARD_LEGAL_REQUEST, N_("forward a legal request that reached the hub, and see whether it was opened")
        ),
        Action(
            READ_LEGAL_REQUESTS,
            N_("open a legal request that reached the hub and is addressed to the agency"),
            about_person=True,
        ),
    ),
    menu=(
        Page(
            "legal_requests:received",
            N_("Legal requests"),
            order=1,
            needs=READ_LEGAL_REQUESTS,
            under="membership:colleagues",
        ),
        Page("legal_requests:hub", N_("Legal requests"), order=1, needs=FORWARD_LEGAL_REQUEST, under="membership:hub"),
    ),
    today=Today("today.lines", order=4),
    panels=(
        Panel(
            "legal_requests/_requests.html",
            "panels.requests_panel",
            "right",
            5,
            title=N_("Subpoenas and legal requests"),
            at="requests",
            kinds=("releases",),
        ),
    ),
    log={
        "paper-forwarded": LogLine(N_("%(by)s forwarded %(other)s a legal request that reached the hub."), Act.SHARING),
        "paper-reached-agency": LogLine(N_("%(partner)s forwarded a legal request to this agency."), Act.SHARING),
        "paper-opened": LogLine(N_("%(by)s opened a legal request that reached the hub."), Act.SHARING),
        "paper-taken-on": LogLine(
            N_("%(by)s took responsibility for a legal request that reached the hub."), Act.SHARING
        ),
        "disclosed-outside": LogLine(
            N_("%(by)s disclosed information outside this system."), Act.SHARING, discloses=True
        ),
        "legal-paper-logged": LogLine(
            N_("%(by)s recorded a legal request about a person."), Act.SHARING, discloses=True
        ),
        "legal-paper-step": LogLine(N_("%(by)s recorded what was done about a legal request."), Act.SHARING),
        "legal-paper-ended": LogLine(
            N_("%(by)s recorded that nothing was handed over in response to a legal request."),
            Act.SHARING,
            discloses=True,
        ),
        "legal-paper-closed": LogLine(N_("%(by)s closed a legal request."), Act.SHARING),
    },
    notices={
        "legal-request-came": Notice(
            N_("A legal request is waiting for your agency's privacy officers."),
            page="legal_requests:received",
            needs=READ_LEGAL_REQUESTS,
        ),
        "legal-request-not-handled": Notice(
            N_("No one is handling a legal request that you forwarded."),
            page="legal_requests:hub",
            needs=FORWARD_LEGAL_REQUEST,
        ),
    },
    tasks={
        Code.HANDLE: Task(
            TASK_WORDS[Code.HANDLE],
            page="legal_requests:served",
            until_matter_ends=True,
            warns=1,
            escalates=Escalation(1, ("operator",), notice="legal-request-not-handled", asker=True),
            role="officer",
            within=3,
        ),
        Code.ANSWER: Task(
            TASK_WORDS[Code.ANSWER],
            page="legal_requests:request",
            until_matter_ends=True,
            warns=3,
            escalates=Escalation(1, ("supervisor", "officer")),
        ),
        Code.TELL_PERSON: Task(
            TASK_WORDS[Code.TELL_PERSON],
            page="legal_requests:request",
            escalates=Escalation(3, ("supervisor",)),  # a survivor may be in danger until someone does this task
        ),
    },
    kept_forms={
        "legal_requests:new": N_("A legal request"),
        "legal_requests:step": N_("A legal request"),
        "legal_requests:hand_over": N_("A legal request"),
        "legal_requests:close": N_("A legal request"),
    },
    sealed=("entries",),
    exchanges=("workflows.FORWARDED",),
)
