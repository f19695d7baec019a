"""The release of a table: which cells may be shown, and the audit that proves them safe."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np

from accord.core.errors import AccordError, BadInput
from accord.statlib.protect import labels, program
from accord.statlib.protect.attack import Attack, attackers
from accord.statlib.protect.audit import Audit, audit
from accord.statlib.protect.heuristic import Search
from accord.statlib.protect.overlap import Sum, overlap
from accord.statlib.protect.overlap import attackers as attackers_of_sums
from accord.statlib.protect.primary import Primary, Rules, primary
from accord.statlib.protect.published import Earlier, beyond, informed, read, respelt, standing
from accord.statlib.protect.table import TOTAL, Leaf, Mask, Reals, Table, build, check

ALMOST_NONE = 1e-6
PUBLISHED, PRIMARY, SECONDARY = "published", "primary", "secondary"


class Exposed(AccordError):
    """A primary cell could be worked out no matter what else is hidden, so nothing may be published."""

    code = "exposed"
    status = 409
    exit_code = 3

    def __init__(self, found: Audit, seconds: float) -> None:
        self.audit = found
        self.seconds = seconds
        super().__init__(
            f"Refused: {found.exposed} of {found.cells} cells that must be hidden could still be worked out, "
            "no matter what else is hidden."
        )


@dataclass(frozen=True)
class Cell:
    """One cell: its category in each breakdown (`*` for a total), its count (None if hidden), and its status."""

    keys: tuple[str, ...]
    value: int | None
    status: str


@dataclass(frozen=True)
class Protected:
    """A release that passed the audit.

    optimal: whether no other choice of cells hides less
    gap: at most this fraction of the hidden weight (see `weights`) could have been shown (the program's relative gap,
        1 - bound/cost)
    seconds: how long the run took
    """

    by: tuple[str, ...]
    cells: tuple[Cell, ...]
    optimal: bool
    gap: float
    audit: Audit
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Return the release as data with stable keys: `cells`, `optimal`, `gap`, `audit`, `seconds`."""
        return {
            "cells": [
                {**dict(zip(self.by, each.keys, strict=True)), "value": each.value, "status": each.status}
                for each in self.cells
            ],
            "optimal": self.optimal,
            "gap": round(self.gap, 4),
            "audit": {"cells": self.audit.cells, "exposed": self.audit.exposed},
            "seconds": round(self.seconds, 3),
        }


def protect(
    cells: Sequence[Leaf],
    by: Sequence[str],
    threshold: int = 11,
    *,
    rules: Rules | None = None,
    hierarchies: Mapping[str, Any] | None = None,
    published: Sequence[Mapping[str, Any]] = (),
    sums: Sequence[Sum] = (),
    limit_seconds: float = 30.0,
    seed: int = 0,
    tell: Callable[[str], None] = lambda _: None,
) -> Protected:
    """Return the full table of the leaf cells, hiding as little as possible while protecting every primary cell.

    cells: leaf cells (a combination that is not listed has a count of zero)
    by: the breakdown names, in the order of `Leaf.keys`
    threshold: counts from 1 to threshold-1 are hidden
    rules: all rules at once, used instead of `threshold`
    hierarchies: for each breakdown that has groups, a mapping from group to categories or smaller groups
    published: earlier releases about the same people, in the form of `Protected.as_json()`
    sums: published tables with the same breakdowns for other agencies (see `overlap`), used instead of `published`
    limit_seconds: after this time the best protected table so far is returned (the audit always finishes)
    tell: called with a short message whenever there is progress

    Raises BadInput if the cells do not form a table, and Exposed if no choice protects every primary cell.
    """
    start = perf_counter()
    rules = rules or Rules(threshold=threshold)
    by, cells, trees, earlier = spelt(by, cells, hierarchies or {}, published)
    if sums and published:
        raise BadInput("give either earlier releases about the same people or earlier sums, not both")
    table = build(cells, by, trees)
    marked, known, attacks = apart(table, rules, sums) if sums else stand(table, rules, earlier, trees)
    must = marked.cells & ~known
    if called_back := np.flatnonzero(marked.cells & known).tolist():
        raise Exposed(Audit(int(marked.cells.sum()), tuple(called_back)), perf_counter() - start)
    weight = weights(table)
    end = perf_counter() + limit_seconds
    search = Search(attacks, must, weight, marked.can_hide, seed, lambda: end - perf_counter(), tell)
    best = hide(search, table)
    tell("attacking the result")
    found = audit(attacks, marked.cells, best.hidden, seed)
    if found.exposed:
        raise Exposed(found, perf_counter() - start)
    gap = (best.cost - best.bound) / best.cost if best.cost > 0 else 0.0
    return Protected(by, shown(table, must, best.hidden), gap <= ALMOST_NONE, gap, found, perf_counter() - start)


