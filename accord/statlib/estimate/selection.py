"""Choose the terms of the model, by published stepwise rules or by a search of all models.

A term is a mask of its lists. All rules keep the lists themselves (main effects) and add pairs. The search of all
hierarchical models can include triples and larger terms.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, pdtr, pdtrc

from accord.core.errors import BadInput
from accord.statlib.estimate.loglinear import (
    Bools,
    Design,
    Fits,
    Floats,
    Ints,
    boundary,
    columns_of,
    design,
    fit,
    independent_start,
    log_likelihood,
    observable,
)

MOST_LISTS_FOR_ALL_MODELS = 5


@dataclass(frozen=True)
class Selected:
    """Stepwise choices for R tables. `step` (R, number of pairs) is the step at which a pair entered, or 0 if it did
    not. `unseen` (R,) is the number of people on no list, or infinite if even the lists alone give no finite
    estimate."""

    step: Ints
    unseen: Floats

    def terms(self, d: Design, row: int) -> tuple[int, ...]:
        """Return the masks of one row's pairs, in the order in which the pairs entered."""
        order = np.argsort(self.step[row], kind="stable")
        return tuple(d.terms[d.pairs[order[self.step[row, order] > 0]]].tolist())


def stepwise(d: Design, counts: Floats, *, p: float = 0.02, tolerance: float = 1e-8) -> Selected:
    """Choose pairs by forward stepwise selection for each of R tables (Chan, Silverman, and Vincent 2021, section 3.2).

    At each step, every pair outside the model gets p = min(P(X <= n*), P(X >= n*)). Here n* is the number of people on
    both lists, and X is Poisson with the mean that the model fits for that overlap. The pair with the smallest value
    below `p` enters if the larger model has a finite and unique maximum. Otherwise the pair is skipped. This is not a
    Wald test: a stepwise choice by Wald p gives 23,690 for the six UK lists and looks just as plausible. `counts` has
    shape (R, C). A table without an estimate raises no error, and its `unseen` is infinite.
    """
    return _Stepwise(d, counts, p, tolerance).run()


