"""Save, discard, and finish drafts."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence

from accord.access.actors import Actor
from accord.access.codes import WRITE_PERSON
from accord.core.errors import Conflict, Invalid
from accord.core.rooms import draft_forms
from accord.core.statements import call_sql
from accord.core.text import N_
from accord.drafts import queries
from accord.drafts.codes import LONGEST
from accord.drafts.models import Draft
from accord.sharing import queries as sharing
from accord.sharing.queries import PersonRef
from accord.vault import sealing


def save(
    *,
    actor: Actor,
    known: PersonRef,
    form: str,
    fields: Mapping[str, Sequence[str]],
    seen: int = 0,
    kind: str = "",
    draft: uuid.UUID | None = None,
    files: Collection[uuid.UUID] = (),
) -> uuid.UUID:
    """Save an unfinished form as a draft, without checking it, in place of the draft with the revision `seen`. Returns
    the draft's id, which is `draft` if the draft is new and one is given.

    `form` is a code from `Room.draft_forms`, or of a family from `Room.draft_families`, which also needs the `kind`.
    Of the files that were stored for this draft, only `files` are kept. Raises Hidden or Refused if the actor may not
    write this kind about the person, Invalid if the draft is too long, and Conflict if the actor has saved a newer
    draft in the meantime.
    """
    kind = draft_forms()[form].kind if form in draft_forms() else kind
    sharing.require_access(actor=actor, known=known, action=WRITE_PERSON, kind=kind)
    text = json.dumps({name: list(values) for name, values in fields.items()}, ensure_ascii=False).encode()
    if len(text) > LONGEST:
        raise Invalid(N_("This is too long to be saved as a draft."))
    row = Draft(owner=actor.agency, author=actor.membership, form=form, person=known.person, kind=kind)
    row.ring_version = actor.ring.latest(kind)
    key = actor.ring.kind_key(kind, row.ring_version)
    row.sealed = sealing.encrypt(key, sealing.pad(text), queries.draft_bound(row))
    place = (draft or uuid.uuid4(), form, row.person, kind, row.ring_version)
    saved: uuid.UUID | None = call_sql("draft_save", *place, row.sealed, seen, [*files])
    if saved is None:
        raise Conflict(code="newer_draft")
    actor.log("draft-saved", about=[known.person])
    return saved


def discard(*, actor: Actor, draft: uuid.UUID) -> None:
    """Delete one of the actor's drafts. Raises Hidden."""
    found = queries.own_draft(actor=actor, draft=draft)
    call_sql("draft_discard", draft)
    actor.log("draft-discarded", about=[found.person])


def finish(*, actor: Actor, known: PersonRef, form: str, seen: int, files: Collection[uuid.UUID] = ()) -> bool:
    """Delete the draft with the revision `seen`, in the same transaction that saves the form. Of the draft's files,
    `files` now belong to the record, and the others are deleted. A newer draft from another page or device is kept.
    Returns whether there was a draft with this revision."""
    return bool(seen and call_sql("draft_finish", form, known.person, seen, [*files]))
