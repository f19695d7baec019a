"""What a reader works out from several sums of one table over different agencies, from what is published alone.

A second implementation of `accord.statlib.protect.overlap`, to check the first: other variables (the leaf cells of
each group of agencies), no margins as unknowns, another solver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Keys = tuple[str, ...]
Counts = Mapping[str, Mapping[Keys, int]]
Found = tuple[frozenset[str], Keys, int, float]
CLOSE = 1e-3
TOTAL = "*"


def told(
    tables: Sequence[tuple[frozenset[str], Mapping[Keys, int | None]]], counts: Counts, by: Sequence[Sequence[str]]
) -> list[Found]:
    """Return cells of some agencies' persons, 1 to 10 of them, that the tables together reveal to be fewer than 11:
    the agencies, the cell, its count and its upper limit.

    tables: who was summed, and what is shown
    counts: what each agency counted

    Attacked are all agencies that some table holds and another does not, and each group of agencies that the tables
    can't tell apart.
    """
    return [found for found in ends(tables, counts, by) if 0 < found[2] < 11 and found[3] < 11 - CLOSE]


def narrowed(
    tables: Sequence[tuple[frozenset[str], Mapping[Keys, int | None]]], counts: Counts, by: Sequence[Sequence[str]]
) -> list[Found]:
    """Return cells of 11 persons or more that the tables narrow to less than ten above their count. They were served
    by fewer than three of these agencies, or almost only by one."""
    found = []
    for agencies, keys, value, most in ends(tables, counts, by):
        parts = [n for agency in agencies if (n := added(counts[agency], keys))]
        few = len(parts) < 3 or max(parts, default=0) > 0.8 * sum(parts)
        if value > 10 and few and most < value + 10 - CLOSE:
            found.append((agencies, keys, value, most))
    return found


def ends(
    tables: Sequence[tuple[frozenset[str], Mapping[Keys, int | None]]], counts: Counts, by: Sequence[Sequence[str]]
) -> list[Found]:
    """Return the upper limit of each cell of each part."""
    groups = apart([agencies for agencies, _ in tables])
    leaves = list(product(*by))
    cells = list(product(*([*categories, TOTAL] for categories in by)))
    inside = np.array([[inner(keys, leaf) for leaf in leaves] for keys in cells], dtype=float)
    rows = [
        (spread(inside[place], groups, agencies), shown[keys])
        for agencies, shown in tables
        for place, keys in enumerate(cells)
        if shown[keys] is not None
    ]
    left, right = np.array([row for row, _ in rows]), np.array([value for _, value in rows])
    found = []
    for agencies in attacked(groups, [agencies for agencies, _ in tables]):
        for place, keys in enumerate(cells):
            value = sum(added(counts[agency], keys) for agency in agencies)
            if value:
                goal = spread(inside[place], groups, agencies)
                best = linprog(-goal, A_eq=left, b_eq=right, bounds=(0, None), method="highs")
                found.append((agencies, keys, value, -best.fun if best.status == 0 else np.inf))
    return found


def apart(tables: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """Return the agencies by the tables that they are in."""
    found: dict[tuple[bool, ...], set[str]] = {}
    for agency in sorted(frozenset().union(*tables)):
        found.setdefault(tuple(agency in table for table in tables), set()).add(agency)
    return [frozenset(group) for group in found.values()]


def attacked(groups: Sequence[frozenset[str]], tables: Sequence[frozenset[str]]) -> set[frozenset[str]]:
    """Return each group, each table, and what one table has beyond another that is inside it."""
    return {*groups, *tables, *(one - other for one in tables for other in tables if other < one)}


def spread(row: NDArray[np.float64], groups: Sequence[frozenset[str]], agencies: frozenset[str]) -> NDArray[np.float64]:
    """Return a row over leaves as one over the leaves of each group."""
    return np.concatenate([row if group <= agencies else np.zeros_like(row) for group in groups])


def inner(keys: Keys, leaf: Keys) -> bool:
    """Return whether a leaf is counted in a cell."""
    return all(key in (TOTAL, own) for key, own in zip(keys, leaf, strict=True))


def added(counts: Mapping[Keys, int], keys: Keys) -> int:
    """Return what an agency counted in a cell."""
    return sum(count for leaf, count in counts.items() if inner(keys, leaf))
