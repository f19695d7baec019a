"""Earlier releases about the same people, and what they add to an attacker's knowledge.

A cell that an earlier release shows with today's count is known, no matter what this release does. If a cell's count
has changed by less than the threshold since it was shown, subtraction reveals those few people, so the cell becomes
primary. If nothing has changed, the earlier release's own cells and equations join the attackers' systems, and the
cells it hid must stay hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from accord.core.errors import BadInput
from accord.statlib.protect.attack import CLOSE, Attack, Prover, load
from accord.statlib.protect.labels import groups as groups_of
from accord.statlib.protect.labels import renamed, written
from accord.statlib.protect.primary import Primary
from accord.statlib.protect.table import TOTAL, Counts, Mask, Reals, Table, dimension

Coordinates = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Earlier:
    """One earlier release: its breakdowns and, for each cell, the count shown (None if hidden) and the status."""

    by: tuple[str, ...]
    cells: Mapping[tuple[str, ...], tuple[int | None, str]]

    def at(self) -> dict[Coordinates, int | None]:
        """Return the counts by coordinates: the (breakdown, category) pairs that are not totals."""
        return {where(self.by, keys): value for keys, (value, _) in self.cells.items()}

    def labels(self) -> dict[str, set[str]]:
        """Return the categories and groups of each breakdown, and `*`."""
        return {name: {keys[axis] for keys in self.cells} for axis, name in enumerate(self.by)}


def where(by: Sequence[str], keys: Sequence[str]) -> Coordinates:
    """Return the coordinates that identify a cell across tables with different breakdowns."""
    return frozenset((name, key) for name, key in zip(by, keys, strict=True) if key != TOTAL)


def read(document: Any, file: str = "") -> Earlier:
    """Read an earlier release from the JSON of `Protected.as_json()`. Raises BadInput for anything else."""
    cells = document.get("cells") if isinstance(document, Mapping) else None
    if not isinstance(cells, Sequence) or not cells or not all(isinstance(each, Mapping) for each in cells):
        raise BadInput("this is not a release written by accord protect", file=file)
    cells = [{written(name): value for name, value in each.items()} for each in cells]
    by = tuple(name for name in cells[0] if name not in ("value", "status"))
    found: dict[tuple[str, ...], tuple[int | None, str]] = {}
    for row, each in enumerate(cells, start=1):
        if set(each) != {*by, "value", "status"}:
            raise BadInput("the cell has different breakdowns than the first", file=file, row=row)
        value = each["value"]
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise BadInput("the count is neither a whole number nor hidden", file=file, row=row)
        found[tuple(written(str(each[name])) for name in by)] = (value, str(each["status"]))
    return Earlier(by, found)


def respelt(earlier: Earlier, by: Sequence[str], labels: Mapping[str, Collection[str]]) -> Earlier:
    """Return the earlier release with breakdowns and categories spelled as in this table, where only case, width,
    spaces, or accent composition differ. `labels` holds each breakdown's categories, its groups, and `*`."""
    names = renamed(earlier.by, [name for name in by if name not in earlier.by])
    now = tuple(names[name] for name in earlier.by)
    axes = []
    for axis, name in enumerate(now):
        before = earlier.labels()[earlier.by[axis]]
        axes.append(renamed(before, set(labels.get(name, ())) - before))
    cells = {
        tuple(axis[key] for axis, key in zip(axes, keys, strict=True)): cell for keys, cell in earlier.cells.items()
    }
    if len(set(now)) < len(now) or len(cells) < len(earlier.cells):
        raise BadInput("an earlier release has two breakdowns or categories that are one here; spell them alike")
    return Earlier(now, cells)


