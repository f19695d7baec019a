"""The release: what may be shown of a table, and the proof that goes with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from accord.core.errors import AccordError
from accord.statlib.protect import program
from accord.statlib.protect.attack import Attack, attackers
from accord.statlib.protect.audit import Audit, audit
from accord.statlib.protect.heuristic import Search
from accord.statlib.protect.primary import Primary, Rules, primary
from accord.statlib.protect.table import Leaf, Mask, Table, build

ALMOST_NONE = 1e-6
PUBLISHED, PRIMARY, SECONDARY = "published", "primary", "secondary"


class Exposed(AccordError):
    """Some primary cell could be worked out whatever else is hidden; nothing may be published."""

    code = "exposed"
    status = 409
    exit_code = 3

    def __init__(self, found: Audit, seconds: float) -> None:
        self.audit = found
        self.seconds = seconds
        super().__init__(
            f"Refused: {found.exposed} of {found.cells} cells that must be hidden could still be worked out, "
            "whatever else is hidden."
        )


@dataclass(frozen=True)
class Cell:
    """One cell: its category in each breakdown (`*` for a total), its count or None, and why."""

    keys: tuple[str, ...]
    value: int | None
    status: str


@dataclass(frozen=True)
class Protected:
    """A release that passed the audit.

    optimal: no other choice of cells hides less. gap: at most this share of what is hidden beside the primary cells
    could have been shown (by weight log2(1+n)+1). seconds: how long it took.
    """

    by: tuple[str, ...]
    cells: tuple[Cell, ...]
    optimal: bool
    gap: float
    audit: Audit
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The stable form: `cells`, `optimal`, `gap`, `audit`, `seconds`."""
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
    limit_seconds: float = 30.0,
    seed: int = 0,
) -> Protected:
    """The full table of the leaf cells with as little hidden as protects every primary cell.

    cells: leaf cells; combinations not listed count zero. by: names of the breakdowns, in the order of `Leaf.keys`.
    threshold: counts from 1 to threshold-1 are hidden; `rules` gives all rules at once and then replaces it.
    hierarchies: for each breakdown that has groups, a mapping group -> categories or smaller groups.
    published: releases of the same persons that are already out, in the form of `Protected.as_json()`.
    limit_seconds: after this time the best protected table so far is returned (the audit is always finished).
    Raises BadInput for cells that make no table, Exposed when no choice protects every primary cell.
    """
    start = perf_counter()
    rules = rules or Rules(threshold=threshold)
    table = build(cells, by, hierarchies)
    marked = primary(table, rules)
    attacks = attackers(table, marked, rules.threshold)
    weight = np.log2(1.0 + table.value) + 1.0
    end = start + limit_seconds
    search = Search(attacks, marked.cells, weight, marked.can_hide, seed, lambda: end - perf_counter())
    first = search.solve(weight)
    if first is None:
        hidden = coarsest(table, marked, attacks, seed)
        best = program.Best(hidden, search.cost(hidden), search.cost(marked.cells))
    else:
        best = program.solve(search, first)
    found = audit(attacks, marked.cells, best.hidden, seed)
    if found.exposed:
        raise Exposed(found, perf_counter() - start)
    loss = best.cost - search.cost(marked.cells)
    gap = (best.cost - best.bound) / loss if loss > 0 else 0.0
    return Protected(
        tuple(by), shown(table, marked.cells, best.hidden), gap <= ALMOST_NONE, gap, found, perf_counter() - start
    )


def coarsest(table: Table, marked: Primary, attacks: Sequence[Attack], seed: int) -> Mask:
    """When the time is up too early: whole levels hidden, the finest first, until the audit passes."""
    depth = table.depth()
    hidden = marked.can_hide
    for level in range(int(depth.max()), -1, -1):
        hidden = marked.cells | (marked.can_hide & (depth >= level))
        if not audit(attacks, marked.cells, hidden, seed).exposed:
            break
    return hidden


def shown(table: Table, primary_cells: Mask, hidden: Mask) -> tuple[Cell, ...]:
    """Every cell of the table with what the release says of it."""
    return tuple(
        Cell(
            table.keys(cell),
            None if hidden[cell] else int(table.value[cell]),
            PRIMARY if primary_cells[cell] else SECONDARY if hidden[cell] else PUBLISHED,
        )
        for cell in range(table.size)
    )
