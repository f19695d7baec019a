"""Read a person's finished forms, and open the forms that the actor has begun."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from accord.access.actors import Actor
from accord.access.codes import WRITE_PERSON
from accord.answers.codes import ANSWERS, CORRECTION, Answered, Cells
from accord.core import clock
from accord.core.errors import Conflict, Hidden
from accord.core.text import N_
from accord.drafts import queries as drafts
from accord.drafts.queries import Draft
from accord.formlib import keeping
from accord.formlib.answering import Answers
from accord.formlib.xpath.limits import EvaluationFailed
from accord.people import queries as people
from accord.people.queries import Page
from accord.questionnaires import queries as forms
from accord.questionnaires.asking import FormFails
from accord.questionnaires.codes import FORM_KINDS
from accord.questionnaires.queries import VersionCard
from accord.sharing import queries as sharing
from accord.sharing.queries import Item, PersonRef

FIELD = "kept"  # the one field of such a draft


@dataclass(frozen=True)
class Kept:
    """What a draft holds. `files` has the details of each file by its name, which is the answer to the question.
    A correction has the `series` and `revision` of the entry that it corrects."""

    version: str
    language: str
    begun: str
    state: dict[str, Any]
    page: int = 0
    facts: tuple[Cells, ...] = ()
    files: Mapping[str, Cells] = field(default_factory=dict)
    series: str = ""
    revision: int = 0
    finished: str = ""

    def fields(self) -> dict[str, list[str]]:
        """Return this in the form that a draft is saved in."""
        return {FIELD: [json.dumps(asdict(self), ensure_ascii=False)]}


@dataclass(frozen=True)
class Sitting:
    """A form that the actor has begun and is filling in."""

    known: PersonRef
    draft: Draft
    card: VersionCard
    answers: Answers
    kept: Kept

    @property
    def is_correction(self) -> bool:
        """Return whether this corrects finished answers."""
        return bool(self.kept.series)


def offered(*, actor: Actor, page: Page) -> list[VersionCard]:
    """Return the forms that the actor can begin for one of the agency's own people."""
    kinds = sharing.decisions(actor=actor, known=page.known, action=WRITE_PERSON, kinds=FORM_KINDS)
    return forms.published(actor=actor, kinds=[kind for kind in FORM_KINDS if kinds[kind]])


def titles(*, actor: Actor, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the titles of forms for a list of drafts."""
    return forms.titles_of(actor=actor, questionnaires=ids)


def no_titles(*, actor: Actor, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return nothing: the title of finished answers is sealed, and a list of drafts opens no entry."""
    return {}


def sitting(*, actor: Actor, known: PersonRef, draft: uuid.UUID) -> Sitting:
    """Open one of the actor's unfinished forms about one of the agency's own people. Raises Hidden, or Conflict if the
    draft can't be opened."""
    found = drafts.draft_with(actor=actor, known=known, draft=draft)
    if found.draft.form.partition(":")[0] not in (ANSWERS, CORRECTION):
        raise Hidden
    if not found.opens:
        raise Conflict(N_("This unfinished form can't be opened. Discard it, then start again."), code="draft_broken")
    kept = kept_of(found.fields)
    card = forms.version(actor=actor, version=uuid.UUID(kept.version))
    return Sitting(known, found.draft, card, answers_from(actor=actor, card=card, kept=kept), kept)


def kept_of(fields: Mapping[str, list[str]]) -> Kept:
    """Return what a draft holds."""
    found = Kept(**json.loads(fields[FIELD][0]))
    rows = tuple((*row,) for row in found.facts)
    return replace(found, facts=rows, files={name: (*row,) for name, row in found.files.items()})


def answers_from(*, actor: Actor, card: VersionCard, kept: Kept) -> Answers:
    """Return the answers as they were when they were saved. Raises FormFails."""
    form = forms.form_of(actor=actor, card=card)
    try:
        return keeping.restored(form, kept.state, clock.now(), ZoneInfo(actor.zone), kept.language)
    except EvaluationFailed:
        raise FormFails from None


def finished(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID) -> tuple[Page, Item]:
    """Open finished answers, and the page of the person that they are about. Raises Hidden, NoLonger, or Refused."""
    known = sharing.find(actor=actor, ref=ref)
    kind = sharing.kind_of_undecided(known=known, series=series)
    page = people.page(actor=actor, ref=ref, kinds=["identity.name", *([kind] if kind else [])])
    items = page.items[kind] if kind else ()
    for item in items:
        if item.series == series and isinstance(item.payload, Answered):
            return page, item
    raise Hidden


def revisions(*, actor: Actor, known: PersonRef, item: Item) -> list[Item]:
    """Return every revision of finished answers of one of the agency's own people, newest first."""
    return sharing.revisions(actor=actor, known=known, kind=item.kind, series=item.series)
