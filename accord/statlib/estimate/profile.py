"""The multinomial profile likelihood of N. The 2014 UK procedure takes its estimate and interval from it.

If N people exist, n0 = N - n of them are on no list, and the histories are multinomial. Maximizing this likelihood over
the log-linear parameters leaves a function of N alone (Cormack 1992; Rivest and Baillargeon 2007). Its mode is a little
below the Poisson estimate, and its interval is not symmetric.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, ndtri, xlogy

from accord.statlib.estimate.loglinear import Design, Ints, Model, boundary, columns_of, fit


@dataclass(frozen=True)
class Profile:
    """The mode of the profile likelihood, in people, and its interval at each requested level: (level, lower, upper).
    The upper end is infinite if the likelihood sets no limit."""

    mode: float
    intervals: tuple[tuple[float, float, float], ...]


def profile(d: Design, counts: Ints, model: Model, levels: tuple[float, ...]) -> Profile:
    """Return the mode and intervals {N : 2 (l(mode) - l(N)) <= chi-squared quantile with one degree of freedom}."""
    from scipy.optimize import minimize_scalar  # takes a third of a second to import

    curve = _Curve(d, counts, model)
    guess = np.log(model.estimate - model.observed)
    found = minimize_scalar(lambda u: -curve(u), bracket=(guess - 0.05, guess + 0.05), tol=1e-9)
    mode, peak = float(found.x), -float(found.fun)
    intervals = []
    for level in levels:
        drop = float(ndtri((1 + level) / 2)) ** 2 / 2
        lower, upper = (_crossing(curve, mode, peak - drop, side) for side in (-1, 1))
        intervals.append((level, model.observed + lower, model.observed + upper))
    return Profile(model.observed + float(np.exp(mode)), tuple(intervals))


def _crossing(curve: _Curve, mode: float, height: float, side: int) -> float:
    """Return the n0 on one side of the mode where the curve falls to this height, or 0 or infinity if it never does."""
    from scipy.optimize import brentq

    far = mode
    for _ in range(40):
        far += side * 0.5
        if curve(far) < height:
            return float(np.exp(brentq(lambda u: curve(u) - height, mode, far, xtol=1e-10)))
    return 0.0 if side < 0 else np.inf


class _Curve:
    """The profile log likelihood l(u) at n0 = exp(u). Each value requires one Poisson fit of the whole table, including
    the unseen cell."""

    def __init__(self, d: Design, counts: Ints, model: Model) -> None:
        in_model = np.isin(d.terms, model.terms) | (np.bitwise_count(d.terms) < 2)
        self.d, self.table = d, counts.astype(float)[None]
        self.kept, finite = boundary(d, self.table, in_model[None])
        self.kept[:, 0] = True
        self.columns = columns_of(finite)
        self.start = np.zeros((1, d.size + 1))
        for mask, value in model.coefficients.items():
            self.start[0, int(np.flatnonzero(d.terms == mask)[0])] = value

    def __call__(self, u: float) -> float:
        table = self.table.copy()
        table[0, 0] = np.exp(u)
        start = self.start.copy()
        start[0, 0] = u
        mu = fit(self.d, table, self.kept, self.columns, start).mu[0]
        total = table.sum()
        cells = xlogy(table[0], np.maximum(mu, 1e-300) / total)[self.kept[0]].sum()
        return float(gammaln(total + 1) - gammaln(table[0] + 1).sum() + cells)