def standing(
    table: Table, earlier: Sequence[Earlier], marked: Primary, threshold: int
) -> tuple[Primary, Mask, list[Earlier]]:
    """Add the cells that subtraction reveals to the primary cells. Returns the primary cells, the cells already known,
    and the earlier releases whose counts have not changed."""
    place = places(table)
    known = np.zeros(table.size, dtype=np.bool_)
    cells, low, high = marked.cells.copy(), marked.low.copy(), marked.high.copy()
    unchanged = []
    for release in earlier:
        same = True
        for here, before in release.at().items():
            if here not in place or before is None:
                continue
            cell = place[here]
            change = int(table.value[cell]) - before
            same &= change == 0
            known[cell] |= change == 0
            if 0 < abs(change) < threshold:
                ends = sorted((before, before + threshold * (1 if change > 0 else -1)))
                low[cell] = max(marked.least[cell], min(low[cell], ends[0]) if cells[cell] else ends[0])
                high[cell] = max(high[cell], ends[1]) if cells[cell] else ends[1]
                cells[cell] = True
        if same:
            unchanged.append(release)
    return replace(marked, cells=cells, low=low, high=high, can_hide=marked.can_hide & ~known), known, unchanged


def places(table: Table) -> dict[Coordinates, int]:
    """Return each cell's index by its coordinates."""
    by = [each.name for each in table.dimensions]
    return {where(by, table.keys(cell)): cell for cell in range(table.size)}


@dataclass(frozen=True)
class Beyond:
    """The extra columns, with their bounds, and the equations that an earlier release adds to this one."""

    equations: sparse.csr_array
    value: Reals
    lower: Reals
    upper: Reals
    primary: Sequence[int]


def beyond(table: Table, earlier: Earlier, hierarchies: Mapping[str, Any]) -> Beyond | None:
    """Return the extra columns and equations of an earlier release whose counts have not changed, or None if it has no
    extra cells. Its hidden counts are not known here, so any table that agrees with its published cells is used as
    the true one. Raises BadInput if no table agrees, for example because the grouping has changed."""
    place = places(table)
    old = outline(earlier, hierarchies)
    columns, extra, bounds, primary_columns = [], 0, [], []
    zeros_shown = any(value == 0 for value, _ in earlier.cells.values())
    most = 2.0 * table.value.max() + 100.0
    for cell in range(old.size):
        keys = old.keys(cell)
        value, status = earlier.cells.get(keys, (0, ""))
        column = place.get(where(earlier.by, keys))
        if column is None:
            column = table.size + extra
            extra += 1
            bounds.append((float(zeros_shown), most) if value is None else (float(value), float(value)))
            if status == "primary":
                primary_columns.append(column)
        columns.append(column)
    if not extra:
        return None
    ties = old.equations.tocoo()
    equations = sparse.csr_array(
        (ties.data, (ties.row, np.array(columns)[ties.col])), shape=(ties.shape[0], table.size + extra)
    )
    lower, upper = np.array(bounds).T
    true = agreeing(equations, table.value, lower, upper)
    if true is None:
        raise BadInput(disagreement(table, earlier, hierarchies))
    return Beyond(equations, true, lower, upper, primary_columns)


def disagreement(table: Table, earlier: Earlier, hierarchies: Mapping[str, Any]) -> str:
    """Return the likely reason why an earlier release does not agree with this table, based on its labels."""
    for each in table.dimensions:
        if each.name in earlier.by:
            strange = sorted(earlier.labels()[each.name] - {*each.labels, *groups_of(hierarchies.get(each.name))})
            if strange:
                return (
                    f"an earlier release groups {each.name} in another way (it has {strange[0]!r}); two groupings of one "
                    "breakdown cannot be published one after the other: use the hierarchy that it was made with"
                )
    return (
        "an earlier release does not add up with this table: it is about other persons, or was grouped in another way"
    )


def outline(earlier: Earlier, hierarchies: Mapping[str, Any]) -> Table:
    """Return the earlier release's table without its counts. Labels that a hierarchy uses for groups become groups."""
    dimensions = []
    for axis, name in enumerate(earlier.by):
        labels = sorted({keys[axis] for keys in earlier.cells} - {TOTAL})
        groups = groups_of(hierarchies.get(name))
        tree = hierarchies.get(name) if groups & set(labels) else None
        dimensions.append(dimension(name, [label for label in labels if label not in groups or not tree], tree))
    size = int(np.prod([len(each.labels) for each in dimensions]))
    nothing: Counts = np.zeros(size, dtype=np.int64)
    return Table(tuple(dimensions), nothing, nothing, {})


