"""The screen's messages and their Spanish, from the catalogs of all rooms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ACCORD = Path(__file__).resolve().parents[2] / "accord"


def spanish() -> Iterator[Message]:
    """Yield every message with its Spanish."""
    for path in sorted(ACCORD.glob("*/locale/es/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            yield from (message for message in read_po(file, locale="es") if message.id)
