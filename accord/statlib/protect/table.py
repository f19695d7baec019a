"""Build the full table from leaf cells: every margin, every level of a hierarchy, and the equations between them.

A table has d dimensions. Each dimension is a tree. The tree's leaves are the categories in the data, and its root is
the total, written `*`. A cell is one node from each tree, and its count is the sum of the leaf cells below it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from accord.core.errors import BadInput

TOTAL = "*"
MOST_CELLS = 100_000

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Leaf:
    """One leaf cell: its category in each dimension, its count of people, and how many each agency contributed.
    `agencies` is empty if contributions are not known. If people known to several agencies are counted once, the
    contributions may add up to more than the count, but no single contribution may exceed it."""

    keys: tuple[str, ...]
    count: int
    agencies: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Dimension:
    """One breakdown as a tree. `labels` lists the leaves first and the root `*` last. `children[i]` is empty for a
    leaf."""

    name: str
    labels: tuple[str, ...]
    children: tuple[tuple[int, ...], ...]

    @property
    def leaves(self) -> int:
        """Return how many leaf categories the dimension has."""
        return sum(not below for below in self.children)

    @cached_property
    def membership(self) -> Reals:
        """Return a matrix of nodes x leaves, with 1 where the leaf is the node or is below it."""
        rows = np.zeros((len(self.labels), self.leaves))
        for node, below in enumerate(self.children):
            if below:
                rows[node] = rows[list(below)].sum(axis=0)
            else:
                rows[node, node] = 1
        return rows


def dimension(name: str, categories: Sequence[str], hierarchy: Any = None) -> Dimension:
    """Return a dimension over `categories` (as they occur in the data), grouped by `hierarchy` if one is given.

    A hierarchy maps each group to its members, which are a list of categories or a mapping of smaller groups.
    Categories that the hierarchy does not mention go directly under the total. Groups with no category in the data are
    left out. Raises BadInput for a category in two groups, a group with a category's name, or a group called `*`.
    """
    inner: list[tuple[str, list[str]]] = []
    seen: set[str] = set()

    def grow(tree: Any) -> list[str]:
        if isinstance(tree, Mapping):
            tops = []
            for group, below in tree.items():
                members = grow(below)
                claim(str(group))
                if str(group) in categories:
                    raise BadInput(f"the hierarchy of {name} uses {group!r} both as a group and as a category")
                if members:
                    inner.append((str(group), members))
                    tops.append(str(group))
            return tops
        if isinstance(tree, Sequence) and not isinstance(tree, str):
            for category in tree:
                claim(str(category))
            return [str(category) for category in tree if str(category) in known]
        raise BadInput(f"the hierarchy of {name} must map each group to a list of categories or of smaller groups")

    def claim(label: str) -> None:
        if label in seen or label == TOTAL:
            raise BadInput(f"the hierarchy of {name} uses {label!r} twice or as a reserved word")
        seen.add(label)

    known = set(categories)
    tops = grow(hierarchy) if hierarchy else []
    inner.append((TOTAL, tops + [category for category in categories if category not in seen]))
    labels = [*categories, *(group for group, _ in inner)]
    place = {label: node for node, label in enumerate(labels)}
    children = [()] * len(categories) + [tuple(place[member] for member in members) for _, members in inner]
    return Dimension(name, tuple(labels), tuple(children))


@dataclass(frozen=True)
class Table:
    """The full table. Cells are numbered in C order over the nodes of the dimensions, and all arrays are flat in that
    order."""

    dimensions: tuple[Dimension, ...]
    value: Counts
    occupied: Counts
    contributions: Mapping[str, Counts]

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the number of nodes in each dimension."""
        return tuple(len(each.labels) for each in self.dimensions)

    @property
    def size(self) -> int:
        """Return how many cells the table has, margins included."""
        return prod(self.shape)

    def keys(self, cell: int) -> tuple[str, ...]:
        """Return the cell's category in each dimension (`*` for a total)."""
        nodes = np.unravel_index(cell, self.shape)
        return tuple(each.labels[int(node)] for each, node in zip(self.dimensions, nodes, strict=True))

    def raised(self, least: Counts, own: Counts) -> Counts:
        """For each cell, add up the larger of `least` and `own` over the cell's leaves, and return the sums."""
        inner = tuple(slice(each.leaves) for each in self.dimensions)
        larger = np.maximum(least.reshape(self.shape)[inner], own.reshape(self.shape)[inner])
        return with_margins(self.dimensions, larger)

    def depth(self) -> Counts:
        """For each cell, return the number of dimensions in which it is not a total."""
        inner = [np.arange(n) < n - 1 for n in self.shape]
        together: Counts = np.sum(np.stack(np.meshgrid(*inner, indexing="ij")), axis=0, dtype=np.int64)
        return together.ravel()

    @cached_property
    def equations(self) -> sparse.csr_array:
        """Return a matrix of equations x cells: +1 at a parent cell, and -1 at its children along the first dimension
        in which it has any. Each cell that is not a leaf has one equation. These equations are independent and imply
        all others."""
        grid = np.arange(self.size).reshape(self.shape)
        rows: list[int] = []
        columns: list[int] = []
        entries: list[int] = []
        count = 0
        for nodes in np.ndindex(self.shape):
            for axis, (each, node) in enumerate(zip(self.dimensions, nodes, strict=True)):
                below = each.children[node]
                if below:
                    columns.append(int(grid[nodes]))
                    columns.extend(int(grid[(*nodes[:axis], child, *nodes[axis + 1 :])]) for child in below)
                    entries.extend([1, *([-1] * len(below))])
                    rows.extend([count] * (1 + len(below)))
                    count += 1
                    break
        return sparse.csr_array((np.array(entries, dtype=float), (rows, columns)), shape=(count, self.size))


