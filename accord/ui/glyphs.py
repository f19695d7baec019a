"""Use each font's `cmap` table to find out which characters the bundled fonts can draw. Typst does not report this."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path

Range = tuple[int, int]


def ranges(files: Iterable[Path]) -> list[Range]:
    """Return the code points that these fonts cover together, as sorted and merged ranges."""
    merged: list[Range] = []
    for first, last in sorted(part for file in files for part in _of(file.read_bytes())):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def holds(covered: list[Range], code: int) -> bool:
    """Return True if this code point is in one of the ranges."""
    place = bisect_right(covered, (code, 0x110000)) - 1
    return place >= 0 and covered[place][0] <= code <= covered[place][1]


def _of(font: bytes) -> Iterator[Range]:
    """Yield the ranges of one font file, or of a collection's first font (OpenType specification, `cmap`)."""
    start = struct.unpack_from(">I", font, 12)[0] if font[:4] == b"ttcf" else 0
    for n in range(struct.unpack_from(">H", font, start + 4)[0]):
        tag, _sum, offset, _length = struct.unpack_from(">4sIII", font, start + 12 + 16 * n)
        if tag == b"cmap":
            yield from _of_table(font, offset)


def _of_table(font: bytes, cmap: int) -> Iterator[Range]:
    for n in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        at = cmap + struct.unpack_from(">I", font, cmap + 8 + 8 * n)[0]
        form = struct.unpack_from(">H", font, at)[0]
        if form == 12:
            for group in range(struct.unpack_from(">I", font, at + 12)[0]):
                first, last, _glyph = struct.unpack_from(">III", font, at + 16 + 12 * group)
                yield first, last
        elif form == 4:
            yield from _segments(font, at)


def _segments(font: bytes, at: int) -> Iterator[Range]:
    """Yield the code points of a format 4 table. A segment can include some without a glyph, so look up each one."""
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts, deltas, offsets = (struct.unpack_from(f">{count}H", font, at + 16 + 2 * count * k) for k in (1, 2, 3))
    for n, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(first, last + 1):
            glyph = code
            if offset:
                glyph = struct.unpack_from(">H", font, at + 16 + 6 * count + 2 * n + offset + 2 * (code - first))[0]
                if not glyph:
                    continue
            if (glyph + delta) % 0x10000 and code != 0xFFFF:
                yield code, code
