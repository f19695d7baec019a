"""Determine what an attacker can work out. All tables that agree with what is shown form a polyhedron, and one warm
HiGHS solver optimizes over it.

An attack is a system of linear equations over cells, with a known value for each shown cell and bounds for each hidden
cell. A goal requires that one cell can move by a given amount in one direction. One feasible table can prove many
goals, if it moves their cells far enough. So random objectives come first, and a goal gets its own linear program only
if the random objectives leave it open.
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
    value: a table that agrees with everything shown (the true table, as far as it is known)
    lower, upper: what the attacker believes about a hidden cell; equal bounds mark a cell that is known for certain
    always: the cells that are hidden no matter what the release shows
    goals: triples (cell, sign, need); the cell must be able to move by need > 0 in the direction of sign

    The first cells are those of the release, in the same order. More cells may follow.
    """

    name: str
    equations: sparse.csr_array
    value: Reals
    lower: Reals
    upper: Reals
    always: Mask
    goals: Sequence[tuple[int, int, float]]


def goals_for(value: Reals, primary: Primary, lower: Reals) -> list[tuple[int, int, float]]:
    """Return one goal for each direction of each primary cell. A direction is skipped if the attacker's own knowledge
    leaves no room to move."""
    goals = []
    for cell in np.flatnonzero(primary.cells):
        down = value[cell] - max(primary.low[cell], lower[cell])
        up = primary.high[cell] - value[cell]
        goals += [(int(cell), sign, float(need)) for sign, need in ((-1, down), (1, up)) if need > 0]
    return goals


def attackers(table: Table, primary: Primary, threshold: int) -> list[Attack]:
    """Return the reader of the release and, if contributions are known, each agency with its own counts.

    All attackers know the rules. They also know an upper bound on each hidden count: twice its true size, or twice the
    threshold if that is more. A finite bound is stricter than none, so the table is also protected against attackers
    who know less. An agency knows that a cell holds at least its own people. It also knows any cell that it filled
    alone.
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
    """Proves one attack's goals for one set of hidden cells after another, and keeps the solver's basis and the tables
    found."""

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
        # The columns that move in the table kept for each goal. The last column marks goals that have no table yet.
        self.support = np.ones((len(attack.goals), len(self.free) + 1), dtype=np.bool_)
        self.all_columns = np.arange(len(self.free), dtype=np.int32)

    def shares(self, hidden: Reals | Mask) -> Reals:
        """Return the fraction (0 to 1) by which each free column is hidden, given the fractions for the release's
        cells."""
        every = self.attack.always.astype(float)
        every[: len(hidden)] = np.maximum(every[: len(hidden)], hidden)
        return every[self.free]

    def hide(self, hidden: Reals | Mask, most: float = np.inf) -> Reals:
        """Set the attacker's bounds and return the fractions hidden. Each cell may move by at most its bound (or
        `most`, if smaller) times its hidden fraction."""
        share = self.shares(hidden)
        down, up = np.minimum(self.down, most) * share, np.minimum(self.up, most) * share
        self.highs.changeColsBounds(len(self.free), self.all_columns, -down, up)
        return share

    def unproved(self, hidden: Mask) -> list[int]:
        """Return the goals that fail when exactly these cells are hidden. Tables that prove the other goals are
        kept."""
        return self.settle(self.unwitnessed(self.hide(hidden)))

    def recheck(self, goals: list[int], hidden: Mask) -> list[int]:
        """Return the goals that are still open when exactly these cells are hidden, starting with the first one that
        fails. Goals proved along the way are left out."""
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
        """Return the goals that have no saved table, or whose saved table moves a cell that is shown."""
        return [int(goal) for goal in np.flatnonzero(self.support[:, np.append(share == 0, True)].any(axis=1))]

    def settle(self, open_goals: list[int], *, all_of_them: bool = True, keep: bool = True) -> list[int]:
        """Prove the open goals under the current bounds, and return those that fail. If `all_of_them` is False, stop at
        the first failure."""
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
        """Return the goals that random objectives leave open. New objectives are tried as long as each one proves at
        least a fifth of the open goals."""
        while len(open_goals) > 4:
            left = self.scatter(open_goals, keep=keep)
            if len(left) > 0.8 * len(open_goals):
                return left
            open_goals = left
        return open_goals

    def scatter(self, open_goals: list[int], *, keep: bool) -> list[int]:
        """Find one table with a random objective that pushes every open goal's cell in the goal's direction. Returns
        the goals that stay open."""
        cost = np.zeros(len(self.free))
        np.add.at(
            cost,
            self.column[self.goal_cell[open_goals]],
            self.goal_sign[open_goals] * self.random.uniform(0.2, 1.0, len(open_goals)),
        )
        return self.credit(self.solve(cost), open_goals, keep=keep)

    def credit(self, move: Reals, open_goals: list[int], *, keep: bool) -> list[int]:
        """Return the goals that this move does not prove. If `keep` is True, keep the move as a witness for the goals
        that it proves."""
        reached = self.goal_sign[open_goals] * move[self.column[self.goal_cell[open_goals]]]
        done = reached >= self.goal_need[open_goals] - CLOSE
        proved = np.array(open_goals)[done]
        if keep:
            self.support[proved] = np.append(np.abs(move) > CLOSE, False)
        return [goal for goal, yes in zip(open_goals, done, strict=True) if not yes]

    def extreme(self, goal: int) -> tuple[Reals, Reals]:
        """Return the table that moves the goal's cell farthest, and the equation multipliers that prove the cell can't
        move farther."""
        cost = np.zeros(len(self.free))
        cost[self.column[self.goal_cell[goal]]] = self.goal_sign[goal]
        move = self.solve(cost)
        return move, np.array(self.highs.getSolution().row_dual)

    def solve(self, cost: Reals) -> Reals:
        """Return the move that maximizes cost @ move over the polyhedron. A move is a difference from the true
        table."""
        self.highs.changeColsCost(len(self.free), self.all_columns, cost)
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self.highs.clearSolver()
            self.highs.run()
        return np.array(self.highs.getSolution().col_value)

    def cut(self, goal: int, multipliers: Reals) -> Reals:
        """Return the Benders cut's coefficients over the free columns. The cut is sum(coefficient x hidden) >= the
        goal's need. Fischetti and Salazar (2001), section 4: for any multipliers u of the equations, the farthest move
        is at most sum_i max(d_i up_i, -d_i down_i) hidden_i with d = c - u A. So a protected table satisfies the
        cut."""
        cost = np.zeros(len(self.free))
        cost[self.column[self.goal_cell[goal]]] = self.goal_sign[goal]
        reduced = cost - self.matrix.T @ multipliers
        reduced[np.abs(reduced) < CLOSE] = 0.0
        row: Reals = np.maximum(reduced * self.up, -reduced * self.down)
        return row


def silent(**options: float | str) -> Any:
    """Return a HiGHS solver that prints nothing and runs on one core."""
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, setting in {"output_flag": False, "threads": 1, **options}.items():
        highs.setOptionValue(option, setting)
    return highs


def load(matrix: sparse.csc_array, strategy: int = PRIMAL_SIMPLEX) -> Any:
    """Return a silent HiGHS solver for matrix @ move = 0. Presolve is off, because warm starts help only when it is
    off."""
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
