"""Find a good protected table quickly, with one linear program for each goal that still fails. Then unhide the cells
that did not have to be hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from accord.statlib.protect.attack import CLOSE, DUAL_SIMPLEX, Attack, Prover, load
from accord.statlib.protect.table import Mask, Reals


class Search:
    """The attackers of one release with their warm solvers, the cell weights, and the time left."""

    def __init__(
        self,
        attacks: Sequence[Attack],
        primary: Mask,
        weight: Reals,
        can_hide: Mask,
        seed: int,
        left: Callable[[], float],
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.attacks = attacks
        self.provers = [Prover(attack, seed) for attack in attacks]
        self.circuits = [Circuits(prover) for prover in self.provers]
        self.primary = primary
        self.weight = weight
        self.can_hide = can_hide
        self.left = left
        self.tell = tell

    def late(self) -> bool:
        """Return whether the time is up."""
        return self.left() <= 0

    def cost(self, hidden: Mask) -> float:
        """Return the cost of a choice: the sum of the hidden cells' weights."""
        return float(self.weight[hidden].sum())

    def repair(self, hidden: Mask, price: Reals, within: Mask | None = None) -> Mask | None:
        """Hide more cells (only cells in `within`) until every goal of every attack is met. Returns None if the time is
        up or a goal can't be met. Kelly, Golden, and Assad (1992): find the cheapest table that moves the goal's cell
        far enough. Moving a cell that is still shown costs `price` per unit, and moving a hidden cell costs almost
        nothing. All cells that this table moves are hidden."""
        hidden = hidden.copy()
        within = self.can_hide if within is None else within
        for prover, circuits in zip(self.provers, self.circuits, strict=True):
            failed = prover.unproved(hidden)
            failed.sort(key=lambda goal: -prover.goal_need[goal], reverse=within is not self.can_hide)
            while failed:
                if self.late():
                    return None
                moved = circuits.cheapest(failed[0], hidden, price, within)
                if moved is None:
                    return None
                hidden |= moved
                failed = prover.recheck(failed[1:], hidden)
        return hidden

    def trim(self, hidden: Mask, sure: Mask) -> Mask:
        """Unhide the cells that no goal needs and that are not in `sure`, the most valuable first. Uses a sixth of the
        time left."""
        hidden = hidden.copy()
        until = self.left() * 5 / 6
        extra = np.flatnonzero(hidden & ~sure)
        for cell in extra[np.argsort(-self.weight[extra], kind="stable")]:
            if self.left() < until:
                break
            hidden[cell] = False
            hidden[cell] = not all(prover.holds(hidden) for prover in self.provers)
        return hidden

    def solve(self, price: Reals) -> Mask | None:
        """Start with only the primary cells hidden, and repair that choice. Then choose again among the cells hidden so
        far, for as long as the cost falls."""
        self.tell("looking for cells to hide")
        hidden = self.repair(self.primary, price)
        if hidden is None:
            return None
        while (again := self.repair(self.primary, price, hidden)) is not None and self.cost(again) < self.cost(hidden):
            hidden = again
        return hidden


class Circuits:
    """A solver for the cheapest move that meets a goal: a separate warm HiGHS solver with 2n columns (n up and n
    down)."""

    def __init__(self, prover: Prover) -> None:
        self.prover = prover
        self.count = len(prover.free)
        self.columns = np.arange(2 * self.count, dtype=np.int32)

    @cached_property
    def highs(self) -> Any:
        """Return the solver. It is created only when the first goal fails, because most attackers' goals are met right
        away."""
        return load(sparse.csc_array(sparse.hstack([self.prover.matrix, -self.prover.matrix])), DUAL_SIMPLEX)

    def cheapest(self, goal: int, hidden: Mask, price: Reals, within: Mask) -> Mask | None:
        """Return the cells of the release that the cheapest move for this goal changes, or None if hiding every cell in
        `within` would still not be enough."""
        prover = self.prover
        size = len(hidden)
        share = prover.shares(within)
        upper = np.concatenate([prover.up * share, prover.down * share])
        lower = np.zeros(2 * self.count)
        column = int(prover.column[prover.goal_cell[goal]])
        column += 0 if prover.goal_sign[goal] > 0 else self.count
        lower[column] = upper[column] = prover.goal_need[goal]
        upper[(column + self.count) % (2 * self.count)] = 0.0
        every = np.zeros(len(prover.attack.value))
        every[:size] = np.where(hidden, 1e-4, price)
        cost = -every[prover.free]
        self.highs.changeColsBounds(2 * self.count, self.columns, lower, upper)
        self.highs.changeColsCost(2 * self.count, self.columns, np.concatenate([cost, cost]))
        self.highs.run()
        if self.highs.getInfo().primal_solution_status != 2:
            return None
        value = np.array(self.highs.getSolution().col_value)
        moved = prover.free[np.abs(value[: self.count] - value[self.count :]) > CLOSE]
        touched = np.zeros(size, dtype=np.bool_)
        touched[moved[moved < size]] = True
        return touched
