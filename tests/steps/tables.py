"""Random tables to test how figures are protected."""

from __future__ import annotations

from itertools import product

import numpy as np

from accord.statlib.protect import Leaf

SHAPES = [(3, 3), (4, 3), (5, 4), (3, 2, 2), (3, 3, 2), (4, 2, 2), (2, 2, 2, 2)]


NAMES = "abcd"


def random_table(seed: int) -> tuple[list[Leaf], tuple[str, ...], dict[str, object], int]:
    """Return leaf cells that count few or many people, with some zeros and sometimes a hierarchy."""
    random = np.random.default_rng(seed)
    shape = SHAPES[seed % len(SHAPES)]
    mean = float(random.choice([4, 12, 40]))
    threshold = int(random.choice([3, 5, 11]))
    leaves = []
    for place in product(*(range(n) for n in shape)):
        count = int(random.negative_binomial(1.0, 1 / (1 + mean)))
        leaves.append(Leaf(tuple(f"{NAMES[axis]}{node}" for axis, node in enumerate(place)), count))
    groups = {"a": {"A": ["a0", "a1"]}} if shape[0] > 3 and seed % 3 == 0 else {}
    return leaves, tuple(NAMES[: len(shape)]), groups, threshold
