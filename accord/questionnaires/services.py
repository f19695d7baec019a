"""Load forms, publish and retire them, and delete drafts."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from accord.access.actors import Actor, require
from accord.access.codes import MANAGE_FORMS, MEETS_PEOPLE
from accord.core import clock
from accord.core.errors import Busy, Hidden, Invalid, Refused
from accord.core.rows import insert
from accord.core.statements import call_sql
from accord.core.text import N_
from accord.formlib import compiled
from accord.questionnaires import queries
from accord.questionnaires.codes import SHIPPED, TOOL_RESULT, UPLOADED, source_of
from accord.questionnaires.loads import Loaded, file_name, languages, load
from accord.questionnaires.models import Attachment, Questionnaire, Version
from accord.questionnaires.queries import VersionCard
from accord.questionnaires.tools import TO_LOAD
from accord.questionnaires.workflows import VERSION, VersionAction, VersionState

PATIENCE = 30  # seconds that an upload waits for another one
_LOADING = threading.Lock()  # a large form takes seconds of one core, so a server process loads one at a time


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _LOADING.acquire(timeout=PATIENCE):
        raise Busy(N_("Another form is being loaded right now. Wait a minute, then upload yours again."))
    try:
        yield
    finally:
        _LOADING.release()


def _loaded(name: str, content: bytes, attached: Mapping[str, bytes]) -> Loaded:
    """Load a form. Raises Invalid if the file can't be read at all, because there is nothing to keep then."""
    with _one_at_a_time():
        found = load(name, content, attached)
    if not found.is_workbook:
        raise Invalid(fields={"workbook": [one.message for one in found.problems]})
    return found


def _require(actor: Actor) -> None:
    require(actor, MANAGE_FORMS)
    if actor.agency_kind not in MEETS_PEOPLE:
        raise Refused(N_("Only agencies that work directly with clients can use forms."), code="agency_kind")


def _terms(actor: Actor, name: str, content: bytes, found: Loaded) -> dict[str, Any]:
    form = found.form
    return {
        "file_name": name,
        "workbook": content,
        "compiled": compiled.dump(form) if form else b"",
        "title": found.title,
        "languages": languages(form) if form else [],
        "asks": sum(1 for one in form.questions() if one.kind != "note") if form else 0,
        "problems": [[one.sheet, one.row, one.message] for one in found.problems],
        "warnings": [[one.sheet, one.row, one.message] for one in found.warnings],
        "missing": list(found.missing),
        "by": actor.membership,
        "loaded_at": clock.now(),
    }


def add(*, actor: Actor, name: str, content: bytes, source: str = UPLOADED) -> uuid.UUID:
    """Load a new form as a draft, with or without problems, and return the draft's id. Raises Refused, Invalid, or
    Busy."""
    _require(actor)
    name = file_name(name)
    found = _loaded(name, content, {})
    made = Questionnaire(
        owner=actor.agency,
        id=uuid.uuid4(),
        title=found.title,
        kind="",
        source=source,
        tool="",
        by=actor.membership,
        made_at=clock.now(),
        retired_at=None,
    )
    made.save(force_insert=True)
    return _new_version(actor, made.id, 1, _terms(actor, name, content, found))


def add_shipped(*, actor: Actor, code: str) -> uuid.UUID:
    """Load one of the forms that come with Accord as a draft, and return the draft's id. Raises Hidden, Refused, or
    Busy."""
    if code not in (*SHIPPED, TOOL_RESULT):
        raise Hidden
    return add(actor=actor, name=f"{code}.md", content=source_of(code), source=code)