def with_margins(dimensions: Sequence[Dimension], leaf_counts: Counts) -> Counts:
    """Return all cell counts as a flat array, from the array of leaf counts (one axis for each dimension)."""
    array = leaf_counts.astype(float)
    for axis, each in enumerate(dimensions):
        array = np.moveaxis(np.tensordot(each.membership, array, axes=(1, axis)), 0, axis)
    full: Counts = np.rint(array).astype(np.int64).ravel()
    return full


def build(cells: Sequence[Leaf], by: Sequence[str], hierarchies: Mapping[str, Any] | None = None) -> Table:
    """Return the full table of `cells` over the dimensions `by`. A leaf combination that is not listed has a count of
    zero. Raises BadInput if the cells do not form a table (see `check`), or if the table has more than 100,000 cells
    with its margins."""
    check(cells, by)
    hierarchies = hierarchies or {}
    dimensions = tuple(
        dimension(name, sorted({leaf.keys[axis] for leaf in cells}), hierarchies.get(name))
        for axis, name in enumerate(by)
    )
    if prod(len(each.labels) for each in dimensions) > MOST_CELLS:
        raise BadInput(f"the table has more than {MOST_CELLS:,} cells with its margins; publish smaller linked tables")
    return fill(dimensions, cells)


def fill(dimensions: tuple[Dimension, ...], cells: Sequence[Leaf]) -> Table:
    """Return the full table of `cells` over existing dimensions. Raises BadInput for a category that the dimensions do
    not have."""
    place = [{label: node for node, label in enumerate(each.labels[: each.leaves])} for each in dimensions]
    if any(key not in known for leaf in cells for key, known in zip(leaf.keys, place, strict=True)):
        raise BadInput("a table that is compared has a category of its own")
    where = tuple(np.array([known[leaf.keys[axis]] for leaf in cells]) for axis, known in enumerate(place))

    def full(leaf_counts: Sequence[int]) -> Counts:
        array = np.zeros([each.leaves for each in dimensions], dtype=np.int64)
        array[where] = leaf_counts
        return with_margins(dimensions, array)

    agencies = sorted({agency for leaf in cells for agency in leaf.agencies})
    return Table(
        dimensions,
        value=full([leaf.count for leaf in cells]),
        occupied=full([int(leaf.count > 0) for leaf in cells]),
        contributions={agency: full([leaf.agencies.get(agency, 0) for leaf in cells]) for agency in agencies},
    )


def check(cells: Sequence[Leaf], by: Sequence[str]) -> None:
    """Raise BadInput unless the leaf cells form a table."""
    if not cells or not by:
        raise BadInput("a table needs at least one breakdown and one cell")
    if len(set(by)) < len(by):
        raise BadInput("a breakdown is named twice")
    seen = set()
    for row, leaf in enumerate(cells, start=1):
        if len(leaf.keys) != len(by):
            raise BadInput(f"the cell has {len(leaf.keys)} categories for {len(by)} breakdowns", row=row)
        if TOTAL in leaf.keys:
            raise BadInput(f"{TOTAL!r} is reserved for totals and cannot be a category", row=row)
        if leaf.count < 0 or min(leaf.agencies.values(), default=0) < 0:
            raise BadInput("a count is negative", row=row)
        if max(leaf.agencies.values(), default=0) > leaf.count:
            raise BadInput("an agency contributed more people than the cell counts", row=row)
        if leaf.keys in seen:
            raise BadInput("the same combination of categories is given twice", row=row)
        seen.add(leaf.keys)
