"""The attacker's audit written a second time, from the published table alone, to check the first.

Other variables (the leaf cells only), other code for what adds up to what (labels, not tree nodes), another solver
(scipy's, interior point or simplex). One program solves all goals at once: a copy of the whole unknown table for each
goal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Reals = NDArray[np.float64]


def members(label: str, categories: Sequence[str], tree: Any) -> set[str]:
    """Return the categories below a label."""
    if label == "*":
        return set(categories)

    def below(part: Any) -> set[str]:
        return {x for each in part.values() for x in below(each)} if isinstance(part, Mapping) else set(part)

    def find(part: Any) -> set[str] | None:
        if isinstance(part, Mapping):
            for group, rest in part.items():
                if group == label:
                    return below(rest)
                if (found := find(rest)) is not None:
                    return found
        return None

    found = find(tree)
    return {label} if found is None else found


def exposed(
    cells: Sequence[Mapping[str, Any]],
    truth: Mapping[tuple[str, ...], int],
    by: Sequence[str],
    threshold: int,
    trees: Mapping[str, Any] | None = None,
    least: Sequence[int] | None = None,
) -> set[tuple[str, ...]]:
    """Return the primary cells of a published table that can be narrowed inside what the rules promise.

    cells: as in the JSON
    truth: true leaf counts, used for the reader's upper limit of twice the count
    least: the smallest count that the reader of a table can believe of each cell, for several tables in one; the
        leaves are then those of their product, where together the zeros may say more, and a published total may leave
        a small cell one step short of the threshold
    """
    categories = [sorted({keys[axis] for keys in truth}) for axis in range(len(by))]
    leaves = list(product(*categories))
    below = np.zeros((len(cells), len(leaves)))
    for row, cell in enumerate(cells):
        sets = [members(cell[name], categories[axis], (trees or {}).get(name, {})) for axis, name in enumerate(by)]
        below[row] = [all(key in group for key, group in zip(leaf, sets, strict=True)) for leaf in leaves]
    counts = np.array([truth.get(leaf, 0) for leaf in leaves])
    full = below @ counts
    shown = np.array([cell["value"] is not None for cell in cells])
    bottom = np.array(below @ (counts > 0) if least is None else least)
    top = np.maximum(2 * full, 2 * threshold) * (full > 0)
    goals = [(row, sign) for row, cell in enumerate(cells) if cell["status"] == "primary" for sign in (1, -1)]
    if not goals:
        return set()
    ends = reach(below, np.where(shown, full, bottom), np.where(shown, full, top), goals)
    nothing_out = reach(below, np.where(full > 0, bottom, 0), top, goals) if least is not None else ends
    bad = {row for row, _ in goals if shown[row]}
    for (row, sign), end, free in zip(goals, ends, nothing_out, strict=True):
        wanted = max(threshold - (least is not None), full[row]) if sign > 0 else free if least else bottom[row]
        if sign * (end - wanted) < -1e-5:
            bad.add(row)
    return {tuple(cells[row][name] for name in by) for row in bad}


def reach(below: Reals, low: Reals, high: Reals, goals: Sequence[tuple[int, int]]) -> Reals:
    """Return how far each goal's cell can move its way when every cell stays between low and high."""
    found = milp(
        np.concatenate([-sign * below[row] for row, sign in goals]),
        constraints=LinearConstraint(
            sparse.kron(sparse.eye_array(len(goals)), sparse.csr_array(below), format="csr"),
            np.tile(low, len(goals)),
            np.tile(high, len(goals)),
        ),
        bounds=Bounds(0, np.inf),
    )
    assert found.status == 0, found.message
    tables = found.x.reshape(len(goals), -1)
    return np.array([float(below[row] @ table) for (row, _), table in zip(goals, tables, strict=True)])
