"""Compute the linker's results: capture histories, and the number of distinct people as a range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from accord.statlib.estimate.linkage import impute, impute_from_pairs
from accord.statlib.link.assign import Node
from accord.statlib.link.model import Result

SURE, LIKELY, POSSIBLE = 0.95, 0.5, 0.05
LEAST_PROPOSED = 0.05  # below this share, missed matches can't be estimated, and the caller must say so


class Distinct(NamedTuple):
    """The number of distinct people: the range, the best figure, and how many records the best figure treats as repeats
    (seen and missed)."""

    lower: float
    best: float
    upper: float
    repeats: float
    missed: float


def histories(sizes: Sequence[int], clusters: Sequence[Sequence[Node]]) -> dict[tuple[int, ...], int]:
    """Return the number of people for each combination of lists (one 0 or 1 for each list). A record in no cluster is
    counted as one person."""
    found: Counter[tuple[int, ...]] = Counter()
    left = list(sizes)
    for cluster in clusters:
        on = {number for number, _ in cluster}
        found[tuple(int(number in on) for number in range(len(sizes)))] += 1
        for number in on:
            left[number] -= 1
    for number, alone in enumerate(left):
        if alone:
            found[tuple(int(number == other) for other in range(len(sizes)))] += alone
    return dict(sorted(found.items(), reverse=True))


def distinct(result: Result, clusters_at: Callable[[float], Sequence[Sequence[Node]]]) -> Distinct:
    """Return the number of records minus repeats, as a range. `clusters_at` returns the clusters at a probability
    threshold.

    For the best figure, the repeats at .5 are scaled to the sum of the probabilities and divided by the share of
    matches that tokens propose (`Model.proposed`). The division adds the pairs that were never seen. The upper end
    counts only sure repeats (.95). The lower end counts all possible repeats (.05), and adds the missed ones in the
    same way.
    """
    records = sum(result.sizes)
    repeats = {t: sum(len(group) - 1 for group in clusters_at(t)) for t in (SURE, LIKELY, POSSIBLE)}
    probability = [p for found in result.links.values() for p in found.probability.tolist()]
    likely = sum(p >= LIKELY for p in probability)
    seen = repeats[LIKELY] * (sum(probability) / likely if likely else 0.0)
    proposed = share_proposed(result)
    missed = seen / proposed - seen
    lower = max(records - max(repeats[POSSIBLE] / proposed, seen + missed), max(result.sizes))
    return Distinct(lower, max(records - seen - missed, lower), records - repeats[SURE], seen, missed)


def share_proposed(result: Result) -> float:
    """Return the share of matches that tokens propose, over all pairs of lists, but at least `LEAST_PROPOSED`."""
    weight = result.model.matches
    return max(float((result.model.proposed * weight).sum() / weight.sum()), LEAST_PROPOSED)


def imputed(result: Result, draws: int, seed: int) -> list[dict[tuple[int, ...], int]]:
    """Return possible true capture histories, for multiple imputation (Rubin 1987). Each proposed link is kept at
    random with its probability. Then links that no token proposed are added between people drawn at random."""
    k, rng = len(result.sizes), np.random.default_rng([seed, 4])
    first = np.cumsum([0, *result.sizes])
    pairs = [np.column_stack([first[i] + x.left, first[j] + x.right]) for (i, j), x in result.links.items()]
    probability = np.concatenate([found.probability for found in result.links.values()])
    list_of = np.repeat(np.arange(k), result.sizes)
    recall = min(share_proposed(result), 1.0)
    tables = []
    for _ in range(draws):
        drawn = impute_from_pairs([""] * k, list_of, np.concatenate(pairs), probability, rng)
        whole = impute(drawn.counts, k, recall=recall, false_links=0.0, rng=rng)
        cells = np.flatnonzero(whole)[::-1].tolist()
        tables.append({tuple(cell >> i & 1 for i in range(k)): int(whole[cell]) for cell in cells})
    return tables
