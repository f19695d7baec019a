"""The tree's optimum equals that of the same choice written as one program without cuts, solved by scipy."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from accord.statlib.protect import protect
from tests.statistics.protect_second_audit import members
from tests.steps.tables import random_table


def sums(cells, truth):
    """Return cells x leaf cells, 1 if the leaf adds to the cell; and the leaf counts."""
    categories = [sorted(set(axis)) for axis in zip(*truth, strict=True)]
    leaves = list(product(*categories))
    sets = [[members(key, names, {}) for key, names in zip(cell.keys, categories, strict=True)] for cell in cells]
    below = [[all(key in s for key, s in zip(leaf, row, strict=True)) for leaf in leaves] for row in sets]
    return np.array(below, dtype=float), np.array([truth[leaf] for leaf in leaves])


def weights(full):
    """Return log2(1 + n) + 1 for each cell; the last, the total of everyone, ten times that."""
    return (np.log2(1 + full) + 1) * np.append(np.ones(len(full) - 1), 10)


def cheapest(below, counts, threshold):
    """Return the least weight that any protected release hides. Unknowns: whether each cell is hidden, and for each
    promise a table of leaf cells that keeps it and agrees with all that is shown. Source: Fischetti and Salazar
    2001, section 3, before any decomposition."""
    full, bottom = below @ counts, below @ (counts > 0)
    top = np.maximum(2 * full, 2 * threshold) * (full > 0)
    small = (full > 0) & (full < threshold)
    goals = [(row, wanted) for row in np.flatnonzero(small) for wanted in (bottom[row], threshold)]
    copies = sparse.eye_array(len(goals))
    each = np.ones((len(goals), 1))
    tables = sparse.kron(copies, below)
    true = np.tile(full, len(goals))
    reached = sparse.block_diag([below[[row]] for row, _ in goals])
    aims = np.array([wanted for _, wanted in goals], dtype=float)
    cells, free = len(full), tables.shape[1]
    found = milp(
        np.append(weights(full), np.zeros(free)),
        integrality=np.append(np.ones(cells), np.zeros(free)),
        bounds=Bounds(np.append(small, np.zeros(free)), np.append(np.ones(cells), np.full(free, np.inf))),
        constraints=[
            LinearConstraint(sparse.hstack([sparse.kron(each, np.diag(full - bottom)), tables]), true, np.inf),
            LinearConstraint(sparse.hstack([sparse.kron(each, np.diag(full - top)), tables]), -np.inf, true),
            LinearConstraint(sparse.hstack([sparse.csr_array((len(goals), cells)), reached]), aims, aims),
        ],
    )
    assert found.status == 0, found.message
    return found.fun


@pytest.mark.parametrize("seed", [1, 14, 21, 31, 35, 38])
def test_no_other_choice_hides_less(seed):
    leaves, by, groups, threshold = random_table(seed)
    assert not groups
    release = protect(leaves, by, threshold, limit_seconds=60, seed=seed)
    assert release.optimal
    below, counts = sums(release.cells, {leaf.keys: leaf.count for leaf in leaves})
    hidden = [cell.value is None for cell in release.cells]
    cost = weights(below @ counts)[hidden].sum()
    assert cost == pytest.approx(cheapest(below, counts, threshold))
