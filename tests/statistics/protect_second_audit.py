"""The attacker's audit written a second time, from the published table alone, to check the first.

Other variables (the leaf cells only), other code for what adds up to what (labels, not tree nodes), another solver
(scipy's, interior point or simplex as it likes) and one program for all goals at once: a copy of the whole unknown
table for each goal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog


def members(label: str, categories: Sequence[str], tree: Any) -> set[str]:
    """The categories below a label."""
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
) -> set[tuple[str, ...]]:
    """The primary cells of a published table that can be narrowed inside what the rules promise.

    cells: as in the JSON. truth: true leaf counts, used for the reader's upper bound of twice the count, and for
    the promise to stay between the least possible count and the threshold.
    """
    categories = [sorted({keys[axis] for keys in truth}) for axis in range(len(by))]
    leaves = list(product(*categories))
    below = np.zeros((len(cells), len(leaves)))
    for row, cell in enumerate(cells):
        sets = [members(cell[name], categories[axis], (trees or {}).get(name, {})) for axis, name in enumerate(by)]
        below[row] = [all(key in group for key, group in zip(leaf, sets, strict=True)) for leaf in leaves]
    counts = np.array([truth.get(leaf, 0) for leaf in leaves])
    full = below @ counts
    low = np.array(
        [below[row] @ (counts > 0) if cell["value"] is None else cell["value"] for row, cell in enumerate(cells)]
    )
    high = np.array(
        [
            max(2 * full[row], 2 * threshold) if cell["value"] is None else cell["value"]
            for row, cell in enumerate(cells)
        ]
    )
    goals = [(row, sign) for row, cell in enumerate(cells) if cell["status"] == "primary" for sign in (1, -1)]
    open_goals = [row for row, _ in goals if cells[row]["value"] is not None]
    if goals:
        cost = np.concatenate([-sign * below[row] for row, sign in goals])
        shown = high == low
        copies = np.eye(len(goals))
        found = linprog(
            cost,
            A_ub=sparse.csr_array(np.kron(copies, np.vstack([below[~shown], -below[~shown]]))),
            b_ub=np.tile(np.concatenate([high[~shown], -low[~shown]]), len(goals)),
            A_eq=sparse.csr_array(np.kron(copies, below[shown])),
            b_eq=np.tile(high[shown], len(goals)),
            bounds=(0, None),
        )
        assert found.status == 0, found.message
        for (row, sign), table in zip(goals, found.x.reshape(len(goals), -1), strict=True):
            reach = float(below[row] @ table)
            kept = reach >= max(threshold, full[row]) - 1e-5 if sign > 0 else reach <= low[row] + 1e-5
            if not kept:
                open_goals.append(row)
    return {tuple(cells[row][name] for name in by) for row in open_goals}
