"""Read the actor's own drafts, but only about people that the actor may write about now."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accord.access.actors import Actor
from accord.access.codes import WRITE_PERSON
from accord.core.errors import Hidden
from accord.core.rooms import draft_forms
from accord.core.statements import fetch
from accord.drafts.codes import KEPT_DAYS
from accord.sharing import queries as sharing
from accord.sharing.queries import PersonRef
from accord.vault import sealing
from accord.vault.ring import NoKey

alarm = logging.getLogger("accord.alarm")
BROKEN = (
    "A draft can't be opened with its author's key. Its form says so. No page of Accord produces this, so find out who "
    "changed the table drafts_draft."
)


@dataclass(frozen=True)
class Draft:
    """The facts about a draft that can be read without decrypting it."""

    id: uuid.UUID
    form: str
    person: uuid.UUID
    kind: str
    revision: int
    saved_at: datetime

    @property
    def kept_until(self) -> datetime:
        """Return when the draft will be deleted unless it is saved again."""
        return self.saved_at + timedelta(days=KEPT_DAYS)


@dataclass(frozen=True)
class OpenedDraft:
    """A decrypted draft. `fields` holds what the browser sent for each field. Nothing has been checked."""

    draft: Draft
    fields: dict[str, list[str]]
    opens: bool = True  # False if its row was changed or moved, so that it can't be decrypted


# The floor leaves out expired drafts.
_OWN = """
select d.owner, d.id, d.author, d.form, d.person, d.kind, d.revision, d.ring_version, d.sealed, d.saved_at
from drafts_draft d
where d.owner = %(agency)s and d.author = %(author)s and d.form = any(%(forms)s)
  and (%(person)s::uuid is null or d.person = %(person)s)
order by d.saved_at desc, d.id
"""


def _rows(actor: Actor, forms: Sequence[str], person: uuid.UUID | None = None) -> list[Any]:
    place = {"agency": actor.agency, "author": actor.membership, "forms": list(forms), "person": person}
    return fetch(_OWN, **place) if forms else []


def _forms_of(actor: Actor) -> list[str]:
    """Return the forms that the actor can have drafts of. A role without the key for a form can't have a draft of
    it."""
    return [code for code, form in draft_forms().items() if form.kind in actor.ring.codes()]


def _closed(row: Any) -> Draft:
    return Draft(row.id, row.form, row.person, row.kind, row.revision, row.saved_at)


def draft_bound(row: Any) -> bytes:
    """Return the bytes that a sealed draft is bound to. A draft moved to another author, form, or person can't be
    decrypted."""
    return sealing.bind("draft", row.owner.hex, row.author.hex, row.form, row.person.hex, row.kind, row.ring_version)


def draft_of(*, actor: Actor, known: PersonRef, form: str) -> OpenedDraft | None:
    """Decrypt the actor's draft of this form about one of the agency's own people. Returns None if there is no draft,
    or if the actor may not write this now."""
    row = next(iter(_rows(actor, [form], known.person) if known.own else ()), None)
    if row is None or not _may_write(actor, known, row.kind, None):
        return None
    try:
        text = sealing.decrypt(actor.ring.kind_key(row.kind, row.ring_version), bytes(row.sealed), draft_bound(row))
    except (sealing.CannotOpen, NoKey):
        alarm.critical(BROKEN)
        return OpenedDraft(_closed(row), {}, opens=False)
    return OpenedDraft(_closed(row), json.loads(text))


def _may_write(actor: Actor, known: PersonRef, kind: str, facts: sharing.DecisionFacts | None) -> bool:
    asked: dict[str, Any] = {"actor": actor, "known": known, "facts": facts}
    return bool(sharing.decisions(action=WRITE_PERSON, kinds=[kind], **asked)[kind])


def drafts_about(*, actor: Actor, known: PersonRef) -> list[Draft]:
    """Return the actor's drafts about one of the agency's own people, newest first. The caller has already decided
    whether the actor may see them."""
    return [_closed(row) for row in _rows(actor, _forms_of(actor), known.person)]


def own_drafts(*, actor: Actor) -> list[Draft]:
    """Return every draft that the actor can continue now, newest first, without decrypting any."""
    rows = _rows(actor, _forms_of(actor))
    if not rows:
        return []
    found = sharing.find_many(actor=actor, refs=list({row.person for row in rows}))
    known = {one.person: one for one in found if one.own}
    facts = sharing.decision_facts(actor=actor, known_ones=list(known.values()))
    return [
        _closed(row) for row in rows if row.person in known and _may_write(actor, known[row.person], row.kind, facts)
    ]


def own_draft(*, actor: Actor, draft: uuid.UUID) -> Draft:
    """Return one draft that the actor can continue now. Raises Hidden."""
    for found in own_drafts(actor=actor):
        if found.id == draft:
            return found
    raise Hidden
