"""Seal a file in pieces, so that memory use stays small no matter how large the file is.

Each piece is encrypted under the file's own random key. It is bound to the file, its number, and whether it is the last
piece. So a piece that is missing, moved, repeated, or from another file can't be decrypted, and neither can a truncated
file.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator

from accord.vault import sealing
from accord.vault.sealing import CannotOpen

PIECE = 256 * 1024  # bytes of the file in each piece except the last


class Sealer:
    """Seals a file while it arrives. Write each sealed piece out right away, because this object holds at most two
    pieces."""

    def __init__(self, piece: int = PIECE) -> None:
        self.piece = piece
        self.file = uuid.uuid4()
        self.key = sealing.new_secret()
        self.pieces = 0
        self._rest = bytearray()

    def add(self, data: bytes) -> Iterator[bytes]:
        """Add the next bytes, and yield the pieces that are now complete. `finish` returns the last piece."""
        self._rest += data
        while len(self._rest) > self.piece:
            yield self._seal(bytes(self._rest[: self.piece]), last=False)
            del self._rest[: self.piece]

    def finish(self) -> bytes:
        """Return the last piece."""
        return self._seal(bytes(self._rest), last=True)

    def _seal(self, plain: bytes, *, last: bool) -> bytes:
        sealed = sealing.encrypt(self.key, plain, _bound(self.file, self.pieces, last))
        self.pieces += 1
        return sealed


def opened(key: bytes, file: uuid.UUID, pieces: int, sealed: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bytes of a file, piece by piece. Raises CannotOpen unless these are exactly the file's pieces."""
    found = 0
    for number, piece in enumerate(sealed):
        found = number + 1
        yield sealing.decrypt(key, piece, _bound(file, number, found == pieces))
    if found != pieces:
        raise CannotOpen


def _bound(file: uuid.UUID, number: int, last: bool) -> bytes:
    return sealing.bind("piece of a file", file.hex, number, int(last))
