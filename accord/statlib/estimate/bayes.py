"""Bayesian thresholding with proper priors (Silverman 2020, section 6), with checks that the chains have mixed.

First, the model with all pairs is sampled. Then pairs whose posterior mean is less than `threshold` posterior standard
deviations from 0 are dropped, and the smaller model is sampled. Priors are normal with mean 0. Their precision is 1 for
a pair and 0.0001 for the intercept and the lists. They are proper, so an empty overlap needs no special treatment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.statlib.estimate.loglinear import Design, Floats, Ints, independent_start

PAIR_PRECISION = 1.0
MAIN_PRECISION = 1e-4
CHAINS = 40
WARM_UP = 150
DRAWS = 600
FREEDOM = 10.0
LARGEST_R_HAT = 1.01
FEWEST_EFFECTIVE = 400


@dataclass(frozen=True)
class Posterior:
    """The draws of N in people (`size`, with shape (chains, draws)), the retained pairs, and how well the chains
    mixed."""

    size: Floats
    terms: tuple[int, ...]
    r_hat: float
    effective: float

    @property
    def median(self) -> float:
        """Return the posterior median of N."""
        return float(np.median(self.size))

    def interval(self, level: float) -> tuple[float, float]:
        """Return the central credible interval of N."""
        lower, upper = np.quantile(self.size, [(1 - level) / 2, (1 + level) / 2])
        return float(lower), float(upper)

    @property
    def mixed(self) -> bool:
        """Return whether split R-hat is below 1.01 and there are at least 400 effective draws (Vehtari et al. 2021)."""
        return self.r_hat < LARGEST_R_HAT and self.effective >= FEWEST_EFFECTIVE


def bayes_threshold(d: Design, counts: Ints, rng: np.random.Generator, *, threshold: float = 2.0) -> Posterior:
    """Sample, drop pairs by the threshold, and sample again. `d` must be a design of pairs (order 2)."""
    table = counts.astype(float)
    full = np.arange(d.size)
    draws = _sample(d, table, full, rng)
    ratio = np.abs(draws.mean(axis=(0, 1))) / draws.std(axis=(0, 1))
    retained = full[(full <= d.k) | (ratio >= threshold)]
    draws = _sample(d, table, retained, rng)
    intercept = draws[:, :, 0]
    terms = tuple(d.terms[retained[d.k + 1 :]].tolist())
    return Posterior(counts.sum() + np.exp(intercept), terms, split_r_hat(intercept), effective_draws(intercept))


def _sample(d: Design, counts: Floats, columns: Ints, rng: np.random.Generator) -> Floats:
    """Sample by Metropolis-Hastings, all chains at once. Returns draws (chains, DRAWS, q).

    Each draw is one independence step and one random-walk step. The independence step proposes from a t distribution
    that matches the posterior's curvature at its mode (Tierney 1994). The random-walk step, scaled by 2.38 / sqrt(q)
    (Roberts, Gelman, and Gilks 1997), moves the chain where the t distribution fits badly. The chains start from points
    spread twice as widely as the posterior.
    """
    target = _Target(d, counts, columns)
    root = target.root
    beta = target.mode + 2 * rng.standard_normal((CHAINS, columns.size)) @ root.T
    height, draws = target.log_posterior(beta), np.empty((DRAWS, CHAINS, columns.size))
    for i in range(-WARM_UP, DRAWS):
        wide = np.sqrt(FREEDOM / rng.chisquare(FREEDOM, (CHAINS, 1)))
        far = target.mode + wide * rng.standard_normal(beta.shape) @ root.T
        beta, height = target.move(beta, height, far, target.log_t(beta) - target.log_t(far), rng)
        near = beta + 2.38 / np.sqrt(columns.size) * rng.standard_normal(beta.shape) @ root.T
        beta, height = target.move(beta, height, near, np.zeros(CHAINS), rng)
        if i >= 0:
            draws[i] = beta
    return draws.transpose(1, 0, 2)


class _Target:
    """The posterior of the parameters in `columns` (q,) and the t distribution around its mode."""

    def __init__(self, d: Design, counts: Floats, columns: Ints) -> None:
        self.x, self.n = d.x[1:, columns], counts[1:]
        self.precision = np.where(columns <= d.k, MAIN_PRECISION, PAIR_PRECISION)
        start = independent_start(d, counts[None])[0, columns]
        self.mode, self.root = _mode(self.x, self.n, self.precision, start)
        self.whiten = np.linalg.inv(self.root).T

    def log_posterior(self, beta: Floats) -> Floats:
        """Return the log posterior up to a constant, (chains,)."""
        eta = np.minimum(beta @ self.x.T, 50.0)
        value: Floats = eta @ self.n - np.exp(eta).sum(axis=1) - 0.5 * beta**2 @ self.precision
        return value

    def log_t(self, beta: Floats) -> Floats:
        """Return the log density of the proposal up to a constant, (chains,)."""
        square = (((beta - self.mode) @ self.whiten) ** 2).sum(axis=1)
        value: Floats = -0.5 * (FREEDOM + self.mode.size) * np.log1p(square / FREEDOM)
        return value

    def move(
        self, beta: Floats, height: Floats, to: Floats, correction: Floats, rng: np.random.Generator
    ) -> tuple[Floats, Floats]:
        """Accept the proposal or stay put, according to the Hastings ratio. `correction` is the log ratio of the
        proposal densities."""
        new = self.log_posterior(to)
        accept = np.log(rng.random(CHAINS)) < new - height + correction
        return np.where(accept[:, None], to, beta), np.where(accept, new, height)


def _mode(x: Floats, n: Floats, precision: Floats, beta: Floats) -> tuple[Floats, Floats]:
    """Return two things: the posterior mode (q,), found by Newton's method, and a square root (q, q) of the inverse
    curvature at the mode."""
    for _ in range(60):
        mu = np.exp(np.minimum(x @ beta, 50.0))
        curvature = (x.T * mu) @ x + np.diag(precision)
        step = np.linalg.solve(curvature, x.T @ (n - mu) - precision * beta)
        beta = beta + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-9:
            break
    return beta, np.linalg.cholesky(np.linalg.inv(curvature))


def split_r_hat(draws: Floats) -> float:
    """Return Gelman and Rubin's potential scale reduction factor on half chains. It is 1 when all chains agree. `draws`
    has shape (chains, length)."""
    half = draws.shape[1] // 2
    parts = np.concatenate([draws[:, :half], draws[:, half : 2 * half]])
    within = parts.var(axis=1, ddof=1).mean()
    between = parts.mean(axis=1).var(ddof=1)
    return float(np.sqrt((half - 1) / half + between / within)) if within > 0 else 1.0


def effective_draws(draws: Floats) -> float:
    """Return the effective number of independent draws (Gelman et al. 2013, section 11.5; Geyer's initial positive
    sequence)."""
    chains, length = draws.shape
    centred = draws - draws.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred, n=2 * length, axis=1)
    covariance = np.fft.irfft(np.abs(spectrum) ** 2, axis=1)[:, :length].mean(axis=0) / length
    within = float(draws.var(axis=1, ddof=1).mean())
    pooled = covariance[0] + float(draws.mean(axis=1).var(ddof=1))
    rho = 1 - (within - covariance) / pooled
    pairs = rho[1 : 2 * ((length - 1) // 2) + 1].reshape(-1, 2).sum(axis=1)
    negative = np.flatnonzero(pairs < 0)
    kept = pairs[: negative[0]] if negative.size else pairs
    return float(chains * length / max(1.0, 1 + 2 * kept.sum()))
