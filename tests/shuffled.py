"""Rows of a statement without ORDER BY come in any order. Here they come mixed, so that no test passes by luck."""

from __future__ import annotations

import random
import re
from collections import deque
from typing import Any

from django.db.backends.postgresql import base

QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
INNERMOST = re.compile(r"\([^()]*\)")
ORDERED = re.compile(r"\border\s+by\b", re.IGNORECASE)


def is_ordered(statement: str) -> bool:
    """Return whether a statement has an ORDER BY of its own, outside every parenthesis."""
    outer, count = QUOTED.sub("''", statement), 1
    while count:
        outer, count = INNERMOST.subn("", outer)
    return ORDERED.search(outer) is not None


class Shuffled:
    """A cursor that mixes what a statement without ORDER BY returns: the same text, the same order."""

    _mixed: deque[Any] | None = None
    _text = ""

    def execute(self, query: Any, *args: Any, **options: Any) -> Any:
        self._mixed, self._text = None, str(query)
        return super().execute(query, *args, **options)  # type: ignore[misc]  # of the cursor it is mixed into

    def _rows(self) -> deque[Any]:
        if self._mixed is None:
            rows = super().fetchall()  # type: ignore[misc]
            if len(rows) > 1 and not is_ordered(self._text):
                random.Random(self._text).shuffle(rows)
            self._mixed = deque(rows)
        return self._mixed

    def fetchone(self) -> Any:
        rows = self._rows()
        return rows.popleft() if rows else None

    def fetchmany(self, size: int = 0) -> list[Any]:
        rows = self._rows()
        return [rows.popleft() for _ in range(min(size or self.arraysize, len(rows)))]  # type: ignore[attr-defined]

    def fetchall(self) -> list[Any]:
        rows = list(self._rows())
        self._rows().clear()
        return rows

    def __next__(self) -> Any:
        rows = self._rows()
        if not rows:
            raise StopIteration
        return rows.popleft()


def begin() -> None:
    """Give Django's connections such cursors. Call it before the first one connects."""
    for name in ("Cursor", "ServerBindingCursor"):
        setattr(base, name, type(name, (Shuffled, getattr(base, name)), {}))


def end() -> None:
    """Give connections from now on the usual cursors, for measurements."""
    for name in ("Cursor", "ServerBindingCursor"):
        setattr(base, name, getattr(base, name).__mro__[2])
