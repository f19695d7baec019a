"""The master program. It chooses which cells to hide besides the primary ones, as a fractional covering problem.

Fischetti and Salazar (2001), Management Science 47(7), section 4. One warm HiGHS solver holds every cut found so far.
"""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np

from accord.statlib.protect.attack import Prover, silent
from accord.statlib.protect.heuristic import Search
from accord.statlib.protect.table import Mask, Reals

GAP = 1e-6


class Master:
    """The choice of cells to hide besides the primary ones, subject to the cuts found so far."""

    def __init__(self, search: Search, candidates: Mask) -> None:
        self.cells = np.flatnonzero(candidates)
        self.weight = search.weight[self.cells]
        self.fixed = search.cost(search.primary)
        self.size = len(candidates)
        self.primary = search.primary
        count = len(self.cells)
        self.highs = silent()
        self.highs.addVars(count, np.zeros(count), np.ones(count))
        self.columns = np.arange(count, dtype=np.int32)
        self.highs.changeColsCost(count, self.columns, self.weight)
        self.known: set[bytes] = set()

    def add(self, prover: Prover, goal: int, multipliers: Reals) -> Reals | None:
        """Lift a goal's cut and add it. Returns its coefficients `row`, where row @ (fractions of the candidates) >= 1,
        or None if the cut adds nothing new. Cells that are always hidden move to the right-hand side, and no
        coefficient needs to exceed the new right-hand side."""
        every = np.zeros(len(prover.attack.value))
        every[prover.free] = prover.cut(goal, multipliers)
        settled = prover.attack.always.copy()
        settled[: self.size] |= self.primary
        need = prover.goal_need[goal] - every[settled].sum()
        if need <= GAP:
            return None
        every[settled] = 0.0
        row: Reals = np.minimum(every[self.cells] / need, 1.0)
        row[row < 1e-7] = 0.0
        signature = np.round(row, 6).tobytes()
        if signature in self.known:
            return None
        self.known.add(signature)
        used = np.flatnonzero(row).astype(np.int32)
        self.highs.addRow(1.0, highspy.kHighsInf, len(used), used, row[used])
        return row

    def relaxed(self) -> tuple[Reals, float]:
        """Return the cheapest fractional choice over the cells of the release, and its cost, which is a lower bound."""
        self.highs.run()
        bound = self.fixed + self.highs.getInfo().objective_function_value
        return self.spread(self.highs.getSolution().col_value), bound

    def cover(self, cuts: Reals, hidden: Mask) -> list[int]:
        """Return more cells to hide so that the cuts are satisfied. Each step takes the cell that adds the most for its
        weight."""
        chosen: list[int] = []
        shares = hidden[self.cells].astype(float)
        while (lack := 1.0 - cuts @ shares).max() > GAP:
            missing = lack > GAP
            gain = np.minimum(cuts[missing], lack[missing, None]).sum(axis=0) / self.weight
            gain[shares > 0] = 0.0
            shares[gain.argmax()] = 1.0
            chosen.append(int(self.cells[gain.argmax()]))
        return chosen

    def spread(self, shares: Reals | Sequence[float]) -> Reals:
        """Expand fractions of the candidates to fractions of all cells of the release."""
        every = self.primary.astype(float)
        every[self.cells] = np.clip(shares, 0.0, 1.0)
        return every