def load_again(*, actor: Actor, questionnaire: uuid.UUID, name: str, content: bytes) -> uuid.UUID:
    """Load the next version of a form, or replace the workbook of its draft. Files that were uploaded along with the
    draft or, if there is none, with the newest version are used again. Return the draft's id.

    Raises Hidden, Refused, Invalid, Busy, or Conflict if the form was retired.
    """
    _require(actor)
    card = queries.form(actor=actor, questionnaire=questionnaire)
    if card.retired_at is not None:
        raise VERSION.refused()
    latest, name = card.versions[0], file_name(name)
    files = queries.attached(agency=actor.agency, version=latest.id)
    terms = _terms(actor, name, content, _loaded(name, content, files))
    if card.draft:
        return _change_draft(actor, card.draft, terms)
    made = _new_version(actor, questionnaire, latest.number + 1, terms)
    insert([Attachment(owner=actor.agency, version=made, name=each, content=data) for each, data in files.items()])
    return made


def attach(*, actor: Actor, card: VersionCard, wanted: str, content: bytes) -> None:
    """Add a file that a draft needs, and load the draft again. Raises Hidden, Refused, Conflict, or Busy."""
    _require(actor)
    VERSION.move(card.state, VersionAction.LOAD)
    if wanted not in card.missing:
        raise Hidden
    insert([Attachment(owner=actor.agency, version=card.id, name=wanted, content=content)])
    files = queries.attached(agency=actor.agency, version=card.id)
    source = queries.workbook(actor=actor, card=card)
    _change_draft(actor, card, _terms(actor, card.file_name, source, _loaded(card.file_name, source, files)))


def _new_version(actor: Actor, questionnaire: uuid.UUID, number: int, terms: dict[str, Any]) -> uuid.UUID:
    state = VERSION.after(None, VersionAction.LOAD)
    made = Version(
        owner=actor.agency,
        id=uuid.uuid4(),
        questionnaire=questionnaire,
        number=number,
        state=state,
        published_at=None,
        published_by=None,
        ended_at=None,
        **terms,
    )
    made.save(force_insert=True)
    actor.log(VERSION.log(VersionAction.LOAD), version=str(made.id))
    return made.id


def _change_draft(actor: Actor, card: VersionCard, terms: dict[str, Any]) -> uuid.UUID:
    VERSION.move(card.state, VersionAction.LOAD)
    if not Version.objects.filter(owner=actor.agency, id=card.id, state=VersionState.DRAFT).update(**terms):
        raise VERSION.refused()
    actor.log(VERSION.log(VersionAction.LOAD), version=str(card.id))
    return card.id


def publish(*, actor: Actor, card: VersionCard, kind: str, tool: str = "") -> None:
    """Publish a draft. The version that was published before is replaced. `kind` is the kind of information that the
    answers belong to, and can't be changed afterward. `tool` is the code of the validated tool that the form is a copy
    of. Raises Hidden, Refused, Invalid, or Conflict."""
    _require(actor)
    VERSION.move(card.state, VersionAction.PUBLISH)
    if kind not in queries.kinds_to_publish(actor=actor, card=card, tool=tool):
        raise Invalid(fields={"kind": N_("Choose one of these kinds of information.")})
    if tool and tool not in TO_LOAD:
        raise Invalid(fields={"tool": N_("The license of this tool doesn't allow its questions in a form.")})
    if card.problems or not call_sql("form_publish", card.id, kind, tool):
        raise VERSION.refused()
    actor.log(VERSION.log(VersionAction.PUBLISH), version=str(card.id), kinds=[kind])


def retire(*, actor: Actor, questionnaire: uuid.UUID) -> None:
    """Retire a form. It is no longer offered, but its answers stay readable. Raises Hidden, Refused, or Conflict."""
    _require(actor)
    card = queries.form(actor=actor, questionnaire=questionnaire)
    if card.published is None or not call_sql("form_retire", questionnaire):
        raise VERSION.refused()
    actor.log(VERSION.log(VersionAction.RETIRE), version=str(card.published.id))


def discard(*, actor: Actor, card: VersionCard) -> None:
    """Delete a draft, and the form if it has no other version. Raises Hidden, Refused, or Conflict."""
    _require(actor)
    VERSION.move(card.state, VersionAction.DISCARD)
    if not call_sql("form_discard", card.id):
        raise VERSION.refused()
    actor.log(VERSION.log(VersionAction.DISCARD), version=str(card.id))
