"""Carry the answers of a preview in the page itself, so that trying out a form saves nothing.

They are compressed and encrypted under the session's own secret, and bound to the version. No one else can read or
create such a state, and it can't be opened after the session ends.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass
from typing import Any

from accord.accounts.sessions import SessionState
from accord.questionnaires.queries import VersionCard
from accord.vault import sealing

LARGEST_STATE = 5_000_000  # bytes, unpacked


@dataclass(frozen=True)
class Trial:
    """A preview between two pages: the answers so far, the language, and the page number."""

    state: dict[str, Any]
    language: str
    page: int


def sealed(session: SessionState, card: VersionCard, trial: Trial) -> str:
    """Return the text that carries a preview to the next page."""
    packed = zlib.compress(json.dumps([trial.state, trial.language, trial.page]).encode())
    return base64.urlsafe_b64encode(sealing.encrypt(_key(session), packed, _bound(card))).decode()


def opened(session: SessionState, card: VersionCard, text: str) -> Trial | None:
    """Return the preview in a text, or None if another session or another version made it."""
    try:
        packed = sealing.decrypt(_key(session), base64.urlsafe_b64decode(text.encode()), _bound(card))
        unpacked = zlib.decompressobj().decompress(packed, LARGEST_STATE)
        state, language, page = json.loads(unpacked)
    except (sealing.CannotOpen, binascii.Error, ValueError, zlib.error):
        return None
    return Trial(state, language, page)


def _key(session: SessionState) -> bytes:
    return sealing.derive(session.secret, "form preview")


def _bound(card: VersionCard) -> bytes:
    return sealing.bind("form preview", card.id.hex, card.loaded_at.isoformat())
