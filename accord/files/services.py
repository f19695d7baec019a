"""Store a file in a person's record."""

from __future__ import annotations

import uuid
from itertools import islice

from accord.access.actors import Actor
from accord.core.rows import insert
from accord.files.codes import AT_ONCE, HeldFile
from accord.files.models import Piece
from accord.files.uploading import SealedUpload
from accord.sharing.queries import PersonRef


def keep_undecided(*, actor: Actor, known: PersonRef, upload: SealedUpload, draft: uuid.UUID | None = None) -> HeldFile:
    """Store the sealed pieces of an upload, and return the details that its entry must hold.

    The caller has decided that the actor may write to this person's record, and seals the entry in the same
    transaction. With `draft`, the details go into that draft, and the pieces are deleted along with it.
    """
    sealer, numbered = upload.sealer, enumerate(upload.sealed())
    while batch := list(islice(numbered, AT_ONCE)):
        insert(
            [
                Piece(
                    owner=actor.agency,
                    person=known.person,
                    file=sealer.file,
                    number=number,
                    draft=draft,
                    sealed=piece,
                )
                for number, piece in batch
            ]
        )
    upload.close()
    actor.log("file-kept", about=[known.person])
    return HeldFile(sealer.file.hex, sealer.key.hex(), upload.media, upload.size or 0, sealer.pieces)
