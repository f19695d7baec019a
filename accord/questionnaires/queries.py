"""Read an agency's forms and their versions, and keep the forms that are in use in memory.

A form has no answers in it, so each server process keeps the forms that it read last. The database decides every time
whether the actor may use a form.
"""

from __future__ import annotations

import functools
import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from accord.access.actors import Actor, require_role
from accord.access.codes import MANAGE_FORMS
from accord.core.errors import Hidden
from accord.core.statements import fetch
from accord.formlib import compiled, exporting, markdown
from accord.formlib.model import Form
from accord.formlib.problems import Problem
from accord.formlib.problems import Refused as FormRefused
from accord.questionnaires.codes import FORM_KINDS, SHIPPED, TOOL_RESULT
from accord.questionnaires.loads import load
from accord.questionnaires.models import Attachment, Questionnaire, Version
from accord.questionnaires.workflows import VersionState
from accord.vault import queries as vault

KEPT_FORMS = 12  # in each server process
TEXT = ".md"  # the ending of a form that is written as text


@dataclass(frozen=True)
class VersionCard:
    """A version of a form. `kind` is empty until the form is published for the first time. `asks` is the number of
    questions, and `missing` has the names of the attached files that a draft still needs."""

    id: uuid.UUID
    questionnaire: uuid.UUID
    number: int
    state: VersionState
    title: str
    kind: str
    source: str
    file_name: str
    languages: tuple[str, ...]
    asks: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    missing: tuple[str, ...]
    by: uuid.UUID
    loaded_at: datetime
    published_at: datetime | None
    published_by: uuid.UUID | None
    ended_at: datetime | None


@dataclass(frozen=True)
class FormCard:
    """A form with its versions, newest first. `tool` is the code of the known tool that it is a copy of."""

    id: uuid.UUID
    title: str
    kind: str
    source: str
    tool: str
    retired_at: datetime | None
    versions: tuple[VersionCard, ...]

    @property
    def draft(self) -> VersionCard | None:
        """Return the version that isn't published yet."""
        return next((one for one in self.versions if one.state is VersionState.DRAFT), None)

    @property
    def published(self) -> VersionCard | None:
        """Return the version that is offered now."""
        return next((one for one in self.versions if one.state is VersionState.PUBLISHED), None)


_VERSIONS = """
select v.id, v.questionnaire, v.number, v.state, v.title, q.kind, q.source, v.file_name, v.languages, v.asks,
  v.problems::text as problems, v.warnings::text as warnings, v.missing, v.by, v.loaded_at, v.published_at,
  v.published_by, v.ended_at, q.title as form, q.retired_at, q.tool
from questionnaires_version v join questionnaires_questionnaire q on q.owner = v.owner and q.id = v.questionnaire
where v.owner = %(agency)s and (%(version)s::uuid is null or v.id = %(version)s)
  and (%(questionnaire)s::uuid is null or v.questionnaire = %(questionnaire)s)
  and (%(kinds)s::text[] is null or (q.kind = any(%(kinds)s) and v.state = 'published'))
order by (q.retired_at is not null), q.title, q.id, v.number desc
"""


def _rows(
    actor: Actor,
    *,
    version: uuid.UUID | None = None,
    questionnaire: uuid.UUID | None = None,
    kinds: Collection[str] | None = None,
) -> list[Any]:
    chosen = None if kinds is None else sorted(kinds)
    return fetch(_VERSIONS, agency=actor.agency, version=version, questionnaire=questionnaire, kinds=chosen)


def _card(row: Any) -> VersionCard:
    return VersionCard(
        id=row.id,
        questionnaire=row.questionnaire,
        number=row.number,
        state=VersionState(row.state),
        title=row.title,
        kind=row.kind,
        source=row.source,
        file_name=row.file_name,
        languages=tuple(row.languages),
        asks=row.asks,
        problems=tuple(Problem(*line) for line in json.loads(row.problems)),
        warnings=tuple(Problem(*line) for line in json.loads(row.warnings)),
        missing=tuple(row.missing),
        by=row.by,
        loaded_at=row.loaded_at,
        published_at=row.published_at,
        published_by=row.published_by,
        ended_at=row.ended_at,
    )


def published(*, actor: Actor, kinds: Collection[str]) -> list[VersionCard]:
    """Return the versions that the agency offers now and whose answers belong to one of these kinds."""
    return [_card(row) for row in _rows(actor, kinds=kinds)]


