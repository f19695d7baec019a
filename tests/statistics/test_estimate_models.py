"""Existence, identifiability and the batched fits, each compared with a second way."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.statlib.estimate import Settings, estimate, tabulate
from accord.statlib.estimate.loglinear import boundary, columns_of, design, fit_model, is_identifiable, maximum_exists
from accord.statlib.estimate.selection import fit_all, has_unique_maximum, hierarchical_models, stepwise, wald_aic
from bench.numbers_estimate import table

SPARSE = st.lists(st.sampled_from([0, 0, 0, 1, 2, 5, 40]), min_size=15, max_size=15)


@pytest.mark.parametrize(
    ("pairs", "exists", "identifiable"),
    [(("A:B",), False, True), (("A:B", "A:C", "B:C"), None, False), (("A:C", "B:C"), True, True)],
)
def test_the_artificial_table_shows_both_ways_of_having_no_estimate(pairs, exists, identifiable):
    h = table("artificial_3")
    terms = tuple(sum(1 << h.lists.index(name) for name in pair.split(":")) for pair in pairs)
    model = fit_model(design(3), h.counts, terms)
    assert exists is None or model.exists is exists
    assert model.identifiable is identifiable
    assert np.isfinite(model.estimate) == bool(exists and identifiable)


@settings(max_examples=25, deadline=None)
@given(SPARSE)
def test_the_iterations_converge_exactly_when_the_linear_program_finds_a_maximum(counts):
    d = design(4)
    table = np.array([0, *counts], dtype=float)
    models = list(itertools.islice(hierarchical_models(4, 2), 0, 64, 7))
    in_model = np.array([np.isin(d.terms, m) | (np.bitwise_count(d.terms) < 2) for m in models])
    tables = np.tile(table, (len(models), 1))
    if (tables[0] @ d.x[:, 1:5] == 0).any():
        return
    fits, _ = fit_all(d, tables, in_model)
    kept, finite = boundary(d, tables, in_model)
    for row in range(len(models)):
        columns = columns_of(finite[row : row + 1])[0]
        proved = maximum_exists(d, table, kept[row], columns) and is_identifiable(d, kept[row], columns)
        assert bool(fits.converged[row]) is proved


@pytest.mark.parametrize(("k", "models"), [(4, range(64)), (5, [1023])])
def test_rank_without_linear_algebra_is_the_rank(k, models):
    """Every model of four lists, and that of all pairs of five, under every pattern of empty overlaps."""
    d = design(k)
    bits = np.arange(2**d.pairs.size)[:, None] >> np.arange(d.pairs.size) & 1 == 1
    for model in models:
        pairs = np.tile(bits[model], (len(bits), 1))
        quick = has_unique_maximum(d, pairs, bits)
        gone = pairs & bits
        kept = ~((gone.astype(float) @ d.x[:, d.pairs].T) > 0) & (np.arange(1 << k) > 0)
        finite = np.hstack([np.ones((len(bits), k + 1), dtype=bool), pairs & ~gone])
        rank = np.linalg.matrix_rank(np.where(kept[:, :, None], d.x[:, :-1] * finite[:, None, :], 0.0))
        assert (quick == (rank == finite.sum(axis=1))).all()


@pytest.mark.parametrize("choose", [stepwise, wald_aic])
def test_many_tables_at_once_give_what_each_gives_alone(choose):
    h, rng = table("kosovo_4"), np.random.default_rng(4)
    d = design(4)
    shares = h.counts / h.observed
    tables = rng.multinomial(400, shares, size=12).astype(float)
    together = choose(d, tables)
    for row in range(len(tables)):
        alone = choose(d, tables[row : row + 1])
        assert alone.terms(d, 0) == together.terms(d, row)
        assert alone.unseen[0] == pytest.approx(together.unseen[row], rel=1e-6)


def test_two_independent_lists_give_the_lincoln_petersen_estimate():
    point = estimate(tabulate(["A", "B"], [1] * 60 + [2] * 30 + [3] * 20), Settings(method="independence"))
    assert point.estimate == pytest.approx(80 * 50 / 20)
    assert not point.passed


def test_lists_without_any_overlap_have_no_estimate():
    point = estimate(tabulate(["A", "B", "C"], [1] * 30 + [2] * 30 + [4] * 30), Settings())
    assert not point.finite
    assert [gate.name for gate in point.gates if not gate.passed] == ["overlaps", "existence"]


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(5)))
def test_the_order_of_the_lists_does_not_matter(order):
    h = table("uk_5")
    mixed = estimate(h.keep([h.lists[i] for i in order]), Settings())
    assert mixed.estimate == pytest.approx(11312.99, abs=0.01)


def test_eight_lists_are_fitted():
    rng = np.random.default_rng(8)
    on = rng.random((3000, 8)) < np.linspace(0.05, 0.2, 8)
    people = (on @ (1 << np.arange(8)))[on.any(axis=1)]
    point = estimate(tabulate(list("ABCDEFGH"), people), Settings())
    assert point.estimate == pytest.approx(3000, rel=0.15)
