"""Tasks and steps for a legal request."""

from __future__ import annotations

from enum import StrEnum

from accord.core.text import N_


class Task(StrEnum):
    """A task that follows a legal request or a report."""

    HANDLE = "handle-legal-request"  # for an agency's privacy officers, when the hub forwards a request to it
    ANSWER = "answer_legal_request"
    TELL_PERSON = "tell_person"


TASK_WORDS = {
    Task.HANDLE: N_("Open a legal request from the hub and decide who handles it."),
    Task.ANSWER: N_("A legal request is open. Respond to it, then close it."),
    Task.TELL_PERSON: N_("Tell this person, in a safe way, what was disclosed and why."),
}


class Step(StrEnum):
    """A step taken on a legal request, in the usual order (confidentiality.md 4.1)."""

    LAWYER = "lawyer"
    ASKED_PERSON = "asked_her"  # in sealed entries, so it stays
    OBJECTED = "objected"
    LIMITED = "limited"
    NOTHING = "nothing"


STEP_WORDS = {
    Step.LAWYER: N_("Our attorney has the request"),
    Step.ASKED_PERSON: N_("The client was told and asked what they want"),
    Step.OBJECTED: N_("Objected or moved to quash (asked the court to cancel it)"),
    Step.LIMITED: N_("Limited, or reviewed in camera (the judge looks at it in private)"),
    Step.NOTHING: N_("Answered without handing anything over (closes this request)"),
}
