"""Read the actor's own drafts, but only about people that the actor may write about now."""

from __future__ import annotations

import json
import logging
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accord.access.actors import Actor
from accord.access.codes import KINDS, WRITE_PERSON
from accord.core.errors import Hidden
from accord.core.rooms import draft_families, draft_forms
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
    """The facts about a draft that can be read without decrypting it. `title` is the title of a form that is known only
    while Accord runs, and empty for every other form."""

    id: uuid.UUID
    form: str
    person: uuid.UUID
    kind: str
    revision: int
    saved_at: datetime
    title: str = ""

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
where d.owner = %(agency)s and d.author = %(author)s and split_part(d.form, ':', 1) = any(%(codes)s)
  and d.kind = any(%(kinds)s)
  and (%(person)s::uuid is null or d.person = %(person)s)
  and (%(form)s::text is null or d.form = %(form)s)
  and (%(draft)s::uuid is null or d.id = %(draft)s)
order by d.saved_at desc, d.id
"""


def _rows(
    actor: Actor, *, person: uuid.UUID | None = None, form: str | None = None, draft: uuid.UUID | None = None
) -> list[Any]:
    """Return the actor's drafts of known forms. A role without the key for a kind can't have a draft of it."""
    place = {"agency": actor.agency, "author": actor.membership, "person": person, "form": form, "draft": draft}
    codes = [*draft_forms(), *draft_families()]
    kinds = sorted(actor.ring.codes() & KINDS.keys())
    return fetch(_OWN, codes=codes, kinds=kinds, **place) if codes and kinds else []


def _closed(actor: Actor, rows: Sequence[Any]) -> list[Draft]:
    titles = _titles(actor, rows)
    return [
        Draft(row.id, row.form, row.person, row.kind, row.revision, row.saved_at, titles.get(row.form, ""))
        for row in rows
    ]


def _titles(actor: Actor, rows: Sequence[Any]) -> dict[str, str]:
    """Return the titles of forms that are known only while Accord runs, by code."""
    wanted: dict[str, set[uuid.UUID]] = defaultdict(set)
    for row in rows:
        family, _, which = row.form.partition(":")
        if which and family in draft_families():
            wanted[family].add(uuid.UUID(which))
    return {
        f"{family}:{which}": title
        for family, ids in wanted.items()
        for which, title in draft_families()[family][1](actor=actor, ids=ids).items()
    }


def draft_bound(row: Any) -> bytes:
    """Return the bytes that a sealed draft is bound to. A draft moved to another author, form, or person can't be
    decrypted."""
    return sealing.bind("draft", row.owner.hex, row.author.hex, row.form, row.person.hex, row.kind, row.ring_version)


def draft_of(*, actor: Actor, known: PersonRef, form: str) -> OpenedDraft | None:
    """Decrypt the actor's draft of this form about one of the agency's own people. Returns None if there is no draft,
    or if the actor may not write this now."""
    return _opened(actor, known, _rows(actor, form=form, person=known.person) if known.own else ())


def draft_with(*, actor: Actor, known: PersonRef, draft: uuid.UUID) -> OpenedDraft:
    """Decrypt the actor's draft with this id about one of the agency's own people. Raises Hidden."""
    found = _opened(actor, known, _rows(actor, draft=draft, person=known.person) if known.own else ())
    if found is None:
        raise Hidden
    return found


def _opened(actor: Actor, known: PersonRef, rows: Sequence[Any]) -> OpenedDraft | None:
    row = next(iter(rows), None)
    if row is None or not _may_write(actor, known, row.kind, None):
        return None
    (closed,) = _closed(actor, [row])
    try:
        text = sealing.decrypt(actor.ring.kind_key(row.kind, row.ring_version), bytes(row.sealed), draft_bound(row))
    except (sealing.CannotOpen, NoKey):
        alarm.critical(BROKEN)
        return OpenedDraft(closed, {}, opens=False)
    return OpenedDraft(closed, json.loads(text))


def _may_write(actor: Actor, known: PersonRef, kind: str, facts: sharing.DecisionFacts | None) -> bool:
    asked: dict[str, Any] = {"actor": actor, "known": known, "facts": facts}
    return bool(sharing.decisions(action=WRITE_PERSON, kinds=[kind], **asked)[kind])


def drafts_about(*, actor: Actor, known: PersonRef) -> list[Draft]:
    """Return the actor's drafts about one of the agency's own people, newest first. The caller has already decided
    whether the actor may see them."""
    return _closed(actor, _rows(actor, person=known.person))


def own_drafts(*, actor: Actor) -> list[Draft]:
    """Return every draft that the actor can continue now, newest first, without decrypting any."""
    rows = _rows(actor)
    if not rows:
        return []
    found = sharing.find_many(actor=actor, refs=list({row.person for row in rows}))
    known = {one.person: one for one in found if one.own}
    facts = sharing.decision_facts(actor=actor, known_ones=list(known.values()))
    mine = [row for row in rows if row.person in known and _may_write(actor, known[row.person], row.kind, facts)]
    return _closed(actor, mine)


def own_draft(*, actor: Actor, draft: uuid.UUID) -> Draft:
    """Return one draft that the actor can continue now. Raises Hidden."""
    for found in own_drafts(actor=actor):
        if found.id == draft:
            return found
    raise Hidden
