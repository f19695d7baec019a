"""Bootstrap intervals that account for model selection. Each replicate repeats the whole selection.

Silverman (2020) and Chan, Silverman, and Vincent (2021, section 4) show that an interval that takes the chosen model as
given is too narrow. Each replicate draws n people with replacement (a multinomial draw of the observed histories), and
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
QUICK = 1e-3  # the largest last Newton step allowed; the remaining error is about its square

Estimator = Callable[[Floats], Floats]
"""A function from tables (R, C) to estimates of N (R,) in people. It repeats the whole choice of the model."""


def stepwise_estimator(d: Design, p: float) -> Estimator:
    """Return an estimator of N that chooses a model stepwise in each table."""
    return lambda tables: tables.sum(axis=1) + stepwise(d, tables, p=p, tolerance=QUICK).unseen


def wald_aic_estimator(d: Design, p: float) -> Estimator:
    """Return an estimator of N that chooses a model by the 2014 UK procedure in each table. The estimator returns the
    model's Poisson estimate, not the mode of the profile likelihood."""
    return lambda tables: tables.sum(axis=1) + wald_aic(d, tables, p=p, tolerance=QUICK).unseen


def fixed_estimator(d: Design, models: Bools) -> Estimator:
    """Return an estimator of N that uses the best model by BIC among `models` (M, P) in each table. If `models` holds
    one model, that model is always used. Silverman, Chan, and Vincent (2024, section 4) keep only the original table's
    `ntop` best models."""

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

    seen: (H,), the cells that hold at least one person
    share: (H,), each cell's share of the people
    tables: (B, H), the counts in those cells
    values: (B,), the estimates of N, infinite where there is no finite estimate
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
    """Draw tables with as many people as were observed, and estimate N from each. The work is done in chunks that fit
    in the processor's cache."""
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
    """One tail of the bootstrap distribution, sampled more densely: values (R,) and their weights (R,), which sum to
    1."""

    values: Floats
    weights: Floats

    def quantile(self, at: float) -> float:
        """Return the smallest value with at least this much weight at or below it."""
        order = np.argsort(self.values)
        place = int(np.searchsorted(np.cumsum(self.weights[order]), at))
        return float(self.values[order[min(place, order.size - 1)]])


def tail(drawn: Replicates, estimator: Estimator, rng: np.random.Generator, *, low: bool) -> Tail:
    """Sharpen one tail by importance resampling, with 50 percent more replicates.

    A BCa endpoint can be as extreme as the 1-in-30,000 quantile, which plain replicates can't locate. So more
    replicates are drawn from the mean of the most extreme tables (the cross-entropy rule of Rubinstein 1999). A tenth
    of the observed shares is mixed in, so that no observed history becomes impossible. Each replicate is weighted by
    its likelihood under the plain draw divided by its likelihood under the mixture of both draws (Owen and Zhou 2000),
    which bounds the weights.
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
    """The estimates with one person left out, one for each distinct history: `values` (H,), and `weights` (H,), the
    number of people with that history."""

    values: Floats
    weights: Floats


def jackknife(counts: Ints, estimator: Estimator) -> Jackknife:
    """Return the estimates with one person left out. People with the same history give the same estimate, so each
    history is fitted only once."""
    seen = np.flatnonzero(counts)
    tables = np.tile(counts.astype(float), (seen.size, 1))
    tables[np.arange(seen.size), seen] -= 1
    return Jackknife(estimator(tables), counts[seen].astype(float))


def acceleration(leave_one_out: Jackknife) -> float:
    """Return Efron's (1987) acceleration, equation 6.6: the sum of d**3 divided by 6 * (sum of d**2)**1.5, where d is
    the mean of the leave-one-out estimates minus each estimate. People whose removal leaves no finite estimate are left
    out."""
    finite = np.isfinite(leave_one_out.values)
    values, weights = leave_one_out.values[finite], leave_one_out.weights[finite]
    if not values.size:
        return 0.0
    d = np.average(values, weights=weights) - values
    spread = float((weights * d**2).sum())
    return float((weights * d**3).sum() / (6 * spread**1.5)) if spread > 0 else 0.0


def percentile(replicates: Floats, level: float) -> tuple[float, float]:
    """Return the (1 - level)/2 and (1 + level)/2 quantiles of the replicates."""
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
    """Return BCa intervals. If fewer than ten plain replicates are beyond an endpoint, a sharpened tail locates that
    endpoint."""
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
    """Return the quantile levels of the two BCa endpoints. z0 is the normal quantile of the share of replicates below
    the estimate, and each nominal z becomes z0 + (z0 + z) / (1 - a (z0 + z))."""
    edge = 0.5 / len(replicates)
    z0 = ndtri(min(max(float((replicates < estimate).mean()), edge), 1 - edge))
    at = []
    for z in ndtri([(1 - level) / 2, (1 + level) / 2]):
        scale = 1 - accel * (z0 + z)
        at.append(float(ndtr(z0 + (z0 + z) / scale)) if scale > 0 else float(z0 + z > 0))
    return at[0], at[1]


def _quantiles(replicates: Floats, at: list[float]) -> tuple[float, float]:
    """Return quantiles, interpolated linearly between order statistics and infinite beyond the last finite one."""
    ordered = np.sort(replicates)
    position = np.clip(np.array(at), 0, 1) * (len(ordered) - 1)
    low, high = np.floor(position).astype(int), np.ceil(position).astype(int)
    finite = np.where(np.isfinite(ordered), ordered, 0.0)
    value = finite[low] + (position - low) * (finite[high] - finite[low])
    lower, upper = np.where(np.isfinite(ordered[high]), value, np.inf)
    return float(lower), float(upper)
