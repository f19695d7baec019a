"""Intervals that include the choice of the model: a bootstrap that redoes the whole selection in each replicate.

Silverman (2020) and Chan, Silverman and Vincent (2021, section 4) show that an interval that takes the chosen model as
given is too short. Each replicate draws n people with replacement (a multinomial draw of the observed histories), and
the estimator chooses its model again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from accord.statlib.estimate.loglinear import Bools, Design, Floats, Ints, log_likelihood
from accord.statlib.estimate.selection import fit_all, stepwise, wald_aic

CHUNK_CELLS = 16_000
ELITE = 0.003
FEW_BEYOND = 10
QUICK = 1e-3  # the largest last Newton step; its error is of the order of the square

Estimator = Callable[[Floats], Floats]
"""From tables (R, C) to estimates of N (R,) in people, including the whole choice of the model."""


def stepwise_estimator(d: Design, p: float) -> Estimator:
    """Return the estimator of N by the stepwise choice in each table."""
    return lambda tables: tables.sum(axis=1) + stepwise(d, tables, p=p, tolerance=QUICK).unseen


def wald_aic_estimator(d: Design, p: float) -> Estimator:
    """Return the estimator of N by the 2014 UK procedure's choice in each table (the Poisson estimate of its model,
    not the profile's mode)."""
    return lambda tables: tables.sum(axis=1) + wald_aic(d, tables, p=p, tolerance=QUICK).unseen


def fixed_estimator(d: Design, models: Bools) -> Estimator:
    """Return the estimator of N by the best model by BIC among `models` (M, P) in each table; with one model, N of
    that model. Silverman, Chan and Vincent (2024, section 4) keep only the `ntop` best models of the original
    table."""

    def estimate(tables: Floats) -> Floats:
        best = np.full(len(tables), np.inf)
        unseen = np.full(len(tables), np.inf)
        for model in models:
            fits, kept = fit_all(d, tables, np.tile(model, (len(tables), 1)), tolerance=QUICK)
            bic = -2 * log_likelihood(tables, fits.mu, kept) + np.log(tables.sum(axis=1)) * model.sum()
            better = fits.converged & (bic < best)
            best, unseen = np.where(better, bic, best), np.where(better, fits.unseen, unseen)
        size: Floats = tables.sum(axis=1) + unseen
        return size

    return estimate


@dataclass(frozen=True)
class Replicates:
    """B resampled tables and their estimates.

    seen: (H,), the cells that anyone is in
    share: (H,), their share of the people
    tables: (B, H), counts of those cells
    values: (B,), N, infinite without a finite estimate
    """

    cells: int
    seen: Ints
    share: Floats
    tables: Ints
    values: Floats


def replicate(
    counts: Ints,
    estimator: Estimator,
    replicates: int,
    rng: np.random.Generator,
    *,
    progress: Callable[[int], None] = lambda done: None,
) -> Replicates:
    """Draw tables of as many people as were observed and estimate each, in chunks that fit the processor's cache."""
    seen = np.flatnonzero(counts)
    share = counts[seen] / counts.sum()
    tables = rng.multinomial(int(counts.sum()), share, size=replicates)
    return Replicates(counts.size, seen, share, tables, _estimates(counts.size, seen, tables, estimator, progress))