def spelt(
    by: Sequence[str], cells: Sequence[Leaf], hierarchies: Mapping[str, Any], published: Sequence[Mapping[str, Any]]
) -> tuple[tuple[str, ...], list[Leaf], dict[str, Any], list[Earlier]]:
    """Return all arguments with each name spelled consistently. Raises BadInput if the cells do not form a table, if a
    category is a total, or if a hierarchy refers to something that does not exist."""
    names = tuple(labels.written(name) for name in by)
    composed = labels.composed(cells)
    check(composed, names)
    labels.check_totals(composed, names)
    trees = {labels.written(name): labels.one_spelling(tree) for name, tree in hierarchies.items()}
    here = {name: {leaf.keys[axis] for leaf in composed} for axis, name in enumerate(names)}
    known = {name: here[name] | labels.groups(trees.get(name)) | {TOTAL} for name in names}
    earlier = [respelt(read(each), names, known) for each in published]
    labels.check_names(trees, {*names, *(name for each in earlier for name in each.by)})
    for name in trees:
        if name in here:
            before = [each.labels()[name] for each in earlier if name in each.by]
            labels.check_members(name, trees[name], here[name].union(*before))
    return names, composed, trees, earlier


def stand(
    table: Table, rules: Rules, earlier: Sequence[Earlier], hierarchies: Mapping[str, Any]
) -> tuple[Primary, Mask, list[Attack]]:
    """Return the starting state: the primary cells, the cells already known, and the attackers. An attacker with
    nothing to find out is left out, because each attacker needs two solvers."""
    marked, known, unchanged = standing(table, earlier, primary(table, rules), rules.threshold)
    further = [more for each in unchanged if (more := beyond(table, each, hierarchies)) is not None]
    attacks = [
        informed(attack, known, further, marked.can_hide, rules.threshold)
        for attack in attackers(table, marked, rules.threshold)
    ]
    return marked, known, [attack for attack in attacks if attack.goals]


def apart(table: Table, rules: Rules, sums: Sequence[Sum]) -> tuple[Primary, Mask, list[Attack]]:
    """Return the starting state when tables for other agencies are already published."""
    found = overlap(table, sums, rules)
    marked = replace(found.release.marked, can_hide=found.release.marked.can_hide & ~found.known)
    return marked, found.known, [attack for attack in attackers_of_sums(found, rules) if attack.goals]


def weights(table: Table) -> Reals:
    """Return the cost of hiding each cell: log2(1 + n) + 1, so that large counts are more likely to be shown than small
    ones. The grand total costs ten times that, because it is the figure everyone asks for."""
    weight: Reals = (np.log2(1.0 + table.value) + 1.0) * np.where(table.depth() == 0, 10.0, 1.0)
    return weight


def hide(search: Search, table: Table) -> program.Best:
    """Return the best choice of cells found in the available time."""
    search.tell("looking for cells to hide")
    first = search.repair(search.primary, search.weight)
    if first is not None:
        return program.solve(search, first)
    hidden = coarsest(search, table)
    return program.Best(hidden, search.cost(hidden), search.cost(search.primary))


def coarsest(search: Search, table: Table) -> Mask:
    """Hide whole levels, the finest first, until every attack fails. Used when the time runs out before any choice is
    protected."""
    depth = table.depth()
    hidden = search.can_hide
    for level in range(int(depth.max()), -1, -1):
        hidden = search.primary | (search.can_hide & (depth >= level))
        if all(prover.holds(hidden) for prover in search.provers):
            break
    return hidden


def shown(table: Table, primary_cells: Mask, hidden: Mask) -> tuple[Cell, ...]:
    """Return every cell of the table with its count (None if hidden) and its status."""
    return tuple(
        Cell(
            table.keys(cell),
            None if hidden[cell] else int(table.value[cell]),
            PRIMARY if primary_cells[cell] else SECONDARY if hidden[cell] else PUBLISHED,
        )
        for cell in range(table.size)
    )
