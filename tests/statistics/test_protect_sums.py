"""Several sums of one table over different agencies: their differences are tables too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, product

import numpy as np
import pytest

from accord.core.errors import BadInput
from accord.numbers.codes import BREAKDOWNS
from accord.statlib.protect import Leaf, Rules, Sum, protect
from tests.statistics.differences import Keys, narrowed, told

Counts = dict[str, dict[Keys, int]]
Shown = Mapping[Keys, int | None]
# The first in every run, all in `make prove`.
SEEDS = [pytest.param(seed, marks=[pytest.mark.prove] if seed > 9 else []) for seed in range(100)]
SMALL = (("a0", "a1", "a2"), ("b0", "b1", "b2", "b3"))


def leaves(counts: Counts, by: Sequence[Sequence[str]]) -> list[Leaf]:
    found = []
    for keys in product(*by):
        parts = {agency: own[keys] for agency, own in counts.items() if own.get(keys)}
        found.append(Leaf(keys, sum(parts.values()), parts))
    return found


def publish(tables: Sequence[Sequence[str]], counts: Counts, by: Sequence[Sequence[str]], seconds: float) -> list:
    """Publish one table after another: who is in it, and what it shows."""
    names = [f"breakdown {axis}" for axis in range(len(by))]
    out: list[tuple[frozenset[str], Shown]] = []
    sums: list[Sum] = []
    for agencies in tables:
        cells = leaves({agency: counts[agency] for agency in agencies}, by)
        release = protect(cells, names, sums=sums, limit_seconds=seconds)
        out.append((frozenset(agencies), {cell.keys: cell.value for cell in release.cells}))
        sums.append(Sum(cells, out[-1][1]))
    return out


def random_counts(seed: int, agencies: int, by: Sequence[Sequence[str]]) -> Counts:
    """Return agencies that serve people of similar kinds, from a few to some hundred."""
    random = np.random.default_rng(seed)
    cells = list(product(*by))
    share = random.dirichlet(np.full(len(cells), random.choice([0.3, 1.0, 3.0])))
    mean = random.choice([2, 6, 15]) * len(cells)
    drawn = {f"agency {n}": random.multinomial(random.poisson(mean), share) for n in range(agencies)}
    return {agency: {keys: int(n) for keys, n in zip(cells, own, strict=True) if n} for agency, own in drawn.items()}


def growing(counts: Counts, *steps: int) -> list[list[str]]:
    """Return tables of the first agencies, and of more of them each time."""
    return [list(counts)[:some] for some in accumulate(steps)]


def test_one_person_is_not_left_over_by_two_subtractions() -> None:
    """Six agencies minus three: 222 in all, 111 sex, 110 labor, and so one person of another kind."""
    by = (("both", "labour", "other", "sex", "unknown"),)
    early = {"sex": 34, "labour": 36, "both": 3, "other": 3, "unknown": 2}
    late = {"sex": 37, "labour": 37}
    counts = {name: {(kind,): n for kind, n in early.items()} for name in ("A", "B", "C")}
    counts |= {name: {(kind,): n for kind, n in late.items()} for name in ("D", "E", "F")}
    counts["F"] = {("sex",): 37, ("labour",): 36, ("both",): 1}
    out = publish([list("ABC"), list("ABCDEF")], counts, by, 5)
    assert told(out, counts, by) == []
    apart = [(who, publish([sorted(who)], counts, by, 5)[0][1]) for who, _ in out]
    assert (frozenset("DEF"), ("both",), 1, 1.0) in told(apart, counts, by)
    assert out[1][1][("*",)] == 456


@pytest.mark.line(72)
@pytest.mark.parametrize("seed", SEEDS)
def test_no_pair_and_no_triple_of_tables_reveals_those_who_came_later(seed: int) -> None:
    counts = random_counts(seed, 9, SMALL)
    out = publish(growing(counts, 3, 3, *([3] if seed % 2 else [])), counts, SMALL, 0.2)
    assert told(out, counts, SMALL) == []
    assert narrowed(out[:2], counts, SMALL) == []


@pytest.mark.parametrize("seed", range(3))
def test_agencies_that_leave_a_sum_or_change_places_are_not_revealed_either(seed: int) -> None:
    counts = random_counts(100 + seed, 8, SMALL)
    names = list(counts)
    out = publish([names[:6], [*names[:3], *names[6:]], names], counts, SMALL, 0.2)
    assert told(out, counts, SMALL) == []


@pytest.mark.prove
@pytest.mark.line(72)
@pytest.mark.parametrize("seed", range(20))
def test_no_tables_of_the_published_shape_reveal_those_who_came_later(seed: int) -> None:
    by = [sorted(categories) for categories in BREAKDOWNS.values()]
    counts = random_counts(seed, 9, by)
    out = publish(growing(counts, 3, 3, *([3] if seed % 2 else [])), counts, by, 1)
    assert told(out, counts, by) == []


def test_an_agency_whose_count_was_corrected_is_revealed_by_neither_table() -> None:
    by = (("here", "there", "yonder"),)
    before = {name: {(place,): 40 for place in by[0]} for name in "ABC"}
    after = {**before, "A": {("here",): 43, ("there",): 40, ("yonder",): 40}}
    first = protect(leaves(before, by), ("place",))
    out = Sum(leaves(before, by), {cell.keys: cell.value for cell in first.cells})
    second = {cell.keys: cell.value for cell in protect(leaves(after, by), ("place",), sums=[out]).cells}
    assert second[("here",)] is None and second[("*",)] is None


def test_a_table_of_the_same_agencies_shows_the_same_figures() -> None:
    counts = random_counts(7, 4, SMALL)
    first, second = publish([list(counts), list(counts)], counts, SMALL, 0.2)
    assert all(second[1][keys] == value for keys, value in first[1].items() if value is not None)


@pytest.mark.parametrize(
    ("out", "says"),
    [
        (Sum([Leaf(("elsewhere",), 3, {"A": 3})], {}), "a category of its own"),
        (Sum([Leaf(("here",), 3, {"A": 2, "B": 2})], {}), "do not add up"),
    ],
)
def test_sums_that_cannot_be_compared_are_refused(out: Sum, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        protect([Leaf(("here",), 30, {"A": 10, "B": 10, "C": 10})], ("place",), sums=[out], rules=Rules())
