"""Find the cells that must not be shown, and how wide an attacker's interval around each of them must stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.statlib.protect.table import Counts, Mask, Table


@dataclass(frozen=True)
class Rules:
    """The rules that make a cell primary.

    threshold: counts from 1 to threshold-1 are hidden (11: the cell size policy of the US Centers for Medicare and
        Medicaid Services)
    hide_zeros: whether zeros are hidden as well
    min_contributors, dominance: if contributions are known, a count from fewer agencies, or with more than this share
        from one agency, is hidden regardless of its size
    """

    threshold: int = 11
    hide_zeros: bool = False
    min_contributors: int = 3
    dominance: float = 0.8


@dataclass(frozen=True)
class Primary:
    """The primary cells of a table, and the counts that must stay possible for each. All arrays are flat over the
    cells.

    cells: a mask of the primary cells
    low, high: an attacker must not be able to rule out any value from low to high
    least: the smallest count that an attacker could believe for each cell if everything were hidden
    can_hide: a mask of the cells that may be hidden at all (zeros are shown unless the rules hide them)
    """

    cells: Mask
    low: Counts
    high: Counts
    least: Counts
    can_hide: Mask


def primary(table: Table, rules: Rules) -> Primary:
    """Apply the rules to every cell, including margins.

    For a small count, the interval runs from the lowest believable count up to the threshold itself, so that no one
    can even tell that the count is small. If zeros are shown, a hidden leaf is known to be at least 1, and a hidden
    margin is known to be at least the number of its nonzero leaves. An attacker who ignored that would be weaker than
    a real one. For a large count hidden because of its contributors, the interval extends threshold-1 in both
    directions. Then a small contribution from the other agencies can't be distinguished from no contribution.
    """
    value = table.value
    least = np.zeros_like(value) if rules.hide_zeros else table.occupied
    small = (value < rules.threshold) & ((value > 0) | rules.hide_zeros)
    held = few_hands(table, rules) & ~small
    span = rules.threshold - 1
    low = np.where(small, least, np.maximum(least, value - span))
    high = np.where(small, np.maximum(rules.threshold, value), value + span)
    return Primary(small | held, low, high, least, (value > 0) | rules.hide_zeros)


def few_hands(table: Table, rules: Rules) -> Mask:
    """Return a mask of the cells with people from too few agencies, or with almost all people from one agency."""
    if not table.contributions:
        return np.zeros(table.size, dtype=np.bool_)
    parts = np.stack(list(table.contributions.values()))
    contributors = (parts > 0).sum(axis=0)
    largest = parts.max(axis=0)
    few = (contributors < rules.min_contributors) | (largest > rules.dominance * table.value)
    marked: Mask = few & (table.value > 0)
    return marked
