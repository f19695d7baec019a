"""What leaves the place of linkage: capture histories and the number of distinct people, as a range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from accord.statlib.link.assign import Links, Node

SURE, LIKELY, POSSIBLE = 0.95, 0.5, 0.05


class Distinct(NamedTuple):
    """Distinct people: `lower` and `upper` end, `best`; `expected` pairs seen and `missed` pairs that no token proposed."""

    lower: float
    best: float
    upper: float
    expected: float
    missed: float


def histories(sizes: Sequence[int], clusters: Sequence[Sequence[Node]]) -> dict[tuple[int, ...], int]:
    """Number of people by the lists that hold them (one 0/1 per list); the rest of each list stands alone."""
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