def version(*, actor: Actor, version: uuid.UUID) -> VersionCard:
    """Return one version of the agency's forms, in any state. Raises Hidden."""
    rows = _rows(actor, version=version)
    if not rows:
        raise Hidden
    return _card(rows[0])


def titles_of(*, actor: Actor, questionnaires: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the titles of some of the agency's forms, by id."""
    found = Questionnaire.objects.filter(owner=actor.agency, id__in=list(questionnaires))
    return dict(found.values_list("id", "title"))


def form_of(*, actor: Actor, card: VersionCard) -> Form:
    """Return the form of a version that was loaded without problems. Nothing may change the form. Raises Hidden."""
    if card.problems:
        raise Hidden
    return _form(actor.agency, card.id, card.loaded_at)


@functools.lru_cache(maxsize=KEPT_FORMS)
def _form(agency: uuid.UUID, version: uuid.UUID, loaded_at: datetime) -> Form:
    row = Version.objects.get(owner=agency, id=version, loaded_at=loaded_at)
    try:
        return compiled.load(bytes(row.compiled))
    except FormRefused:  # an earlier Accord compiled it
        form = load(row.file_name, bytes(row.workbook), attached(agency=agency, version=version)).form
    if form is None:
        raise Hidden
    return form


# For those who manage the agency's forms -----------------------------------------------------------------------------


def forms(*, actor: Actor) -> list[FormCard]:
    """Return the agency's forms, those in use first. Raises Refused."""
    require_role(actor, MANAGE_FORMS)
    return _forms(_rows(actor))


def form(*, actor: Actor, questionnaire: uuid.UUID) -> FormCard:
    """Return one form with its versions. Raises Hidden or Refused."""
    require_role(actor, MANAGE_FORMS)
    found = _forms(_rows(actor, questionnaire=questionnaire))
    if not found:
        raise Hidden
    return found[0]


def _forms(rows: list[Any]) -> list[FormCard]:
    found = []
    for _questionnaire, same in groupby(rows, key=lambda row: row.questionnaire):
        first, *others = same
        versions = tuple(_card(row) for row in (first, *others))
        found.append(
            FormCard(first.questionnaire, first.form, first.kind, first.source, first.tool, first.retired_at, versions)
        )
    return found


def workbook(*, actor: Actor, card: VersionCard) -> bytes:
    """Return a version's workbook, as it was uploaded. Raises Refused."""
    require_role(actor, MANAGE_FORMS)
    return bytes(Version.objects.values_list("workbook", flat=True).get(owner=actor.agency, id=card.id))


def download(*, actor: Actor, card: VersionCard) -> tuple[str, bytes]:
    """Return the name and content of a version's spreadsheet. A form that comes with Accord is written as text, so it is
    turned into a workbook, which the agency can change and upload as its next version. Raises Refused."""
    content = workbook(actor=actor, card=card)
    if not card.file_name.endswith(TEXT):
        return card.file_name, content
    return f"{card.file_name.removesuffix(TEXT)}.xlsx", exporting.workbook_bytes(markdown.sheets(content))


def attached(*, agency: uuid.UUID, version: uuid.UUID) -> dict[str, bytes]:
    """Return the files that were uploaded along with a version, by name."""
    rows = Attachment.objects.filter(owner=agency, version=version)
    return {row.name: bytes(row.content) for row in rows}


def kinds_to_choose(*, actor: Actor) -> list[str]:
    """Return the kinds that a form's answers can belong to. Kinds that no one at the agency can open are left out,
    because answers could not be sealed."""
    held = {code for code, _version in vault.public_keys(agency=actor.agency)}
    return [kind for kind in FORM_KINDS if kind in held]


def kinds_to_publish(*, actor: Actor, card: VersionCard, tool: str = "") -> list[str]:
    """Return the kinds that the answers to this draft can belong to. A screening is only ever published as one, so that
    its preface and the hand-off can't be left out. A safety plan never belongs to a kind that can be shared."""
    kinds = [card.kind] if card.kind else kinds_to_choose(actor=actor)
    if tool or card.source == TOOL_RESULT or _screens(actor, card):
        return [kind for kind in kinds if kind == "screening"]
    return [kind for kind in kinds if kind == "notes.advocate"] if card.source == "safety-plan" else kinds


def _screens(actor: Actor, card: VersionCard) -> bool:
    if card.source in SHIPPED and SHIPPED[card.source].kind == "screening":
        return True
    return not card.problems and bool(form_of(actor=actor, card=card).tables.get("elements"))
