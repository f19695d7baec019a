"""The least hiding that protects, as a mixed-integer program by Benders' decomposition, with a bound that is told.

Fischetti and Salazar (2001), Management Science 47(7): the master chooses which cells to hide, the attackers' linear
programs return a cut for every goal that the choice leaves open. Cuts are found on the relaxed master first, where they
are cheap, then on whole choices, until the choice is protected (then it is optimal) or the time is up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from accord.statlib.protect.attack import Prover, silent
from accord.statlib.protect.heuristic import Search
from accord.statlib.protect.table import Mask, Reals

GAP = 1e-6
# A cell that the relaxed master hides by more than this share is not worth an attempt to show it again.
LIKELY = 0.5
# A master solved more often than this is a hard one; then cuts are worth a trim of what was climbed to.
EASY = 2
# The repaired choices are better starts than what the solver's own searches find, and the cuts leave presolve, symmetry
# and cuts below the root little to do: measured, these take most of its time.
SETTINGS: dict[str, float | str] = {
    "presolve": "off",
    "mip_detect_symmetry": False,
    "mip_allow_cut_separation_at_nodes": False,
    **{
        f"mip_heuristic_run_{name}": False
        for name in ("feasibility_jump", "rins", "rens", "root_reduced_cost", "zi_round", "shifting")
    },
}


@dataclass(frozen=True)
class Best:
    """The best protected choice found: hidden cells, its cost, and a proved lower bound on any choice's cost."""

    hidden: Mask
    cost: float
    bound: float


class Master:
    """Which cells to hide beside the primary ones, under the cuts found so far."""

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
        """Add the cut of a goal, lifted, and return it: row @ shares of the candidates >= 1; None if it is not new.

        Cells that are hidden in any case move to the right-hand side, and no coefficient need exceed what is then left.
        """
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

    def add_needed(self, prover: Prover, goal: int) -> None:
        """Add the cut of a goal that the prover, as its bounds stand, has found open."""
        self.add(prover, goal, prover.extreme(goal)[1])

    def relaxed(self) -> tuple[Reals, float]:
        """The cheapest choice in shares between 0 and 1, over the cells of the release, and its cost: a lower bound."""
        self.highs.run()
        bound = self.fixed + self.highs.getInfo().objective_function_value
        return self.spread(self.highs.getSolution().col_value), bound

    def whole(self, start: Mask, seconds: float) -> tuple[Mask | None, float]:
        """The cheapest whole choice, None when the time was too short for any, and a lower bound on its cost."""
        solver = silent(mip_rel_gap=GAP, time_limit=max(seconds, 0.01), **SETTINGS)
        solver.passModel(self.highs.getLp())
        count = len(self.cells)
        solver.changeColsIntegrality(count, self.columns, np.full(count, highspy.HighsVarType.kInteger))
        solver.setSolution(count, self.columns, start[self.cells].astype(float))
        solver.run()
        info = solver.getInfo()
        if info.primal_solution_status != 2:
            return None, self.fixed + max(info.mip_dual_bound, 0.0)
        return self.spread(solver.getSolution().col_value) > 0.5, self.fixed + info.mip_dual_bound

    def cover(self, cuts: Reals, hidden: Mask) -> list[int]:
        """Cells to hide further so that the cuts hold: each time the one that adds most for its weight."""
        chosen: list[int] = []
        shares = hidden[self.cells].astype(float)
        while (lack := 1.0 - cuts @ shares).max() > GAP:
            missing = lack > GAP
            gain = np.minimum(cuts[missing], lack[missing, None]).sum(axis=0) / self.weight
            gain[shares > 0] = 0.0
            shares[gain.argmax()] = 1.0
            chosen.append(int(self.cells[gain.argmax()]))
        return chosen

    def spread(self, shares: Sequence[float]) -> Reals:
        """Shares of the candidates as shares of all cells of the release."""
        every = self.primary.astype(float)
        every[self.cells] = np.clip(shares, 0.0, 1.0)
        return every


