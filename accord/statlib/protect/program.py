"""Find the cheapest choice of hidden cells that protects the table, with a lower bound on its cost. This is a
mixed-integer program solved by Benders decomposition.

Fischetti and Salazar (2001), Management Science 47(7): the master program chooses which cells to hide, and the
attackers' linear programs return a cut for every goal that the choice leaves open. Cuts are found on the relaxed master
first, where they are cheap. Then they are found on the whole choices in a tree over the cells, until no choice is left
that could hide less or the time is up.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from accord.statlib.protect.attack import Prover
from accord.statlib.protect.heuristic import Search
from accord.statlib.protect.master import GAP, Master
from accord.statlib.protect.table import Mask, Reals
from accord.statlib.protect.tree import Tree

# A cell that the relaxed master hides by more than this fraction is not worth trying to show again.
LIKELY = 0.5


@dataclass(frozen=True)
class Best:
    """The best protected choice found: its hidden cells, its cost, and a proved lower bound on the cost of any
    choice."""

    hidden: Mask
    cost: float
    bound: float


def climb(search: Search, master: Master, choice: Mask) -> tuple[Mask | None, int]:
    """Hide more cells, starting from a whole choice, until the choice is protected. Add the cuts of all goals left open
    along the way. Returns the protected choice (None if none was reached) and the number of new cuts. Each step hides
    more cells to satisfy the last step's cuts, by the usual greedy rule for covering, and the result is attacked again.
    So each solution of the master yields the cuts for its own choice and for the choices that follow."""
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
    """Add cuts that a fractional choice violates, and return how many are new. No cell may move farther than the goal
    needs. Otherwise, the cut might no longer be violated after lifting. Goals with equal needs share their bounds and
    form a group. The groups take turns, and a round ends when the number of new cuts reaches a quarter of the number of
    goals (at least 20)."""
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
    """Return the goals in groups of equal need."""
    needs = np.unique(prover.goal_need)
    return deque(np.flatnonzero(prover.goal_need == need).tolist() for need in needs)


def bound_by_relaxing(search: Search, master: Master, best: float) -> float:
    """Add cuts to the relaxed master until its bound stalls or two-thirds of the time is used. Returns the bound it
    reached."""
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
    """Improve a protected choice until it is proved to be the cheapest or the time is up."""
    best, cost = first, search.cost(first)
    master = Master(search, search.can_hide & ~search.primary)
    bound = bound_by_relaxing(search, master, cost)
    if bound < cost - GAP * cost:
        share, _ = master.relaxed()
        priced = search.solve(search.weight * np.maximum(1.0 - share, 0.01))
        best, cost = cheaper(search, priced, best, cost)
        best, cost = cheaper(search, search.trim(best, share > LIKELY), best, cost)
    return explore(search, master, Best(best, cost, min(bound, cost)))


def explore(search: Search, master: Master, start: Best) -> Best:
    """Branch and cut from a protected choice. Each whole choice reached in the tree is attacked, and its cuts are valid
    in the whole tree."""
    best, cost = start.hidden, start.cost
    tree = Tree(master, start.bound)
    while tree.bound(cost) < cost - GAP * cost and not search.late():
        node = tree.pop()
        relaxed = tree.relax(node.lower, node.upper)
        if relaxed is None or relaxed.bound >= cost - GAP * cost:
            continue
        lower, upper = node.fixed(relaxed, cost)
        if relaxed.fractional().size:
            tree.branch(relaxed, lower, upper, cost)
            continue
        found, new = climb(search, master, master.spread(relaxed.shares) > 0.5)
        best, cost = cheaper(search, found, best, cost)
        if new or found is None:
            tree.push(relaxed.bound, lower, upper)
        if not new and found is None:
            break
    return Best(best, cost, tree.bound(cost))


def cheaper(search: Search, choice: Mask | None, best: Mask, cost: float) -> tuple[Mask, float]:
    """Return the cheaper of two protected choices, and its cost."""
    if choice is None or search.cost(choice) >= cost:
        return best, cost
    return choice, search.cost(choice)
