"""Open a file in a person's record."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from itertools import chain

from django.http import StreamingHttpResponse

from accord.access.actors import Actor
from accord.core.errors import Hidden
from accord.core.statements import fetch
from accord.files.codes import AT_ONCE, MEDIA, HeldFile
from accord.sharing.queries import PersonRef
from accord.vault import pieces

_PIECES = """
select p.number, p.sealed from files_piece p
where p.owner = %(owner)s and p.person = %(person)s and p.file = %(file)s and p.number >= %(first)s
order by p.number limit %(limit)s
"""


class Opened:
    """A file whose pieces are complete and authentic. It is decrypted again, piece by piece, while it is sent.

    The sealed pieces are kept in an unnamed temporary file, because the transaction ends before the response is sent.
    """

    def __init__(self, held: HeldFile, sealed: Iterator[bytes]) -> None:
        self.held, self.lengths = held, list[int]()
        self.spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the response
        try:
            for _plain in self._plain(self._spooled(sealed)):
                pass
        except BaseException:
            self.close()
            raise

    def _spooled(self, sealed: Iterator[bytes]) -> Iterator[bytes]:
        for piece in sealed:
            self.spool.write(piece)
            self.lengths.append(len(piece))
            yield piece

    def _again(self) -> Iterator[bytes]:
        self.spool.seek(0)
        for length in self.lengths:
            yield self.spool.read(length)

    def _plain(self, sealed: Iterator[bytes]) -> Iterator[bytes]:
        held = self.held
        return pieces.opened(bytes.fromhex(held.key), uuid.UUID(held.file), held.pieces, sealed)

    def __iter__(self) -> Iterator[bytes]:
        return self._plain(self._again())

    def close(self) -> None:
        """Delete the sealed pieces. The response calls this after it is sent or abandoned."""
        self.spool.close()


def open_undecided(*, actor: Actor, known: PersonRef, held: HeldFile) -> Opened:
    """Open a file whose entry the actor has just opened. Raises Hidden if the file is gone, and CannotOpen if it was
    changed."""
    sealed = _sealed(known, held)
    first = next(sealed, None)
    if first is None:
        raise Hidden
    actor.log("file-opened", about=[known.person])
    return Opened(held, chain([first], sealed))


def _sealed(known: PersonRef, held: HeldFile) -> Iterator[bytes]:
    place = {"owner": known.owner, "person": known.person, "file": uuid.UUID(held.file)}
    first = 0
    while rows := fetch(_PIECES, **place, first=first, limit=AT_ONCE):
        for row in rows:
            yield bytes(row.sealed)
        first = rows[-1].number + 1


def answer(*, opened: Opened, name: str) -> StreamingHttpResponse:
    """Return the file as a download with a neutral name. It is never shown as a page of this site."""
    _mark, ending = MEDIA[opened.held.media]
    response = StreamingHttpResponse(opened, content_type=opened.held.media)
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response["Content-Length"] = str(opened.held.size)
    return response
