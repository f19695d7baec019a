"""Limits on how long a draft is kept and how large it may be."""

from __future__ import annotations

KEPT_DAYS = 30  # since the last save; `functions.sql` deletes older drafts
LONGEST = 250_000  # bytes
