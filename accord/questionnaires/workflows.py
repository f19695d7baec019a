"""The states of a form's version, and the actions that lead from one to the next."""

from __future__ import annotations

from enum import StrEnum

from accord.access.codes import MANAGE_FORMS
from accord.core.workflow import AUTOMATIC, Move, Workflow


class VersionState(StrEnum):
    """The state of one version of a form."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"
    RETIRED = "retired"
    DISCARDED = "discarded"


class VersionAction(StrEnum):
    """An action that can be taken on a version of a form."""

    LOAD = "load"
    PUBLISH = "publish"
    REPLACE = "replace"
    RETIRE = "retire"
    DISCARD = "discard"


def _move(
    before: VersionState | None,
    action: VersionAction,
    after: VersionState,
    who: str = MANAGE_FORMS,
    when: str = "",
) -> Move[VersionState, VersionAction]:
    log = {
        VersionAction.LOAD: "form-loaded",
        VersionAction.PUBLISH: "form-published",
        VersionAction.RETIRE: "form-retired",
        VersionAction.DISCARD: "form-discarded",
    }
    return Move(before=before, action=action, after=after, who=who, when=when, log=log.get(action, ""))


VERSION = Workflow(
    name="Version of a form",
    about=(
        "A published version never changes. Answers are finished in the version they were started in, even if it has "
        "been replaced in the meantime. Answers to a retired form can still be read. A discarded draft is deleted."
    ),
    states=VersionState,
    moves=(
        _move(None, VersionAction.LOAD, VersionState.DRAFT),
        _move(
            VersionState.DRAFT, VersionAction.LOAD, VersionState.DRAFT, when="a corrected workbook or a missing file"
        ),
        _move(VersionState.DRAFT, VersionAction.PUBLISH, VersionState.PUBLISHED, when="it was loaded without problems"),
        _move(VersionState.DRAFT, VersionAction.DISCARD, VersionState.DISCARDED),
        _move(
            VersionState.PUBLISHED,
            VersionAction.REPLACE,
            VersionState.REPLACED,
            who=AUTOMATIC,
            when="a later version of the same form is published",
        ),
        _move(VersionState.PUBLISHED, VersionAction.RETIRE, VersionState.RETIRED),
    ),
)