class _Stepwise:
    """The state of R stepwise choices: each row's pairs, kept cells, and last accepted fit."""

    def __init__(self, d: Design, counts: Floats, p: float, tolerance: float) -> None:
        self.d, self.counts, self.p, self.tolerance = d, counts, p, tolerance
        rows = len(counts)
        self.shared = counts @ d.x[:, d.pairs]
        self.pairs = np.zeros((rows, d.pairs.size), dtype=bool)
        self.barred = np.zeros_like(self.pairs)
        self.kept = observable(d, rows)
        self.step = np.zeros(self.pairs.shape, dtype=np.int64)
        first = fit(
            d,
            counts,
            self.kept,
            self._columns(self.pairs, np.arange(rows)),
            independent_start(d, counts),
            tolerance=tolerance,
        )
        self.beta, self.mu, self.unseen = first.beta, first.mu, first.unseen
        self.live = np.flatnonzero(first.converged)

    def run(self) -> Selected:
        while self.live.size:
            self._offer()
        return Selected(self.step, self.unseen)

    def _offer(self) -> None:
        """Try the best pair in each row that is still active. A row without a pair below `p` is finished."""
        expected, tail = self._tails()
        best = tail.argmin(axis=1)
        go = tail[np.arange(best.size), best] < self.p
        rows, best, expected = self.live[go], best[go], expected[go]
        self.live = rows
        if not rows.size:
            return
        trial = self.pairs[rows].copy()
        trial[np.arange(rows.size), best] = True
        sound = has_unique_maximum(self.d, trial, self.shared[rows] == 0)
        self.barred[rows[~sound], best[~sound]] = True
        rows, best, expected, trial = rows[sound], best[sound], expected[sound], trial[sound]
        if rows.size:
            self._fit_larger(rows, best, expected[np.arange(rows.size), best], trial)

    def _tails(self) -> tuple[Floats, Floats]:
        """Return every pair's fitted overlap and its smaller Poisson tail, which is set to 2 if the pair may not
        enter."""
        shared = self.shared[self.live]
        expected = self.mu[self.live] @ self.d.x[:, self.d.pairs]
        tail = np.minimum(pdtr(shared, expected), np.where(shared > 0, pdtrc(shared - 1, expected), 1.0))
        return expected, np.where(self.pairs[self.live] | self.barred[self.live], 2.0, tail)

    def _fit_larger(self, rows: Ints, best: Ints, expected: Floats, trial: Bools) -> None:
        """Fit the larger model. The new parameter starts where iterative scaling would put it: at log(n* /
        expected)."""
        shared = self.shared[rows, best]
        empty = shared == 0
        kept = self.kept[rows] & ~(empty[:, None] & (self.d.x[:, self.d.pairs[best]].T > 0))
        start = self.beta[rows].copy()
        start[np.arange(rows.size), self.d.pairs[best]] = np.where(empty, 0.0, np.log(np.maximum(shared, 1) / expected))
        fitted = fit(self.d, self.counts[rows], kept, self._columns(trial, rows), start, tolerance=self.tolerance)
        self._accept(rows, best, fitted, kept)

    def _accept(self, rows: Ints, best: Ints, fitted: Fits, kept: Bools) -> None:
        """Accept the fits that converged. If no maximum exists, bar the pair until the model changes."""
        ok = fitted.converged
        self.barred[rows[~ok], best[~ok]] = True
        into = rows[ok]
        self.pairs[into, best[ok]] = True
        self.step[into, best[ok]] = self.pairs[into].sum(axis=1)
        self.barred[into] = False
        self.beta[into], self.mu[into], self.kept[into] = fitted.beta[ok], fitted.mu[ok], kept[ok]
        self.unseen[into] = fitted.unseen[ok]

    def _columns(self, pairs: Bools, rows: Ints) -> Ints:
        """Return the positions of the intercept, the lists, and the pairs that stay finite."""
        finite = pairs & (self.shared[rows] > 0)
        return columns_of(_with_pairs(self.d, finite))


def overlap_tail(shared: float, expected: float) -> float:
    """Return the smaller Poisson tail of an overlap: how unlikely it is that two lists share `shared` people when the
    model expects `expected`."""
    above = float(pdtrc(shared - 1, expected)) if shared > 0 else 1.0
    return min(float(pdtr(shared, expected)), above)


def has_unique_maximum(d: Design, pairs: Bools, empty: Bools) -> Bools:
    """Return whether each model of pairs has full column rank, without linear algebra. `pairs` and `empty` have shape
    (R, number of pairs), and the result has shape (R,).

    Consider a combination of the parameters that vanishes on every kept cell. If it has the value a for the intercept,
    then the one-list cells force -a for each list, and the two-list cells force a for each finite pair. A kept two-list
    cell of a pair outside the model forces a = 0, and so does a kept three-list cell (a - 3a + 3a). So the design loses
    rank only if every pair is in the model and no three lists overlap pairwise.
    """
    gone = pairs & empty
    every = pairs.all(axis=1)
    place = {int(mask): i for i, mask in enumerate(d.terms[d.pairs])}
    triple = np.zeros(len(pairs), dtype=bool)
    for i, j, k in itertools.combinations(range(d.k), 3):
        trio = [place[1 << i | 1 << j], place[1 << i | 1 << k], place[1 << j | 1 << k]]
        triple |= ~gone[:, trio].any(axis=1)
    return ~every | triple


