"""The details of a file that a sealed entry holds, and the types of files that are accepted."""

from __future__ import annotations

from dataclasses import dataclass

from accord.core.text import N_
from accord.sharing.codes import field

LARGEST = 25 * 1024 * 1024  # bytes
AT_ONCE = 8  # pieces in a statement: 2 MB

# Recognized by their first bytes, because the name and the type that a browser sends prove nothing.
MEDIA: dict[str, tuple[bytes, str]] = {
    "application/pdf": (b"%PDF-", "pdf"),
    "image/jpeg": (b"\xff\xd8\xff", "jpg"),
    "image/png": (b"\x89PNG\r\n\x1a\n", "png"),
}
MEDIA_WORDS = {
    "application/pdf": N_("PDF"),
    "image/jpeg": N_("JPEG picture"),
    "image/png": N_("PNG picture"),
}


def media_of(first: bytes) -> str:
    """Return the media type that matches a file's first bytes, or an empty string."""
    return next((media for media, (mark, _ending) in MEDIA.items() if first.startswith(mark)), "")


@dataclass(frozen=True)
class HeldFile:
    """The details of a file that an entry about a person holds, including the key to the file."""

    file: str = field(N_("File"))
    key: str = field(N_("File key"), sensitive=True)
    media: str = field(N_("File type"))
    size: int = field(N_("Size in bytes"), default=0)
    pieces: int = field(N_("Number of sealed pieces"), default=0)
