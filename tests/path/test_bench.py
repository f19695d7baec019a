"""`make bench` with a handful of people: every figure is measured, none is judged."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from accord.demo import grown
from bench import __main__ as bench
from bench import measures, rounds
from bench.rounds import Figure
from bench.towns import town
from tests.steps.chains import broken_chains


@pytest.mark.prove
def test_every_figure_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "ROUNDS", 2)
    monkeypatch.setattr(bench, "LONG_ROUNDS", 1)
    monkeypatch.setattr(bench, "AGENCIES", 5)
    with town(3) as small, town(4) as large:
        found = list(bench.rows(small, large, 12))
    assert len(found) == 30 and all(row.figure.median > 0 for row in found)
    assert all(row.what in bench.shown(row) for row in found)


@pytest.mark.prove
def test_a_million_people(proved: Callable[[str, int], None]) -> None:
    """Added in forty minutes of processor time; every chain is whole; no page takes twice as long as with 5,000."""
    many = int(os.environ.get("ACCORD_PROVE_PEOPLE", 1_000_000))
    with town(5_000) as small, town(0) as large:
        taken = [large.grow(user, chosen).processor for user, chosen in grown.spread(many).items()]
        assert sum(taken) <= many / 1_000_000 * 40 * 60
        large.ids["own"] = large.first()
        for each in (small, large):
            each.world.sessions.clear()
        works = {
            f"{what} {each.people}": measures.page(each, user, route)
            for user, what, route in measures.PAGES
            for each in (small, large)
        }
        found = rounds.interleaved(works)
        for _, what, _ in measures.PAGES:
            row = measures.compared(what, found[f"{what} 0"], found[f"{what} 5000"], 2)
            assert not row.missed, (what, row.figure, row.note)
        search = measures.search(large, "adele", grown.name(many // 20 - 1))
        assert search.once().processor < 1
        assert not broken_chains(large.world, "harbor", "legal", "hospital", "survivors", "police", "cps")
    proved("people added in bulk, with every chain whole", many)


def test_a_budget_is_missed_beyond_the_spread() -> None:
    figure = Figure.of([1.0, 2.0, 3.0, 4.0, 9.0])
    assert figure == Figure(3.0, 2.0, 4.0)
    assert bench.Row("", figure, 1.9).missed and not bench.Row("", figure, 2.1).missed
