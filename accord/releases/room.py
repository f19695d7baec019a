"""Declares what the `releases` room adds to Accord."""

from __future__ import annotations

from accord.access.codes import GRANT_ACCESS, SHARE_OFFICIAL, SHARE_PERSON
from accord.core.rooms import Act, Argument, Escalation, LogLine, Panel, PersonAction, Room, Task
from accord.core.text import N_
from accord.releases.codes import TASK_WORDS
from accord.releases.codes import Task as Code

_SAFETY = Escalation(3, ("supervisor",))  # a survivor may be in danger until someone does this task

ROOM = Room(
    name="releases",
    question="how does a share begin and end?",
    addresses=(
        "people/<uuid:ref>/forms/",
        "people/<uuid:ref>/own/",
        "people/<uuid:ref>/same/",
        "people/<uuid:ref>/part/",
        "people/<uuid:ref>/others/",
        "people/<uuid:ref>/history",
    ),
    arguments={
        "series": Argument("a release, a legal request, or another entry in a record"),
        "scan": Argument("a scan of a signed form"),
        "language": Argument("a language", hidden=False),
        "to": Argument("the number of a partner in a list", hidden=False),
    },
    panels=(
        Panel(
            "releases/_panel.html",
            "panels.releases_panel",
            "right",
            1,
            title=N_("Releases"),
            at="releases",
            kinds=("releases", "identity.birth"),
        ),
        Panel(
            "releases/_joined.html",
            "panels.joined_panel",
            "right",
            0,
            title=N_("Two records for this person are joined"),
            at="joined",
        ),
    ),
    person_actions=(
        PersonAction(N_("Share"), "releases:new", SHARE_PERSON, order=4),
        PersonAction(N_("Share"), "releases:official_new", SHARE_OFFICIAL, order=5),
        PersonAction(N_("Possible duplicate record"), "releases:same", GRANT_ACCESS, order=4, place="record"),
    ),
    log={
        "device-handed-over": LogLine(
            N_("%(by)s handed over the device so that a release could be read and signed."), Act.SHARING
        ),
        "device-taken-back": LogLine(N_("%(by)s took the device back."), Act.SHARING),
        "accounting": LogLine(N_("%(by)s opened a disclosure history."), Act.READING),
    },
    tasks={
        Code.GET_IT_IN_WRITING: Task(TASK_WORDS[Code.GET_IT_IN_WRITING]),
        Code.CHECK_WHO_SPOKE: Task(TASK_WORDS[Code.CHECK_WHO_SPOKE], escalates=_SAFETY),
        Code.LOOK_AT_RELEASES: Task(TASK_WORDS[Code.LOOK_AT_RELEASES]),
        Code.ASK_HER_AGAIN: Task(TASK_WORDS[Code.ASK_HER_AGAIN]),
        Code.RELEASE_ENDS: Task(TASK_WORDS[Code.RELEASE_ENDS], page="releases:release", days_before=14),
    },
    kept_forms={
        "releases:terms": N_("A release"),
        "releases:sign": N_("A release"),
        "releases:withdraw": N_("A release"),
        "releases:new_member": N_("Family member or other contact"),
        "releases:member": N_("Family member or other contact"),
    },
    sealed=("entries",),
    api="api",
    on={"age-corrected": "suspension.after_age"},
)
