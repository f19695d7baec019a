"""The Bayesian methods compared with a second way of computing the same posterior."""

import numpy as np
import pytest
from scipy.special import gammaln, logsumexp

from accord.statlib.estimate import tabulate
from accord.statlib.estimate.bayes import bayes_threshold, effective_draws, split_r_hat
from accord.statlib.estimate.decomposable import decomposable_average
from accord.statlib.estimate.loglinear import design, fit_model
from bench.numbers_estimate import table


@pytest.mark.parametrize(
    ("name", "median", "lower", "upper"),
    [("korea_3", 153, 134, 201), ("western_us_5", 2327, 1590, 3579)],
)
def test_thresholding_gives_the_reference_posterior(name, median, lower, upper):
    posterior = bayes_threshold(design(len(table(name).lists)), table(name).counts, np.random.default_rng(1))
    assert posterior.mixed
    assert (posterior.median, *posterior.interval(0.95)) == pytest.approx((median, lower, upper), rel=0.03)


def test_the_chains_sample_what_importance_sampling_finds():
    h = table("new_orleans_5")
    d = design(5)
    posterior = bayes_threshold(d, h.counts, np.random.default_rng(2))
    assert posterior.terms == ()
    model = fit_model(d, h.counts, ())
    x = d.x[1:, :6]
    centre = np.array([model.coefficients[int(t)] for t in d.terms[:6]])
    spread = np.linalg.inv((x.T * model.mu[1:]) @ x)
    from scipy.stats import multivariate_t  # imported here, because it would slow every other test run

    proposal = multivariate_t(centre, spread * 1.3, df=5, seed=3)
    beta = proposal.rvs(100_000)
    eta = beta @ x.T
    log = eta @ h.counts[1:] - np.exp(eta).sum(axis=1) - 0.5e-4 * (beta**2).sum(axis=1) - proposal.logpdf(beta)
    weight = np.exp(log - logsumexp(log))
    order = np.argsort(beta[:, 0])
    at = np.searchsorted(np.cumsum(weight[order]), [0.025, 0.5, 0.975])
    lower, median, upper = h.observed + np.exp(beta[order[at], 0])
    assert (posterior.median, *posterior.interval(0.95)) == pytest.approx((median, lower, upper), rel=0.03)


def test_r_hat_sees_chains_that_disagree():
    rng = np.random.default_rng(1)
    draws = rng.standard_normal((8, 500))
    assert split_r_hat(draws) < 1.01
    assert split_r_hat(draws + np.arange(8)[:, None]) > 1.5


def test_effective_draws_of_an_autoregression_are_as_many_as_theory_says():
    rng = np.random.default_rng(1)
    draws = rng.standard_normal((20, 5000))
    for i in range(1, 5000):
        draws[:, i] = 0.9 * draws[:, i - 1] + np.sqrt(1 - 0.81) * draws[:, i]
    assert effective_draws(draws) == pytest.approx(20 * 5000 * 0.1 / 1.9, rel=0.15)
    assert effective_draws(rng.standard_normal((20, 5000))) == pytest.approx(100_000, rel=0.1)


def test_the_prior_weight_must_shrink_with_the_number_of_cells():
    average = decomposable_average(table("uk_5").counts, 5, delta=0.5)
    assert average.quantile(0.5) == pytest.approx(2793, rel=0.002)


def test_a_published_average():
    average = decomposable_average(table("madigan_york_3").counts, 3, delta=1.0)
    assert (average.mean, *average.interval(0.95)) == pytest.approx((733.7, 682, 798), rel=0.005)


def test_two_lists_have_two_graphs_whose_posterior_is_written_out():
    h = tabulate(["A", "B"], [1] * 30 + [2] * 25 + [3] * 12)
    n0 = np.arange(1, 20 * 67 + 1)
    total, a, b, w, v = 67 + n0, 42, 37, 0.5, 0.25
    one = gammaln(a + w) + gammaln(total - a + w) - 2 * gammaln(w) - gammaln(total + 1)
    two = gammaln(b + w) + gammaln(total - b + w) - 2 * gammaln(w) - gammaln(total + 1)
    joint = gammaln(n0 + v) + sum(gammaln(c + v) for c in (30, 25, 12)) - 4 * gammaln(v) - gammaln(total + 1)
    log = np.logaddexp(one + two, joint) + gammaln(total + 1) - gammaln(n0 + 1) - np.log(total)
    weight = np.exp(log - logsumexp(log))
    expected = total[np.searchsorted(np.cumsum(weight), [0.025, 0.5, 0.975])]
    average = decomposable_average(h.counts, 2)
    assert [average.quantile(q) for q in (0.025, 0.5, 0.975)] == pytest.approx(expected, abs=1)