def climb(search: Search, master: Master, choice: Mask) -> tuple[Mask | None, int]:
    """From a whole choice up to a protected one, adding the cuts of all goals left open on the way; how many are new.

    Each step hides what satisfies the cuts of the last, by the usual greedy rule for covering, and is attacked again. So
    one solved master gives not only the cuts of its own choice but those of the choices next in line.
    """
    hidden, new = choice.copy(), 0
    while not search.late():
        cuts = []
        for prover in search.provers:
            for goal in prover.unproved(hidden):
                _, multipliers = prover.extreme(goal)
                if (cut := master.add(prover, goal, multipliers)) is not None:
                    cuts.append(cut)
        if not cuts:
            return (hidden if all(prover.holds(hidden) for prover in search.provers) else None), new
        new += len(cuts)
        hidden[master.cover(np.array(cuts), hidden)] = True
    return None, new


def tighten_shares(search: Search, master: Master, share: Reals, turn: list[deque[list[int]]]) -> int:
    """Add cuts that a choice in shares violates; returns how many.

    No cell is let move further than the goal needs: then the multipliers belong to a cut that is still violated after
    its lifting. Goals of equal need share their bounds; these groups take turns, and a round ends when the cuts are as
    many as a quarter of the goals.
    """
    new = 0
    for prover, groups in zip(search.provers, turn, strict=True):
        enough = new + max(20, len(prover.goal_cell) // 4)
        for _ in range(len(groups)):
            if new >= enough or search.late():
                break
            need = prover.goal_need[groups[0][0]]
            prover.hide(share, need)
            for goal in prover.thin(groups[0], keep=False):
                move, multipliers = prover.extreme(goal)
                reach = prover.goal_sign[goal] * move[prover.column[prover.goal_cell[goal]]]
                if reach < need - 1e-4:
                    new += master.add(prover, goal, multipliers) is not None
            groups.rotate(-1)
    return new


def by_need(prover: Prover) -> deque[list[int]]:
    """The goals in groups of equal need."""
    needs = np.unique(prover.goal_need)
    return deque(np.flatnonzero(prover.goal_need == need).tolist() for need in needs)


def bound_by_relaxing(search: Search, master: Master, best: float) -> float:
    """Cut the relaxed master until it stalls or two thirds of the time are gone; returns the bound that it reached."""
    until = search.left() / 3
    bound = master.fixed
    stalled = 0
    turn = [by_need(prover) for prover in search.provers]
    while bound < best - GAP * best and search.left() > max(until, 0.0) and stalled < 4:
        search.tell(f"at most {1 - bound / best:.1%} of the hidden weight could be shown")
        share, now = master.relaxed()
        stalled = stalled + 1 if now - bound < 1e-3 * (best - master.fixed) else 0
        bound = max(bound, now)
        if not tighten_shares(search, master, share, turn):
            break
    return bound


def solve(search: Search, first: Mask) -> Best:
    """Improve a protected choice until it is proved the cheapest or the time is up."""
    best, cost = first, search.cost(first)
    master = Master(search, search.can_hide & ~search.primary)
    bound = bound_by_relaxing(search, master, cost)
    if bound < cost - GAP * cost:
        share, _ = master.relaxed()
        priced = search.solve(search.weight * np.maximum(1.0 - share, 0.01))
        best, cost = cheaper(search, priced, best, cost)
        best, cost = cheaper(search, search.trim(best, share > LIKELY), best, cost)
    rounds = 0
    while bound < cost - GAP * cost and not search.late():
        choice, now = master.whole(best, search.left())
        bound = max(bound, min(now, cost))
        if choice is None or bound >= cost - GAP * cost:
            break
        found, new = climb(search, master, choice)
        rounds += 1
        if found is not None and new and rounds > EASY:
            found = search.trim(found, search.primary, master.add_needed)
        best, cost = cheaper(search, found, best, cost)
        if not new:
            break
        bound = max(bound, min(cost, bound_by_relaxing(search, master, cost)))
    return Best(best, cost, min(bound, cost))


def cheaper(search: Search, choice: Mask | None, best: Mask, cost: float) -> tuple[Mask, float]:
    """The protected choice that hides less, and its cost."""
    if choice is None or search.cost(choice) >= cost:
        return best, cost
    return choice, search.cost(choice)
