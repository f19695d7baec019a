"""What an attacker can work out: the polyhedron of all tables that agree with what is shown, on one warm HiGHS.

An attack is a system of linear equations over cells, a known value for what is shown and bounds for what is hidden. A
goal says that one cell must be able to move by a given amount in one direction. One feasible table proves every goal
that it moves far enough. So random objectives come first, and a goal gets its own linear program only if they leave it
open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from accord.statlib.protect.primary import Primary
from accord.statlib.protect.table import Counts, Mask, Reals, Table

CLOSE = 1e-6
DUAL_SIMPLEX, PRIMAL_SIMPLEX = 1, 4


@dataclass(frozen=True)
class Attack:
    """One attacker.

    equations: m x n, equations @ x = 0 for every table x
    value: a table that agrees with all that is shown (the true one, as far as it is known)
    lower, upper: what the attacker believes about a hidden cell; equal bounds mark a cell that is known for certain
    always: the cells that are hidden no matter what the release shows
    goals: (cell, sign, need): cell must be able to move by need > 0 in the direction sign

    The first cells are those of the release, in its order; there may be more beyond them.
    """

    name: str
    equations: sparse.csr_array
    value: Reals
    lower: Reals
    upper: Reals
    always: Mask
    goals: Sequence[tuple[int, int, float]]


def goals_for(value: Reals, primary: Primary, lower: Reals) -> list[tuple[int, int, float]]:
    """Return one goal for each side of each primary cell, unless this attacker already knows better from the start."""
    goals = []
    for cell in np.flatnonzero(primary.cells):
        down = value[cell] - max(primary.low[cell], lower[cell])
        up = primary.high[cell] - value[cell]
        goals += [(int(cell), sign, float(need)) for sign, need in ((-1, down), (1, up)) if need > 0]
    return goals


def attackers(table: Table, primary: Primary, threshold: int) -> list[Attack]:
    """Return the reader of the release and, if contributions are known, each agency with its own counts.

    All know the rules, and that no hidden count is above twice its size or twice the threshold. A finite bound is
    stricter than none, so the table is also protected against those who know less. An agency knows that a cell holds
    at least its own people. Cells that it filled alone are not a secret from it.
    """
    value = table.value.astype(float)
    upper = np.where(primary.can_hide, np.maximum(2 * value, 2.0 * threshold), value)
    always = np.zeros(table.size, dtype=np.bool_)

    def attack(name: str, own: Counts) -> Attack:
        lower = table.raised(primary.least, own).astype(float)
        goals = [goal for goal in goals_for(value, primary, lower) if own[goal[0]] < max(value[goal[0]], 1)]
        return Attack(name, table.equations, value, lower, upper, always, goals)

    nothing = np.zeros_like(table.value)
    return [attack("a reader", nothing), *(attack(name, own) for name, own in table.contributions.items())]


class Prover:
    """Prove goals of one attack for one set of hidden cells after another, keeping the basis and the tables found."""

    def __init__(self, attack: Attack, seed: int) -> None:
        self.attack = attack
        self.random = np.random.default_rng(seed)
        self.free = np.flatnonzero(attack.lower < attack.upper)
        self.column = np.full(len(attack.value), -1)
        self.column[self.free] = np.arange(len(self.free))
        self.goal_cell = np.array([cell for cell, _, _ in attack.goals], dtype=int)
        self.goal_sign = np.array([sign for _, sign, _ in attack.goals], dtype=float)
        self.goal_need = np.array([need for _, _, need in attack.goals], dtype=float)
        self.value = attack.value[self.free]
        self.down = self.value - attack.lower[self.free]
        self.up = attack.upper[self.free] - self.value
        self.matrix = sparse.csc_array(attack.equations[:, self.free])
        self.highs = load(self.matrix)
        # Which columns the table kept for a goal moves; the last column says that there is none yet.
        self.support = np.ones((len(attack.goals), len(self.free) + 1), dtype=np.bool_)
        self.all_columns = np.arange(len(self.free), dtype=np.int32)

    def shares(self, hidden: Reals | Mask) -> Reals:
        """Return how far each free column is hidden, 0 to 1, from the same shares for the cells of the release."""
        every = self.attack.always.astype(float)
        every[: len(hidden)] = np.maximum(every[: len(hidden)], hidden)
        return every[self.free]

    def hide(self, hidden: Reals | Mask, most: float = np.inf) -> Reals:
        """Set the attacker's bounds: a cell moves within its bounds (or `most`) times how far it is hidden."""
        share = self.shares(hidden)
        down, up = np.minimum(self.down, most) * share, np.minimum(self.up, most) * share
        self.highs.changeColsBounds(len(self.free), self.all_columns, -down, up)
        return share

    def unproved(self, hidden: Mask) -> list[int]:
        """Return the goals that fail when exactly these cells are hidden. Tables that prove the others are kept."""
        return self.settle(self.unwitnessed(self.hide(hidden)))

    def recheck(self, goals: list[int], hidden: Mask) -> list[int]:
        """Return the goals from the first that fails when exactly these cells are hidden. Goals proved along the way
        are left out."""
        self.hide(hidden)
        while goals:
            move, _ = self.extreme(goals[0])
            left = self.credit(move, goals, keep=True)
            if left and left[0] == goals[0]:
                break
            goals = left
        return goals

    def holds(self, hidden: Mask) -> bool:
        """Return whether every goal is met when exactly these cells are hidden."""
        return not self.settle(self.unwitnessed(self.hide(hidden)), all_of_them=False)

    def unwitnessed(self, share: Reals) -> list[int]:
        """Return the goals without a kept table that moves only hidden cells."""
        return [int(goal) for goal in np.flatnonzero(self.support[:, np.append(share == 0, True)].any(axis=1))]

    def settle(self, open_goals: list[int], *, all_of_them: bool = True, keep: bool = True) -> list[int]:
        """Prove what can be proved under the current bounds; with all_of_them=False stop at the first failure."""
        open_goals = self.thin(open_goals, keep=keep)
        failed = []
        while open_goals:
            goal = open_goals[0]
            move, _ = self.extreme(goal)
            left = self.credit(move, open_goals, keep=keep)
            if goal in left:
                failed.append(goal)
                left.remove(goal)
                if not all_of_them:
                    return failed
            open_goals = left
        return failed

    def thin(self, open_goals: list[int], *, keep: bool) -> list[int]:
        """Return the goals that random objectives leave open, tried as long as each proves a fifth of those before it."""
        while len(open_goals) > 4:
            left = self.scatter(open_goals, keep=keep)
            if len(left) > 0.8 * len(open_goals):
                return left
            open_goals = left
        return open_goals

    def scatter(self, open_goals: list[int], *, keep: bool) -> list[int]:
        """Try one table at a random vertex that pushes all open goals their way. Returns what stays open."""
        cost = np.zeros(len(self.free))
        np.add.at(
            cost,
            self.column[self.goal_cell[open_goals]],
            self.goal_sign[open_goals] * self.random.uniform(0.2, 1.0, len(open_goals)),
        )
        return self.credit(self.solve(cost), open_goals, keep=keep)

    def credit(self, move: Reals, open_goals: list[int], *, keep: bool) -> list[int]:
        """Remove the goals that the table proves, and keep it as their witness."""
        reached = self.goal_sign[open_goals] * move[self.column[self.goal_cell[open_goals]]]
        done = reached >= self.goal_need[open_goals] - CLOSE
        proved = np.array(open_goals)[done]
        if keep:
            self.support[proved] = np.append(np.abs(move) > CLOSE, False)
        return [goal for goal, yes in zip(open_goals, done, strict=True) if not yes]

    def extreme(self, goal: int) -> tuple[Reals, Reals]:
        """Return the table that moves the goal furthest, and the multipliers of the equations that prove it."""
        cost = np.zeros(len(self.free))
        cost[self.column[self.goal_cell[goal]]] = self.goal_sign[goal]
        move = self.solve(cost)
        return move, np.array(self.highs.getSolution().row_dual)

    def solve(self, cost: Reals) -> Reals:
        """Maximize cost @ move over the polyhedron; move is the difference from the true table."""
        self.highs.changeColsCost(len(self.free), self.all_columns, cost)
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self.highs.clearSolver()
            self.highs.run()
        return np.array(self.highs.getSolution().col_value)

    def cut(self, goal: int, multipliers: Reals) -> Reals:
        """Return the coefficients over the free columns of the Benders cut: sum(coefficient x hidden) >= need of the
        goal. Fischetti and Salazar (2001), section 4: for any multipliers u of the equations, the furthest move is
        at most sum_i max(d_i up_i, -d_i down_i) hidden_i with d = c - u A. So a protected table satisfies the cut."""
        cost = np.zeros(len(self.free))
        cost[self.column[self.goal_cell[goal]]] = self.goal_sign[goal]
        reduced = cost - self.matrix.T @ multipliers
        reduced[np.abs(reduced) < CLOSE] = 0.0
        row: Reals = np.maximum(reduced * self.up, -reduced * self.down)
        return row


def silent(**options: float | str) -> Any:
    """Return a HiGHS solver that prints nothing and works on one core."""
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, setting in {"output_flag": False, "threads": 1, **options}.items():
        highs.setOptionValue(option, setting)
    return highs


def load(matrix: sparse.csc_array, strategy: int = PRIMAL_SIMPLEX) -> Any:
    """Return a silent HiGHS with matrix @ move = 0, without presolve: the state in which warm starts pay."""
    highs = silent(presolve="off", simplex_strategy=strategy)
    rows, columns = matrix.shape
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, rows
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = np.zeros(columns)
    model.col_lower_ = model.col_upper_ = np.zeros(columns)
    model.row_lower_ = model.row_upper_ = np.zeros(rows)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    highs.passModel(model)
    return highs
