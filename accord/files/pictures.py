"""Remove what a camera or a program wrote into a picture, such as the place, the time, the device, or a thumbnail.

A phone stores the place where a picture was taken, which can be the address of a shelter. Only the picture itself, its
colors, and its orientation are kept. The bytes are processed as they arrive, with no more memory than the longest
segment of a JPEG file needs (64 KB).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, Protocol

SOI, EOI, SOS, APP0, APP1, APP2, APP14 = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
FRAMES = {*range(0xC0, 0xD0)}  # sizes and code tables
TABLES = {0xDB, 0xDC, 0xDD}
MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # a marker in coded data, where FF 00 and FF D0 to FF D7 are data

PNG_MARK = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"}
PNG_KEPT |= {b"cICP"}

ORIENTATION = 0x0112  # the EXIF tag for the orientation


class Broken(ValueError):
    """The bytes are not a picture of this type."""


class Cleaner(Protocol):
    """Accepts a file's bytes as they arrive, and returns the ones that are kept."""

    def add(self, data: bytes) -> bytes:
        """Return the bytes that can be passed on now. Raises Broken."""

    def finish(self) -> bytes:
        """Return the remaining bytes. Raises Broken if the file was cut short."""


class Untouched:
    """Keeps every byte."""

    def add(self, data: bytes) -> bytes:
        return data

    def finish(self) -> bytes:
        return b""


class Jpeg:
    """Keeps the segments of a JPEG file that the picture needs. Anything after the picture is dropped."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._coded = False  # inside the coded data that follows a start of scan
        self._ended = False

    def add(self, data: bytes) -> bytes:
        if self._ended:
            return b""
        self._rest += data
        return b"".join(self._parts())

    def finish(self) -> bytes:
        if not self._ended:
            raise Broken
        return b""

    def _parts(self) -> Iterator[bytes]:
        while not self._ended and len(self._rest) >= 2:
            if self._coded:
                found = MARKER.search(self._rest)
                yield self._take(found.start() if found else len(self._rest) - 1)  # the last byte may begin a marker
                if not found:
                    return
                self._coded = False
            code = self._rest[1]
            if self._rest[0] != 0xFF:
                raise Broken
            if code == 0xFF:
                del self._rest[0]  # a fill byte
                continue
            bare = code in (SOI, EOI)  # a marker without a length
            if not bare and len(self._rest) < 4:
                return
            length = 2 if bare else 2 + int.from_bytes(self._rest[2:4])
            if len(self._rest) < length:
                return
            segment = self._take(length)
            yield segment if bare else _kept(code, segment)
            self._coded, self._ended = code == SOS, code == EOI

    def _take(self, length: int) -> bytes:
        taken = bytes(self._rest[:length])
        del self._rest[:length]
        return taken


def _kept(code: int, segment: bytes) -> bytes:
    """Return the part of a JPEG segment that is kept."""
    if code == APP1 and segment[4:10] == b"Exif\0\0":
        return _upright(segment[10:])
    if code == APP0 and segment[4:9] == b"JFIF\0" and len(segment) >= 16:
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\x00\x00"  # with a thumbnail of 0 by 0 pixels
    kept = code in FRAMES | TABLES | {SOS, APP14} or (code == APP2 and segment[4:16] == b"ICC_PROFILE\0")
    return segment if kept else b""


def _upright(exif: bytes) -> bytes:
    """Return an EXIF segment that contains only the orientation, or nothing if the old segment had none."""
    order: Literal["little", "big"] = "little" if exif[:2] == b"II" else "big"

    def number(at: int, length: int) -> int:
        return int.from_bytes(exif[at : at + length], order)

    first = number(4, 4)
    for at in range(first + 2, min(first + 2 + 12 * number(first, 2), len(exif) - 11), 12):
        if number(at, 2) == ORIENTATION and 2 <= number(at + 8, 2) <= 8:
            entry = b"\x01\x12\x00\x03\x00\x00\x00\x01" + number(at + 8, 2).to_bytes(2) + b"\x00\x00"
            body = b"Exif\0\0MM\x00\x2a\x00\x00\x00\x08\x00\x01" + entry + b"\x00\x00\x00\x00"
            return bytes([0xFF, APP1]) + (len(body) + 2).to_bytes(2) + body
    return b""


class Png:
    """Keeps the chunks of a PNG file that the picture needs. Anything after the picture is dropped."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._begun = self._ended = False
        self._left, self._keeps = 0, False  # bytes left of the current chunk, and whether they are kept

    def add(self, data: bytes) -> bytes:
        self._rest += data
        return b"".join(self._parts())

    def finish(self) -> bytes:
        if not self._ended or self._left:
            raise Broken
        return b""

    def _parts(self) -> Iterator[bytes]:
        if not self._begun and len(self._rest) >= len(PNG_MARK):
            self._begun = True
            yield self._take(len(PNG_MARK))
        while self._begun and self._rest:
            if self._left:
                taken = self._take(min(self._left, len(self._rest)))
                self._left -= len(taken)
                if self._keeps:
                    yield taken
            elif self._ended:
                self._rest.clear()
            elif len(self._rest) < 8:
                return
            else:
                name = bytes(self._rest[4:8])
                self._left = 12 + int.from_bytes(self._rest[:4])  # with its length, name, and check
                self._keeps, self._ended = name in PNG_KEPT, name == b"IEND"

    def _take(self, length: int) -> bytes:
        taken = bytes(self._rest[:length])
        del self._rest[:length]
        return taken


def cleaner(media: str) -> Cleaner:
    """Return the cleaner for files of this media type."""
    made: dict[str, type[Cleaner]] = {"image/jpeg": Jpeg, "image/png": Png}
    return made.get(media, Untouched)()
