"""Pure rules: why a colleague can't work right now."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any


def waits(row: Any, closed: Collection[uuid.UUID]) -> str:
    """Return why a colleague can't work: sign_in (no sign-in since a reset), officer (an officer must restore access),
    closed, or ''."""
    if row.reset_at is not None:
        return "officer" if row.sealed else "sign_in"
    return "closed" if row.id in closed else ""
