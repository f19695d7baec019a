"""How long a draft is kept, and how long it may be."""

from __future__ import annotations

KEPT_DAYS = 30  # after it was last saved; `functions.sql` deletes it then
LONGEST = 250_000  # bytes