def wald_aic(d: Design, counts: Floats, *, p: float = 0.05, tolerance: float = 1e-8) -> Selected:
    """Choose pairs by the 2014 UK procedure for each of R tables (Bales, Hesketh, and Silverman 2015). At each step,
    the pair that gives the lowest AIC is added. The search stops when that pair's Wald p exceeds `p`. An empty overlap
    has no finite Wald statistic, so it also stops the search."""
    pairs = np.zeros((len(counts), d.pairs.size), dtype=bool)
    step = np.zeros(pairs.shape, dtype=np.int64)
    now, _ = fit_all(d, counts, _with_pairs(d, pairs), tolerance=tolerance)
    unseen, live = now.unseen.copy(), np.flatnonzero(now.converged)
    while live.size:
        best, wald, value = _lowest_aic(d, counts[live], pairs[live], tolerance)
        go = wald <= p
        live, best = live[go], best[go]
        pairs[live, best] = True
        unseen[live] = value[go]
        step[live, best] = pairs[live].sum(axis=1)
    return Selected(step, unseen)


def _lowest_aic(d: Design, counts: Floats, pairs: Bools, tolerance: float) -> tuple[Ints, Floats, Floats]:
    """Return three things for each row: the pair that gives the lowest AIC when added, the pair's Wald p (1 if there is
    none), and the number of people unseen."""
    rows = len(counts)
    best, aic = np.zeros(rows, dtype=np.int64), np.full(rows, np.inf)
    wald, unseen = np.ones(rows), np.full(rows, np.inf)
    for pair in range(d.pairs.size):
        trial = pairs.copy()
        trial[:, pair] = True
        fits, kept = fit_all(d, counts, _with_pairs(d, trial), tolerance=tolerance)
        value = 2.0 * trial.sum(axis=1) - 2 * log_likelihood(counts, fits.mu, kept)
        better = fits.converged & ~pairs[:, pair] & (value < aic)
        aic, unseen = np.where(better, value, aic), np.where(better, fits.unseen, unseen)
        best = np.where(better, pair, best)
        at = np.flatnonzero(better)
        wald[at] = _wald_p(d, counts[at], fits, at, trial[at], pair)
    return best, wald, unseen


def _wald_p(d: Design, counts: Floats, fits: Fits, at: Ints, pairs: Bools, pair: int) -> Floats:
    """Return the two-sided Wald p of one pair in the rows `at` of the fits, or 1 where the pair's overlap is empty."""
    finite = _with_pairs(d, pairs) & ((counts @ d.x[:, :-1] > 0) | (np.bitwise_count(d.terms) < 2))
    here = finite[:, d.pairs[pair]]
    x = d.x[:, :-1]
    information = np.einsum("rc,cp,cq->rpq", fits.mu[at], x, x, optimize=True)
    both = finite[:, :, None] & finite[:, None, :]
    information = np.where(both, information, 0.0) + np.eye(d.size) * ~finite[:, :, None]
    error = np.sqrt(np.linalg.inv(information)[:, d.pairs[pair], d.pairs[pair]])
    p: Floats = np.where(here, 2 * ndtr(-np.abs(fits.beta[at, d.pairs[pair]]) / error), 1.0)
    return p


def _with_pairs(d: Design, pairs: Bools) -> Bools:
    """Return the terms of each row (R, P): the intercept, the lists, and these pairs."""
    return np.hstack([np.ones((len(pairs), d.k + 1), dtype=bool), pairs])


def hierarchical_models(k: int, order: int) -> Iterator[tuple[int, ...]]:
    """Yield every hierarchical model of k lists with terms of up to `order` lists. A term is in a model only if all the
    smaller terms it contains are too. Five lists have 1,024 models of pairs and 6,893 models of order four."""
    terms = [int(mask) for mask in design(k, order).terms if int(mask).bit_count() >= 2]

    def grow(chosen: frozenset[int], size: int) -> Iterator[frozenset[int]]:
        if size > order:
            yield chosen
            return
        open_terms = [t for t in terms if t.bit_count() == size and (size == 2 or _faces(t) <= chosen)]
        for n in range(len(open_terms) + 1):
            for some in itertools.combinations(open_terms, n):
                yield from grow(chosen | set(some), size + 1) if some or size == 2 else iter([chosen])

    for model in grow(frozenset(), 2):
        yield tuple(sorted(model, key=lambda t: (t.bit_count(), t)))


