"""A picture loses what a camera wrote into it, and nothing of the picture. It may arrive in any pieces."""

from __future__ import annotations

import itertools
import struct
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.files.pictures import Broken, cleaner

PLACE = b"44.9537 N, 93.0900 W, taken by a phone"


def segment(code: int, body: bytes) -> bytes:
    return bytes([0xFF, code]) + struct.pack(">H", len(body) + 2) + body


def exif(orientation: int, order: str) -> bytes:
    """Return EXIF data with a tag for the camera's maker, the way up, and a place."""
    head = b"II*\0" if order == "<" else b"MM\0*"
    tags = struct.pack(f"{order}HHII", 0x010F, 2, 4, 0x41424300) + struct.pack(
        f"{order}HHIHH", 0x0112, 3, 1, orientation, 0
    )
    return b"Exif\0\0" + head + struct.pack(f"{order}IH", 8, 2) + tags + struct.pack(f"{order}I", 0) + PLACE


TURNED = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0%c\0\0\0\0\0\0"
UPRIGHT = {turned: segment(0xE1, TURNED % turned) for turned in range(2, 9)}
JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
COLORS = segment(0xE2, b"ICC_PROFILE\0\1\1colors")
TABLES = segment(0xDB, b"\0" * 65) + segment(0xC4, b"\0" * 20)
FRAME = segment(0xC2, b"\x08\0\x08\0\x08\1\1\x11\0")
SCAN = segment(0xDA, b"\1\1\0\0\x3f\0") + b"coded \xff\x00 data \xff\xd0 more"
DROPPED = {
    "exif": segment(0xE1, exif(1, "<")),
    "xmp": segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE),
    "thumbnail": segment(0xE0, b"JFXX\0" + PLACE),
    "photoshop": segment(0xED, b"Photoshop 3.0\0" + PLACE),
    "more pictures": segment(0xE2, b"MPF\0" + PLACE),
    "comment": segment(0xFE, PLACE),
    "unknown": segment(0xE7, PLACE),
}


def cleaned(media: str, data: bytes, cuts: list[int] = []) -> bytes:  # noqa: B006 - only read
    kept, made = b"", cleaner(media)
    for start, end in itertools.pairwise([0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]):
        kept += made.add(data[start:end])
    return kept + made.finish()


QUICK = settings(max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
CUTS = st.lists(st.integers(0, 2000), max_size=12)


@QUICK
@given(st.lists(st.sampled_from(sorted(DROPPED)), max_size=4), st.booleans(), st.binary(max_size=50), CUTS)
def test_a_jpeg_keeps_its_picture_alone(names: list[str], two_scans: bool, trailer: bytes, cuts: list[int]) -> None:
    added = [DROPPED[name] for name in names]
    scans = [SCAN, TABLES, SCAN] if two_scans else [SCAN]
    parts = [b"\xff\xd8", JFIF, *added, COLORS, TABLES, *added, FRAME, *scans, *added, b"\xff\xd9"]
    picture = b"".join(part for part in parts if part not in added)
    assert cleaned("image/jpeg", b"".join(parts) + trailer, cuts) == picture


def test_a_thumbnail_in_the_first_segment_is_dropped() -> None:
    shown = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\2\1" + b"\xaa" * 6)
    rest = TABLES + FRAME + SCAN + b"\xff\xd9"
    assert cleaned("image/jpeg", b"\xff\xd8" + shown + rest) == b"\xff\xd8" + JFIF + rest


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("turned", range(2, 9))
def test_which_side_is_up_is_kept(turned: int, order: str) -> None:
    before, after = b"\xff\xd8" + JFIF, TABLES + FRAME + SCAN + b"\xff\xd9"
    kept = cleaned("image/jpeg", before + segment(0xE1, exif(turned, order)) + after)
    assert kept == before + UPRIGHT[turned] + after


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


@QUICK
@given(st.lists(st.sampled_from([b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME", b"caBX"]), max_size=4), st.binary(), CUTS)
def test_a_png_keeps_its_picture_alone(names: list[bytes], trailer: bytes, cuts: list[int]) -> None:
    added = [chunk(name, PLACE) for name in names]
    mark, head = b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0")
    data, end = chunk(b"IDAT", zlib.compress(b"\0\0" * 200)), chunk(b"IEND", b"")
    sent = mark + head + b"".join(added) + data + b"".join(added) + data + end
    assert cleaned("image/png", sent + trailer, cuts) == mark + head + data + data + end


@QUICK
@given(st.sampled_from(["image/jpeg", "image/png"]), st.binary(max_size=300), CUTS)
def test_other_bytes_are_refused_or_kept_in_part(media: str, data: bytes, cuts: list[int]) -> None:
    mark = b"\xff\xd8\xff" if media == "image/jpeg" else b"\x89PNG\r\n\x1a\n"
    try:
        kept = cleaned(media, mark + data, cuts)
    except Broken:
        return
    assert len(kept) <= len(mark + data)


def test_a_picture_that_was_cut_short_is_refused() -> None:
    for media, data in (("image/jpeg", b"\xff\xd8" + JFIF + SCAN), ("image/png", b"\x89PNG\r\n\x1a\n")):
        with pytest.raises(Broken):
            cleaned(media, data)


def test_a_pdf_is_kept_as_it_is() -> None:
    assert cleaned("application/pdf", b"%PDF-1.7 " + PLACE, [4, 20]) == b"%PDF-1.7 " + PLACE
