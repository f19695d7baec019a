"""Poisson log-linear models of capture histories, fitted many at a time.

In the model (Cormack 1989; Chan, Silverman, and Vincent 2021, section 2), the count of history w is Poisson with mean
mu_w. log mu_w is the sum of the parameters of all terms (sets of lists) that w contains. The intercept is the term for
no list, so exp(intercept) is the mean number of people on no list, and N = n + exp(intercept).

Shapes: R rows (one table or one model each), C = 2**K cells, and P terms. A row gives its terms by their positions in
    `Design.terms`. Position P means "no term", so that rows with fewer terms can be padded.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

RIDGE = 1e-9
LARGEST_STEP = 3.0


@dataclass(frozen=True)
class Design:
    """The terms of up to `order` lists out of `k` lists, and the arithmetic that all models share.

    x: (C, P + 1), 1 if the cell contains the term; the last column, "no term", is 0
    subsets: (C, Q + 1), the same for every set of at most 2 * order lists
    union: (P + 1, P + 1), the position in `subsets` of the union of two terms
    own: (P + 1,), the position in `subsets` of each term itself
    pairs: the positions of the two-list terms

    The Fisher information between two terms is the fitted number of people who are on every list in their union, so
    one product with `subsets` gives the whole matrix.
    """

    k: int
    order: int
    terms: Ints
    x: Floats
    subsets: Floats
    union: Ints
    own: Ints
    pairs: Ints

    @property
    def size(self) -> int:
        """Return P, the number of terms."""
        return self.terms.size


@lru_cache(maxsize=32)
def design(k: int, order: int = 2) -> Design:
    """Return the design for k lists, with terms of at most `order` lists: intercept, lists, pairs, triples, ..."""
    terms = np.array(_sets(k, order))
    wide = _sets(k, min(k, 2 * order))
    place = {mask: i for i, mask in enumerate(wide)}
    padded = [*terms.tolist(), 1 << k]
    union = [[place.get(a | b, len(wide)) for b in padded] for a in padded]
    return Design(
        k,
        order,
        terms,
        _contains(k, terms),
        _contains(k, np.array(wide)),
        np.array(union),
        np.array([place.get(mask, len(wide)) for mask in padded]),
        np.flatnonzero(np.bitwise_count(terms) == 2),
    )


def _sets(k: int, order: int) -> list[int]:
    return [sum(1 << i for i in c) for size in range(order + 1) for c in itertools.combinations(range(k), size)]


def _contains(k: int, masks: Ints) -> Floats:
    cells = np.arange(1 << k)[:, None]
    inside = ((cells & masks) == masks).astype(float)
    return np.hstack([inside, np.zeros((1 << k, 1))])


@dataclass(frozen=True)
class Fits:
    """The fitted rows: `beta` (R, P + 1; 0 for terms not in the row), `mu` (R, C; 0 for cells left out), and
    `converged` (R,)."""

    beta: Floats
    mu: Floats
    converged: Bools

    @property
    def unseen(self) -> Floats:
        """Return exp(intercept) (R,), the estimated number of people on no list. It is infinite if there is no
        estimate."""
        return np.where(self.converged, np.exp(self.beta[:, 0]), np.inf)


def columns_of(in_model: Bools) -> Ints:
    """Return the positions of each row's terms, padded with P on the right. Converts (R, P) booleans to (R, q)
    integers."""
    size = in_model.shape[1]
    positions = np.sort(np.where(in_model, np.arange(size), size), axis=1)
    return positions[:, : int(in_model.sum(axis=1).max(initial=1))]


def fit(
    d: Design,
    counts: Floats,
    kept: Bools,
    columns: Ints,
    start: Floats,
    *,
    tolerance: float = 1e-8,
    most_steps: int = 40,
) -> Fits:
    """Fit by maximum likelihood with iteratively reweighted least squares (Newton's method), all rows at once.

    counts: (R, C)
    kept: (R, C), False for cells that are not part of the table (the unseen cell; cells under a term at minus infinity)
    columns: (R, q), from `columns_of`
    start: (R, P + 1)

    A row has converged when its largest step is below `tolerance`. If no maximum exists, the steps stay near 1 and the
    row never converges.
    """
    beta, mu = start.copy(), np.zeros(counts.shape)
    converged = np.zeros(len(counts), dtype=bool)
    target = np.take_along_axis(np.where(kept, counts, 0.0) @ d.subsets, d.own[columns], axis=1)
    flat = d.union[columns[:, :, None], columns[:, None, :]]
    width, q = d.subsets.shape[1], columns.shape[1]
    pad = np.eye(q) * np.where(columns == d.size, 1.0, RIDGE)[:, :, None]
    live = np.arange(len(counts))
    for _ in range(most_steps):
        means = np.exp(np.minimum(beta[live] @ d.x.T, 50.0)) * kept[live]
        moments = means @ d.subsets
        row = (np.arange(live.size) * width)[:, None]
        information = moments.ravel()[flat[live].reshape(live.size, -1) + row].reshape(live.size, q, q) + pad[live]
        gradient = target[live] - moments.ravel()[d.own[columns[live]] + row]
        step = np.linalg.solve(information, gradient[:, :, None])[:, :, 0]
        largest = np.abs(step).max(axis=1)
        step *= np.minimum(1.0, LARGEST_STEP / np.maximum(largest, 1e-300))[:, None]
        beta[live[:, None], columns[live]] += step
        done = largest < tolerance
        converged[live[done]] = True
        live = live[~done]
        if not live.size:
            break
    mu = np.exp(np.minimum(beta @ d.x.T, 50.0)) * kept
    return Fits(beta, mu, converged)


def independent_start(d: Design, counts: Floats) -> Floats:
    """Return a starting point (R, P + 1). The lists are treated as independent, and N comes from the Lincoln-Petersen
    estimator pooled over all pairs: sum n_i n_j / sum n_ij."""
    totals = counts @ d.x[:, 1 : d.k + 1]
    overlaps = (counts @ d.x[:, d.pairs]).sum(axis=1)
    products = (totals.sum(axis=1) ** 2 - (totals**2).sum(axis=1)) / 2
    size = np.maximum(products / np.maximum(overlaps, 0.5), 1.02 * counts.sum(axis=1) + 1)
    share = np.clip(totals / size[:, None], 1e-9, 0.99)
    beta = np.zeros((len(counts), d.size + 1))
    beta[:, 1 : d.k + 1] = np.log(share / (1 - share))
    beta[:, 0] = np.log(size) + np.log1p(-share).sum(axis=1)
    return beta


def observable(d: Design, rows: int) -> Bools:
    """Return a mask (rows, C) of every cell except the one for people on no list."""
    kept = np.ones((rows, 1 << d.k), dtype=bool)
    kept[:, 0] = False
    return kept


def boundary(d: Design, counts: Floats, in_model: Bools) -> tuple[Bools, Bools]:
    """Treat empty overlaps at the boundary (Chan, Silverman, and Vincent 2021, section 2.2). If no one is on all of a
    term's lists, the term has its maximum at minus infinity, and every cell that contains the term is removed from the
    table. Returns the kept cells (R, C) and the terms that stay finite (R, P)."""
    empty = in_model & ((counts @ d.x[:, :-1]) == 0)
    lost = (empty.astype(float) @ d.x[:, :-1].T) > 0
    return observable(d, len(counts)) & ~lost, in_model & ~empty


@dataclass(frozen=True)
class Model:
    """One fitted model of one table. `terms` holds masks of lists (pairs and larger sets), and `at_minus_infinity`
    holds the ones with an empty overlap. `coefficients` maps masks to finite parameters (mask 0 is the intercept)."""

    terms: tuple[int, ...]
    at_minus_infinity: tuple[int, ...]
    coefficients: dict[int, float]
    mu: Floats
    observed: int
    exists: bool
    identifiable: bool
    standard_error: float
    log_likelihood: float

    @property
    def admissible(self) -> bool:
        """Return whether a finite, unique maximum of the likelihood exists."""
        return self.exists and self.identifiable

    @property
    def estimate(self) -> float:
        """Return N = n + exp(intercept), in people. It is infinite if the model is not admissible."""
        return self.observed + float(np.exp(self.coefficients[0])) if self.admissible else np.inf

    @property
    def parameters(self) -> int:
        """Return the number of parameters for AIC and BIC. Each parameter at minus infinity is included in this
        number."""
        return len(self.coefficients) + len(self.at_minus_infinity)

    @property
    def aic(self) -> float:
        """Return Akaike's information criterion."""
        return -2 * self.log_likelihood + 2 * self.parameters

    @property
    def bic(self) -> float:
        """Return Schwarz's Bayesian information criterion with log n, where n is the number of people observed."""
        return -2 * self.log_likelihood + float(np.log(self.observed)) * self.parameters


def fit_model(d: Design, counts: Ints, terms: tuple[int, ...]) -> Model:
    """Fit one table with the terms given as masks. The lists themselves are always in the model."""
    in_model = np.isin(d.terms, terms) | (np.bitwise_count(d.terms) < 2)
    table = counts.astype(float)[None]
    kept, finite = boundary(d, table, in_model[None])
    columns = columns_of(finite)
    identifiable = is_identifiable(d, kept[0], columns[0])
    fits = fit(d, table, kept, columns, independent_start(d, table))
    # A finite fit that reproduces the sufficient statistics proves that the maximum exists.
    exists = bool(fits.converged[0]) or maximum_exists(d, table[0], kept[0], columns[0])
    sound = exists and identifiable
    beta, mu = fits.beta[0], fits.mu[0]
    return Model(
        terms,
        tuple(d.terms[in_model & ~finite[0]].tolist()),
        {int(d.terms[c]): float(beta[c]) for c in columns[0]},
        mu,
        int(counts.sum()),
        exists,
        identifiable,
        _standard_error(d, mu, columns[0]) if sound else np.inf,
        float(log_likelihood(table, mu[None], kept)[0]) if sound else -np.inf,
    )


def log_likelihood(counts: Floats, mu: Floats, kept: Bools) -> Floats:
    """Return the Poisson log likelihood of each row over its kept cells. A cell at minus infinity adds nothing."""
    safe = np.where(kept, np.maximum(mu, 1e-300), 1.0)
    each = counts * np.log(safe) - mu - gammaln(counts + 1)
    total: Floats = np.where(kept, each, 0.0).sum(axis=1)
    return total


def _standard_error(d: Design, mu: Floats, columns: Ints) -> float:
    """Return the standard error of the intercept, from the inverse Fisher information."""
    x = d.x[:, columns]
    return float(np.sqrt(np.linalg.inv((x.T * mu) @ x)[0, 0]))


def maximum_exists(d: Design, counts: Floats, kept: Bools, columns: Ints) -> bool:
    """Return whether a finite maximum exists, using the linear program of Fienberg and Rinaldo (2012) on the kept
    cells: maximize s subject to X'v = X'n and v >= s. A maximum exists exactly when s can be positive, that is, when
    some table with no empty cell has the same sufficient statistics."""
    from scipy.optimize import linprog  # takes a third of a second to import and is seldom needed

    x = d.x[np.ix_(kept, columns)]
    equal = np.hstack([x.T, np.zeros((columns.size, 1))])
    below = np.hstack([-np.eye(len(x)), np.ones((len(x), 1))])
    goal = np.append(np.zeros(len(x)), -1.0)
    best = linprog(
        goal,
        A_ub=below,
        b_ub=np.zeros(len(x)),
        A_eq=equal,
        b_eq=x.T @ counts[kept],
        bounds=[(0, None)] * len(x) + [(0, 1)],
    )
    return best.x is not None and bool(best.x[-1] > 1e-7)


def is_identifiable(d: Design, kept: Bools, columns: Ints) -> bool:
    """Return whether the kept cells determine the parameters, that is, whether the design has full column rank on
    them."""
    return bool(np.linalg.matrix_rank(d.x[np.ix_(kept, columns)]) == columns.size)