def _faces(term: int) -> set[int]:
    return {term & ~(1 << i) for i in range(term.bit_length()) if term >> i & 1}


@dataclass(frozen=True)
class Ranked:
    """M models of one table, best BIC first. `in_model` (M, P) marks the design's terms, and `estimate` (M,) is in
    people. If a model is not admissible, its `estimate` and `bic` are infinite."""

    in_model: Bools
    estimate: Floats
    bic: Floats

    def terms(self, d: Design, row: int) -> tuple[int, ...]:
        """Return the masks of one model's pairs and larger terms."""
        masks = d.terms[self.in_model[row]]
        return tuple(masks[np.bitwise_count(masks) >= 2].tolist())

    def near(self, within: float = 10.0) -> Ints:
        """Return the rows whose BIC is within this distance of the best. A difference of 10 is "very strong" evidence
        against a model (Kass and Raftery 1995)."""
        return np.flatnonzero(np.isfinite(self.bic) & (self.bic <= self.bic[0] + within))


def all_models(counts: Ints, k: int, order: int = 2) -> Ranked:
    """Rank every hierarchical model by BIC (Silverman, Chan, and Vincent 2024, section 2), for at most five lists."""
    if k > MOST_LISTS_FOR_ALL_MODELS:
        raise BadInput(
            f"all models can be searched for at most {MOST_LISTS_FOR_ALL_MODELS} lists, not {k}; "
            "merge some with --merge, or use another method"
        )
    return rank_models(design(k, order), counts, list(hierarchical_models(k, order)))


def neighbors(counts: Ints, k: int, terms: tuple[int, ...]) -> Ranked:
    """Rank the given model of pairs, and the models that differ from it by one pair, by BIC. These are the near models
    for a table with more lists than `all_models` accepts."""
    d = design(k)
    pairs = d.terms[d.pairs].tolist()
    changed = [tuple(set(terms) ^ {pair}) for pair in pairs]
    return rank_models(d, counts, [terms, *changed])


def rank_models(d: Design, counts: Ints, models: list[tuple[int, ...]]) -> Ranked:
    """Fit these models to one table at once and sort them by BIC."""
    place = {int(mask): i for i, mask in enumerate(d.terms)}
    in_model = np.zeros((len(models), d.size), dtype=bool)
    in_model[:, : d.k + 1] = True
    for row, model in enumerate(models):
        in_model[row, [place[mask] for mask in model]] = True
    fits, kept = fit_all(d, np.tile(counts.astype(float), (len(models), 1)), in_model)
    likelihood = log_likelihood(counts.astype(float)[None], fits.mu, kept)
    bic = np.where(fits.converged, -2 * likelihood + np.log(counts.sum()) * in_model.sum(axis=1), np.inf)
    best = np.lexsort((in_model.sum(axis=1), bic))
    return Ranked(in_model[best], (counts.sum() + fits.unseen)[best], bic[best])


def fit_all(d: Design, counts: Floats, in_model: Bools, *, tolerance: float = 1e-8) -> tuple[Fits, Bools]:
    """Fit a different model (R, P) to each table (R, C), including the boundary treatment. In the fits returned,
    `converged` means that the maximum is finite and unique. The kept cells are returned as well."""
    kept, finite = boundary(d, counts, in_model)
    columns = columns_of(finite)
    if d.order == 2:
        unique = has_unique_maximum(d, in_model[:, d.pairs], ~finite[:, d.pairs])
    else:
        rank = np.linalg.matrix_rank(np.where(kept[:, :, None], d.x[:, columns].transpose(1, 0, 2), 0.0))
        unique = rank == finite.sum(axis=1)
    fits = fit(d, counts, kept, columns, independent_start(d, counts), tolerance=tolerance)
    return Fits(fits.beta, fits.mu, fits.converged & unique), kept
