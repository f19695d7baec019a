"""Average over decomposable graphical models (Madigan and York 1997).

A graph on the lists shows which pairs may depend on each other. For decomposable (chordal) graphs with a
hyper-Dirichlet prior, the marginal likelihood of N has a closed form: a product over cliques divided by a product over
separators. So the average over all graphs and all N is exact, except for the grid of N.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import gammaln, logsumexp

from accord.core.errors import BadInput
from accord.statlib.estimate.loglinear import Floats, Ints

MOST_LISTS_FOR_GRAPHS = 5
EXACT_TO = 2000
GROWTH = 1.001
TAIL = 2e-3


@dataclass(frozen=True)
class Average:
    """The posterior of N on a grid: `size` people with probability `weight`. `reached` is False if the posterior still
    has mass at the end of the grid. The upper end of an interval is then only a lower bound."""

    size: Floats
    weight: Floats
    reached: bool

    @property
    def mean(self) -> float:
        """Return the posterior mean of N."""
        return float(self.size @ self.weight)

    def quantile(self, at: float) -> float:
        """Return the smallest grid value with at least this much probability at or below it."""
        place = int(np.searchsorted(np.cumsum(self.weight), at * (1 - 1e-12)))
        return float(self.size[min(place, self.size.size - 1)])

    def interval(self, level: float) -> tuple[float, float]:
        """Return the central credible interval of N."""
        return self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)


def decomposable_average(counts: Ints, k: int, *, delta: float | None = None, reach: int = 20) -> Average:
    """Return the posterior of N, averaged uniformly over all decomposable graphs, with Jeffreys' prior 1 / N for N.

    `delta` is the Dirichlet weight of one full cell, by default 2**-k. A weight of 0.5 would make the prior count as
    much as 2**k / 2 people, and the five UK lists would then give an estimate of 2,793 with 2,744 people seen. The grid
    of n0 goes up to `reach` times the number of people observed.
    """
    if k > MOST_LISTS_FOR_GRAPHS:
        raise BadInput(f"graphs can be averaged for at most {MOST_LISTS_FOR_GRAPHS} lists, not {k}")
    unseen, width = _grid(reach * int(counts.sum()))
    total = counts.sum() + unseen
    parts = _marginals(counts, k, 2.0**-k if delta is None else delta, unseen)
    base = gammaln(total + 1) - gammaln(unseen + 1) + np.log(width / total)
    graphs = np.array(_graphs(k), dtype=float)
    joint = logsumexp(graphs @ parts, axis=0) + base
    weight = np.exp(joint - logsumexp(joint))
    return Average(total.astype(float), weight, bool(weight[unseen > 0.9 * unseen[-1]].sum() < TAIL))


def _grid(most: int) -> tuple[Ints, Ints]:
    """Return two things: the values of n0, and how many integers each value represents. The grid holds every integer up
    to 2,000, then takes steps of a tenth of a percent."""
    steps = int(np.ceil(np.log(max(most / EXACT_TO, 1.0)) / np.log(GROWTH)))
    far = np.floor(EXACT_TO * GROWTH ** np.arange(1, steps + 1)).astype(np.int64)
    edges = np.concatenate([np.arange(1, min(EXACT_TO, most) + 1), far, [far[-1] + 1 if steps else most + 1]])
    width = np.diff(edges)
    return edges[:-1] + (width - 1) // 2, width


def _marginals(counts: Ints, k: int, delta: float, unseen: Ints) -> Floats:
    """For each set of lists, return the log Dirichlet-multinomial term of its marginal table: (2**k, grid). The
    marginal table of s lists has 2**s cells, each with prior weight delta * 2**(k - s). People on no list count only in
    the cell for no list."""
    cells = np.arange(1 << k)
    parts = np.zeros((1 << k, unseen.size))
    for mask in range(1 << k):
        table = np.bincount(cells & mask, weights=counts, minlength=1 << k)[np.unique(cells & mask)]
        weight = delta * 2.0 ** (k - mask.bit_count())
        rest = (gammaln(table[1:] + weight) - gammaln(weight)).sum()
        parts[mask] = rest + gammaln(table[0] + unseen + weight) - gammaln(weight)
        parts[mask] -= gammaln(counts.sum() + unseen + delta * 2**k) - gammaln(delta * 2**k)
    return parts


@lru_cache(maxsize=8)
def _graphs(k: int) -> list[list[int]]:
    """For each decomposable graph, return how many times each set of lists counts: +1 for each clique, -1 for each
    separator. The empty set separates components, but its term is 0, so it needs no special treatment."""
    pairs = list(itertools.combinations(range(k), 2))
    found = []
    for chosen in itertools.product([False, True], repeat=len(pairs)):
        joined = [0] * k
        for (i, j), yes in zip(pairs, chosen, strict=True):
            if yes:
                joined[i] |= 1 << j
                joined[j] |= 1 << i
        use = _cliques_and_separators(joined)
        if use is not None:
            found.append(use)
    return found


def _cliques_and_separators(joined: list[int]) -> list[int] | None:
    """Eliminate, one at a time, the vertices whose remaining neighbors are all joined. Returns None if no vertex can be
    eliminated, because the graph is then not chordal."""
    k = len(joined)
    use, left = [0] * (1 << k), (1 << k) - 1
    while left:
        for v in range(k):
            near = joined[v] & left
            if left >> v & 1 and all((near & ~(1 << u)) & ~joined[u] == 0 for u in range(k) if near >> u & 1):
                use[near | 1 << v] += 1
                use[near] -= 1
                left &= ~(1 << v)
                break
        else:
            return None
    return use