def agreeing(equations: sparse.csr_array, value: Counts, lower: Reals, upper: Reals) -> Reals | None:
    """Return values for the extra columns that are within their bounds and that satisfy the equations together with
    the release's true counts. Returns None if there are none."""
    size = len(value)
    highs = load(sparse.csc_array(equations[:, size:]))
    right = -(equations[:, :size] @ value.astype(float))
    count = len(lower)
    highs.changeColsBounds(count, np.arange(count, dtype=np.int32), lower, upper)
    highs.changeRowsBounds(len(right), np.arange(len(right), dtype=np.int32), right, right)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.array(highs.getSolution().col_value)


def informed(attack: Attack, known: Mask, further: Sequence[Beyond], can_hide: Mask, threshold: int) -> Attack:
    """Return the attacker with everything already published added to its knowledge. A cell that an earlier release hid
    must stay as uncertain as it was before this release, up to the threshold."""
    lower = np.where(known, attack.value, attack.lower)
    upper = np.where(known, attack.value, attack.upper)
    goals = [goal for goal in attack.goals if not known[goal[0]]]
    joined = replace(attack, lower=lower, upper=upper, goals=goals)
    for more in further:
        size, width = len(joined.value), len(more.value)
        first = attack.equations.shape[1]
        shift = sparse.csr_array(more.equations)
        left = shift[:, :first]
        middle = sparse.csr_array((shift.shape[0], size - first))
        equations = sparse.vstack(
            [
                sparse.hstack([joined.equations, sparse.csr_array((joined.equations.shape[0], width))]),
                sparse.hstack([left, middle, shift[:, first:]]),
            ]
        ).tocsr()
        wanted = [(column - first + size, sign, 0.0) for column in more.primary for sign in (-1, 1)]
        joined = Attack(
            joined.name,
            sparse.csr_array(equations),
            np.append(joined.value, more.value),
            np.append(joined.lower, more.lower),
            np.append(joined.upper, more.upper),
            np.append(joined.always, np.ones(width, dtype=np.bool_)),
            joined.goals,
        )
        joined = replace(joined, goals=[*joined.goals, *kept(joined, wanted, can_hide, threshold)])
    return granted(joined, can_hide, threshold) if known.any() or further else joined


def kept(
    attack: Attack, goals: Sequence[tuple[int, int, float]], can_hide: Mask, threshold: int
) -> list[tuple[int, int, float]]:
    """Reduce each goal's need to the movement that is possible before any part of this release is published. Drop goals
    with no need left."""
    held = []
    for (column, sign, _), reach in zip(goals, reaches(attack, goals, can_hide), strict=True):
        wanted = threshold - attack.value[column] if sign > 0 else attack.value[column] - attack.lower[column]
        need = min(reach, wanted)
        if need > CLOSE:
            held.append((column, sign, need))
    return held


def granted(attack: Attack, can_hide: Mask, threshold: int) -> Attack:
    """Lower each goal to the movement that the published tables leave possible. Downward, a small cell only needs to
    reach the lowest count that is still believable, because the zeros of two releases together reveal more than those
    of one. Upward, a small cell only needs to reach one below the threshold. For example, a published total of 11 shows
    that each of its two parts is at most 10, but the rule that hid the parts also shows that."""
    goals = []
    for (cell, sign, need), reach in zip(attack.goals, reaches(attack, attack.goals, can_hide), strict=True):
        small = attack.value[cell] < threshold
        slack = (need if sign < 0 else 1) if small else 0
        goals.append((cell, sign, min(need, max(reach, need - slack))))
    return replace(attack, goals=[goal for goal in goals if goal[2] > CLOSE])


def reaches(attack: Attack, goals: Sequence[tuple[int, int, float]], can_hide: Mask) -> list[float]:
    """Return how far each cell can move in its goal's direction before any part of this release is published."""
    prover = Prover(replace(attack, goals=goals), seed=0)
    prover.hide(can_hide)
    moves = [prover.extreme(goal)[0] for goal in range(len(goals))]
    return [sign * float(move[prover.column[cell]]) for (cell, sign, _), move in zip(goals, moves, strict=True)]
