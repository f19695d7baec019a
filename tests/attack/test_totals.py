"""Published totals: what can be had by subtracting any two tables that are out, not only the last two."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from accord.core.errors import Conflict
from accord.numbers import services
from accord.numbers.codes import SHOWN, TOTAL
from accord.numbers.queries import SumCard, SumCell
from accord.numbers.rules import Period

CELL, ALL = ("18_24", "sex", "new"), (TOTAL, TOTAL, TOTAL)


def out(parts: dict[uuid.UUID, int], **shown: int | None) -> SumCard:
    """A table that is out: what it shows of one cell."""
    cells = (SumCell(CELL, sum(parts.values()), len(parts), SHOWN if shown["cell"] is not None else "secondary"),)
    by = dict.fromkeys(parts, 1)
    return SumCard(uuid.uuid4(), Period(2026, 1), "published", datetime.now(UTC), "", "", by, 7, cells, b"")


def test_one_agencys_part_is_not_the_difference_of_the_first_and_the_third_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second table hid the cell, so it says nothing; the first and the third together give one agency's 20 away."""
    agencies = [uuid.uuid4() for _ in range(9)]
    counts = dict(zip(agencies, [20, 20, 20, 20, 0, 0, 0, 0, 0], strict=True))
    first = out({each: counts[each] for each in agencies[:3]}, cell=60)
    second = out({each: counts[each] for each in agencies[:6]}, cell=None)
    parts = {each.hex: Counter({CELL: count}) for each, count in counts.items()}
    shown = SimpleNamespace(cells=[SimpleNamespace(keys=CELL, value=80, status=SHOWN)])
    monkeypatch.setattr(services, "protect", lambda *_args, **_more: shown)
    with pytest.raises(Conflict, match="difference"):
        services._protected(parts, [first, second], 0.1)
