"""The bootstrap compared with a slow, independent implementation of the same definitions."""

import time

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import pdtr, pdtrc

from accord.statlib.estimate import Settings, estimate
from accord.statlib.estimate.analysis import sample
from accord.statlib.estimate.bootstrap import (
    Jackknife,
    acceleration,
    bca,
    jackknife,
    percentile,
    replicate,
    sharp_bca,
    stepwise_estimator,
)
from accord.statlib.estimate.loglinear import design
from bench.numbers_estimate import coverage_rows, ours, references, speed_rows, stability_rows, table


def slow_fit(counts, k, terms, gone):
    """Return exp(intercept) and the fitted cells, by a general optimizer on dictionaries of cells."""
    kept = [c for c in range(1, 1 << k) if not any(c & g == g for g in gone)]
    x = np.array([[float(c & t == t) for t in terms] for c in kept])
    n = np.array([float(counts[c]) for c in kept])
    found = minimize(
        lambda b: np.exp(x @ b).sum() - n @ (x @ b),
        np.append(np.log(n.sum()), np.full(len(terms) - 1, -2.0)),
        jac=lambda b: x.T @ (np.exp(x @ b) - n),
        hess=lambda b: (x.T * np.exp(x @ b)) @ x,
        method="trust-exact",
        options={"gtol": 1e-7},
    )
    return np.exp(found.x[0]), dict(zip(kept, np.exp(x @ found.x), strict=True))


def slow_stepwise(counts, k):
    """Implement section 3.2 of Chan, Silverman and Vincent again, sharing no code. A fit that runs away has no
    maximum."""
    terms, gone, barred = [0] + [1 << i for i in range(k)], [], []
    pairs = [(1 << i) | (1 << j) for i in range(k) for j in range(i + 1, k)]
    seen = {pair: sum(int(counts[c]) for c in range(1 << k) if c & pair == pair) for pair in pairs}
    unseen, mu = slow_fit(counts, k, terms, gone)
    while True:
        mean = {p: sum(m for c, m in mu.items() if c & p == p) for p in pairs}
        tails = {
            p: min(pdtr(seen[p], mean[p]), pdtrc(seen[p] - 1, mean[p]) if seen[p] else 1.0)  # a Poisson count's tails
            for p in pairs
            if p not in terms + gone + barred
        }
        best = min(tails, key=tails.get, default=None)
        if best is None or tails[best] >= 0.02:
            return float(sum(counts) + unseen)
        trial = (terms, [*gone, best]) if seen[best] == 0 else ([*terms, best], gone)
        larger, fitted = slow_fit(counts, k, *trial)
        if larger > 1e7:
            barred.append(best)
        else:
            (terms, gone), barred, unseen, mu = trial, [], larger, fitted


@pytest.mark.parametrize("name", ["western_us_5", "kosovo_4", "korea_3", "uk_5"])
def test_acceleration_equals_that_of_leaving_out_every_person(name):
    h = table(name)
    k = len(h.lists)
    left = []
    for cell in np.flatnonzero(h.counts):
        counts = h.counts.copy()
        counts[cell] -= 1
        left += [slow_stepwise(counts, k)] * int(h.counts[cell])
    d = np.mean(left) - np.array(left)
    slow = (d**3).sum() / (6 * (d**2).sum() ** 1.5)
    fast = acceleration(jackknife(h.counts, stepwise_estimator(design(k), 0.02)))
    assert fast == pytest.approx(slow, abs=5e-4)


def test_replicates_equal_those_of_the_slow_selection():
    h = table("western_us_5")
    drawn = replicate(h.counts, stepwise_estimator(design(5), 0.02), 25, np.random.default_rng(3))
    for row in range(25):
        counts = np.zeros(32, dtype=int)
        counts[drawn.seen] = drawn.tables[row]
        assert drawn.values[row] == pytest.approx(slow_stepwise(counts, 5), rel=1e-4)


def test_bca_of_a_symmetric_distribution_is_the_percentile_interval():
    values = np.linspace(-1, 1, 2001)
    assert bca(values, 0.0, 0.0, 0.9) == pytest.approx(percentile(values, 0.9), abs=2e-3)


def test_bca_moves_up_when_most_replicates_are_below_the_estimate():
    values = np.linspace(0, 1, 2001)
    assert bca(values, 0.6, 0.0, 0.9)[0] > percentile(values, 0.9)[0]


def test_an_end_beyond_the_last_finite_replicate_has_no_limit():
    assert percentile(np.array([*range(90), *[np.inf] * 10], dtype=float), 0.95)[1] == np.inf


def test_acceleration_without_spread_is_nought():
    assert acceleration(Jackknife(np.array([5.0, 5.0]), np.array([3.0, 4.0]))) == 0


@pytest.mark.parametrize("name", ["western_us_5", "korea_3"])
def test_ends_are_near_those_of_the_reference(name):
    theirs = next(t for n, figure, t in references() if n == name and figure.startswith("stepwise bca 95%"))
    assert ours(name, "stepwise bca 95% of 1000")[1:] == pytest.approx(theirs[1:], rel=0.16)


def test_a_sharpened_end_hardly_moves_between_seeds_where_a_plain_one_does():
    h = table("new_orleans_5")
    estimator, point = stepwise_estimator(design(5), 0.02), estimate(h, Settings()).estimate
    accel = acceleration(jackknife(h.counts, estimator))
    plain, sharp = [], []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        drawn = replicate(h.counts, estimator, 5000, rng)
        plain.append(bca(drawn.values, point, accel, 0.95)[0])
        sharp.append(sharp_bca(drawn, estimator, point, accel, (0.95,), rng)[0][0])
    assert np.ptp(sharp) < 30
    assert np.ptp(plain) > np.ptp(sharp)
    assert np.mean(sharp) == pytest.approx(441, rel=0.03)


def test_a_thousand_bootstraps_of_the_uk_take_less_than_a_second_of_one_core():
    h = table("uk_5")
    estimator = stepwise_estimator(design(5), 0.02)
    start = time.process_time()
    drawn = replicate(h.counts, estimator, 1000, np.random.default_rng(1))
    bca(drawn.values, 11313.0, acceleration(jackknife(h.counts, estimator)), 0.95)
    assert time.process_time() - start < 1


@pytest.mark.parametrize("method", ["stepwise", "wald-aic", "bic", "independence"])
def test_the_same_seed_gives_the_same_intervals(method):
    settings = Settings(method=method, replicates=200, seed=7)
    point = estimate(table("korea_3"), settings)
    done: list[int] = []
    first, second = (sample(point, settings, done.append) for _ in range(2))
    assert first.intervals == second.intervals
    assert sum(done) == 400
    other = sample(point, Settings(method=method, replicates=200, seed=8), done.append)
    assert not np.array_equal(first.replicates, other.replicates)


@pytest.mark.prove
def test_ends_at_20000_replicates_are_within_two_per_cent_of_their_limit():
    assert [row for row in stability_rows() if not row[3].startswith("ok")] == []


@pytest.mark.prove
def test_speed_budgets_hold():
    assert [row for row in speed_rows() if row[3] != "ok"] == []


@pytest.mark.prove
def test_coverage_is_measured_within_two_minutes_and_no_bootstrap_interval_falls_far_short():
    rows = list(coverage_rows())
    print(*rows, sep="\n")
    assert rows[-1][3] == "ok"
    for what, share, *_ in rows[:-1]:
        assert float(share.split("%")[0]) > (70 if "wald" in what else 87)