def _estimates(cells: int, seen: Ints, tables: Ints, estimator: Estimator, progress: Callable[[int], None]) -> Floats:
    chunk = max(1, CHUNK_CELLS // cells)
    values = np.empty(len(tables))
    for start in range(0, len(tables), chunk):
        some = tables[start : start + chunk]
        full = np.zeros((len(some), cells))
        full[:, seen] = some
        values[start : start + chunk] = estimator(full)
        progress(len(some))
    return values


@dataclass(frozen=True)
class Tail:
    """One tail of the bootstrap distribution, sampled more densely: values (R,) and their weights, which sum to 1."""

    values: Floats
    weights: Floats

    def quantile(self, at: float) -> float:
        """Return the smallest value with at least this much weight at or below it."""
        order = np.argsort(self.values)
        place = int(np.searchsorted(np.cumsum(self.weights[order]), at))
        return float(self.values[order[min(place, order.size - 1)]])


def tail(drawn: Replicates, estimator: Estimator, rng: np.random.Generator, *, low: bool) -> Tail:
    """Sharpen one tail by importance resampling, with half as many replicates again.

    A BCa end can be the quantile at 1 in 30,000, which plain replicates can't place. More are drawn from the mean of
    the most extreme tables (the cross-entropy rule of Rubinstein 1999). A tenth of the observed shares is mixed in, so
    that no history is impossible. All replicates are weighted by their likelihood under the plain draw over that under
    the mixture of both draws (Owen and Zhou 2000), which bounds the weights.
    """
    plain, extra = len(drawn.values), len(drawn.values) // 2
    order = np.argsort(drawn.values if low else -drawn.values)
    elite = drawn.tables[order[: max(20, int(ELITE * plain))]].mean(axis=0)
    tilted = 0.9 * elite / elite.sum() + 0.1 * drawn.share
    tables = rng.multinomial(int(drawn.tables[0].sum()), tilted, size=extra)
    values = _estimates(drawn.cells, drawn.seen, tables, estimator, lambda done: None)
    ratio = np.exp(np.concatenate([drawn.tables, tables]) @ np.log(tilted / drawn.share))
    weights = 1 / (plain + extra * ratio)
    return Tail(np.concatenate([drawn.values, values]), weights / weights.sum())


@dataclass(frozen=True)
class Jackknife:
    """Estimates with one person left out, one for each distinct history: `values` and `weights` (how many people have
    that history), shape (H,)."""

    values: Floats
    weights: Floats


def jackknife(counts: Ints, estimator: Estimator) -> Jackknife:
    """Leave one person out. People with the same history give the same estimate, so each history is fitted once."""
    seen = np.flatnonzero(counts)
    tables = np.tile(counts.astype(float), (seen.size, 1))
    tables[np.arange(seen.size), seen] -= 1
    return Jackknife(estimator(tables), counts[seen].astype(float))


def acceleration(leave_one_out: Jackknife) -> float:
    """Return Efron's (1987) acceleration, equation 6.6: sum of d**3 over 6 (sum of d**2)**1.5, where d is the mean of
    the leave-one-out estimates minus each of them. People whose removal leaves no finite estimate are left out."""
    finite = np.isfinite(leave_one_out.values)
    values, weights = leave_one_out.values[finite], leave_one_out.weights[finite]
    if not values.size:
        return 0.0
    d = np.average(values, weights=weights) - values
    spread = float((weights * d**2).sum())
    return float((weights * d**3).sum() / (6 * spread**1.5)) if spread > 0 else 0.0


def percentile(replicates: Floats, level: float) -> tuple[float, float]:
    """Return the quantiles (1 - level)/2 and (1 + level)/2 of the replicates."""
    return _quantiles(replicates, [(1 - level) / 2, (1 + level) / 2])


def bca(replicates: Floats, estimate: float, accel: float, level: float) -> tuple[float, float]:
    """Return the bias-corrected and accelerated interval (Efron 1987; Efron and Tibshirani 1993, equation 14.10)."""
    return _quantiles(replicates, list(bca_levels(replicates, estimate, accel, level)))


def sharp_bca(
    drawn: Replicates,
    estimator: Estimator,
    estimate: float,
    accel: float,
    levels: tuple[float, ...],
    rng: np.random.Generator,
) -> list[tuple[float, float]]:
    """Return BCa intervals. An end based on fewer than ten plain replicates is placed by a sharpened tail."""
    out = []
    tails: dict[bool, Tail] = {}
    for level in levels:
        at = bca_levels(drawn.values, estimate, accel, level)
        ends = list(_quantiles(drawn.values, list(at)))
        for side, share in enumerate(at):
            if min(share, 1 - share) * len(drawn.values) < FEW_BEYOND:
                low = share < 0.5
                if low not in tails:
                    tails[low] = tail(drawn, estimator, rng, low=low)
                ends[side] = tails[low].quantile(share)
        out.append((ends[0], ends[1]))
    return out


def bca_levels(replicates: Floats, estimate: float, accel: float, level: float) -> tuple[float, float]:
    """Return which quantiles of the replicates the BCa ends are. z0 is the normal quantile of the share of replicates
    below the estimate, and each nominal z becomes z0 + (z0 + z) / (1 - a (z0 + z))."""
    edge = 0.5 / len(replicates)
    z0 = ndtri(min(max(float((replicates < estimate).mean()), edge), 1 - edge))
    at = []
    for z in ndtri([(1 - level) / 2, (1 + level) / 2]):
        scale = 1 - accel * (z0 + z)
        at.append(float(ndtr(z0 + (z0 + z) / scale)) if scale > 0 else float(z0 + z > 0))
    return at[0], at[1]


def _quantiles(replicates: Floats, at: list[float]) -> tuple[float, float]:
    """Return quantiles, linear between order statistics; infinite beyond the last finite one."""
    ordered = np.sort(replicates)
    position = np.clip(np.array(at), 0, 1) * (len(ordered) - 1)
    low, high = np.floor(position).astype(int), np.ceil(position).astype(int)
    finite = np.where(np.isfinite(ordered), ordered, 0.0)
    value = finite[low] + (position - low) * (finite[high] - finite[low])
    lower, upper = np.where(np.isfinite(ordered[high]), value, np.inf)
    return float(lower), float(upper)
