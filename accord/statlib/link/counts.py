"""What leaves the place of linkage: capture histories and the number of distinct people, as a range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from accord.statlib.link.assign import Node
from accord.statlib.link.model import Result

SURE, LIKELY, POSSIBLE = 0.95, 0.5, 0.05


class Distinct(NamedTuple):
    """Distinct people: the range, the best figure, and how many records it counts as repeats (seen, and missed)."""

    lower: float
    best: float
    upper: float
    repeats: float
    missed: float


def histories(sizes: Sequence[int], clusters: Sequence[Sequence[Node]]) -> dict[tuple[int, ...], int]:
    """Number of people by the lists that hold them (one 0/1 per list); who is in no cluster stands alone."""
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
    """Records less repeats. `clusters_at` gives the clusters at a threshold of probability.

    Best: repeats at .5, scaled to the sum of the probabilities and divided by the share of matches that tokens propose
    (`Model.proposed`), which adds the pairs nobody saw. Upper end: only sure repeats (.95). Lower end: all possible
    ones (.05), with the missed added in the same way.
    """
    records = sum(result.sizes)
    repeats = {t: sum(len(group) - 1 for group in clusters_at(t)) for t in (SURE, LIKELY, POSSIBLE)}
    probability = [p for found in result.links.values() for p in found.probability.tolist()]
    likely = sum(p >= LIKELY for p in probability)
    seen = repeats[LIKELY] * (sum(probability) / likely if likely else 0.0)
    weight = result.model.matches
    proposed = float((result.model.proposed * weight).sum() / weight.sum())
    missed = seen / proposed - seen
    lower = max(records - max(repeats[POSSIBLE] / proposed, seen + missed), max(result.sizes))
    return Distinct(lower, max(records - seen - missed, lower), records - repeats[SURE], seen, missed)
