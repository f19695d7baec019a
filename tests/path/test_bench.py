"""`make bench` with a handful of people: every figure is measured, none is judged."""

from __future__ import annotations

import pytest

from bench import __main__ as bench
from bench import rounds
from bench.rounds import Figure
from bench.towns import town


@pytest.mark.prove
def test_every_figure_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "ROUNDS", 2)
    monkeypatch.setattr(bench, "LONG_ROUNDS", 1)
    monkeypatch.setattr(bench, "AGENCIES", 5)
    with town(3) as small, town(4) as large:
        found = list(bench.rows(small, large, 12))
    assert len(found) == 30 and all(row.figure.median > 0 for row in found)
    assert all(row.what in bench.shown(row) for row in found)


def test_a_budget_is_missed_beyond_the_spread() -> None:
    figure = Figure.of([1.0, 2.0, 3.0, 4.0, 9.0])
    assert figure == Figure(3.0, 2.0, 4.0)
    assert bench.Row("", figure, 1.9).missed and not bench.Row("", figure, 2.1).missed
