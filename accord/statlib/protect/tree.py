"""Branch and cut in one tree over the cells to hide. The attackers add cuts when the search reaches a whole choice.

The node with the best bound is searched first, so no node is opened that the proof does not need. Branching uses
pseudo-costs, with strong branching for cells not yet tried (Achterberg, Koch, and Martin, "Branching rules revisited",
Operations Research Letters 33, 2005).
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

import highspy
import numpy as np
from numpy.typing import NDArray

from accord.statlib.protect.master import GAP, Master
from accord.statlib.protect.table import Reals

Places = NDArray[np.intp]
# How many of the most promising cells are tried before the search branches on one of them.
TRIES = 4
LEAST_GAIN = 1e-6


@dataclass(frozen=True)
class Relaxed:
    """The cheapest fractional choice at a node: its cost, the candidates' fractions, and their reduced costs."""

    bound: float
    shares: Reals
    reduced: Reals

    def fractional(self) -> Places:
        """Return the candidates that are neither fully hidden nor fully shown."""
        return np.flatnonzero((self.shares > GAP) & (self.shares < 1 - GAP))


@dataclass(frozen=True, order=True)
class Node:
    """The choices that hide every candidate with a lower bound of 1 and show every candidate with an upper bound of 0.
    None of them costs less than `bound`."""

    bound: float
    number: int
    lower: Reals
    upper: Reals

    def fixed(self, relaxed: Relaxed, cost: float) -> tuple[Reals, Reals]:
        """Return the bounds after reduced-cost fixing. No choice cheaper than `cost` is lost."""
        room = cost - relaxed.bound
        lower = np.where((relaxed.shares > 1 - GAP) & (relaxed.reduced < -room), 1.0, self.lower)
        return lower, np.where((relaxed.shares < GAP) & (relaxed.reduced > room), 0.0, self.upper)


class Tree:
    """The open nodes, and the gains so far from branching on each candidate."""

    def __init__(self, master: Master, bound: float) -> None:
        self.master = master
        self.number = count()
        self.nodes: list[Node] = []
        width = len(master.cells)
        self.gain, self.seen = np.zeros((2, width)), np.zeros((2, width))
        self.push(bound, np.zeros(width), np.ones(width))

    def push(self, bound: float, lower: Reals, upper: Reals) -> None:
        """Open a node."""
        heappush(self.nodes, Node(bound, next(self.number), lower, upper))

    def pop(self) -> Node:
        """Remove and return the open node with the lowest bound."""
        return heappop(self.nodes)

    def bound(self, cost: float) -> float:
        """Return a lower bound on the cost of any choice, given a choice that costs `cost`."""
        return min(self.nodes[0].bound, cost) if self.nodes else cost

    def relax(self, lower: Reals, upper: Reals) -> Relaxed | None:
        """Return the cheapest fractional choice within these bounds, or None if no choice satisfies the cuts."""
        highs = self.master.highs
        highs.changeColsBounds(len(lower), self.master.columns, lower, upper)
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            highs.clearSolver()
            highs.run()
        if highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None
        solution = highs.getSolution()
        bound = self.master.fixed + highs.getInfo().objective_function_value
        return Relaxed(bound, np.array(solution.col_value), np.array(solution.col_dual))

    def branch(self, relaxed: Relaxed, lower: Reals, upper: Reals, cost: float) -> None:
        """Open two nodes, one that hides the most promising candidate and one that shows it."""
        cells = relaxed.fractional()
        best = cells[np.argsort(-self.promise(cells, relaxed), kind="stable")[:TRIES]]
        for cell in best:
            if not self.seen[:, cell].all():
                self.attempt(int(cell), relaxed, lower, upper, cost)
        cell = best[self.promise(best, relaxed).argmax()]
        hidden, shown = lower.copy(), upper.copy()
        hidden[cell], shown[cell] = 1.0, 0.0
        self.push(relaxed.bound, hidden, upper)
        self.push(relaxed.bound, lower, shown)

    def promise(self, cells: Places, relaxed: Relaxed) -> Reals:
        """For each cell, return the product of two expected increases in the bound: from showing and hiding it."""
        mean = self.gain.sum(axis=1) / np.maximum(self.seen.sum(axis=1), 1)
        gain, seen = self.gain[:, cells], self.seen[:, cells]
        unit = np.where(seen > 0, gain / np.maximum(seen, 1), mean[:, None])
        shares = relaxed.shares[cells]
        product: Reals = np.maximum(unit * np.stack([shares, 1 - shares]), LEAST_GAIN).prod(axis=0)
        return product

    def attempt(self, cell: int, relaxed: Relaxed, lower: Reals, upper: Reals, cost: float) -> None:
        """Apply strong branching. Record how much showing the cell and hiding it would each raise the bound, up to
        `cost` at most."""
        share = relaxed.shares[cell]
        for side, (bounds, moved) in enumerate(((upper, share), (lower, 1 - share))):
            kept, bounds[cell] = bounds[cell], float(side)
            tried = self.relax(lower, upper)
            bounds[cell] = kept
            gain = cost - relaxed.bound if tried is None else min(tried.bound, cost) - relaxed.bound
            self.gain[side, cell] += gain / moved
            self.seen[side, cell] += 1
