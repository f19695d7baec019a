"""Tables with the same breakdowns for different agencies, and what a reader can learn by subtracting them.

Suppose a table for three agencies is published, and later a second table for six agencies, including the first three.
The second table minus the first is a table for the three additional agencies, which no one published. So each group of
agencies that the tables distinguish, and each difference of two tables, is treated as a separate table here, with its
own small cells and its own few contributors. The attackers' systems hold all of these tables at once, linked cell by
cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np
from scipy import sparse

from accord.core.errors import BadInput
from accord.statlib.protect.attack import CLOSE, Attack, Prover, goals_for
from accord.statlib.protect.primary import Primary, Rules, few_hands, primary
from accord.statlib.protect.table import Counts, Leaf, Mask, Reals, Table, fill

# A goal that requires all the uncertainty that is left is lowered by slightly more than the solver's tolerance.
SLACK = 1e-4

Signs = tuple[int, ...]


@dataclass(frozen=True)
class Sum:
    """A published table with the same breakdowns, for the same or other agencies.

    leaves: its true leaf cells, each with every agency's contribution
    shown: the published value of each cell, totals included (a hidden cell is None or left out)
    """

    leaves: Sequence[Leaf]
    shown: Mapping[tuple[str, ...], int | None]


@dataclass(frozen=True)
class Part:
    """A table that can be computed by adding and subtracting the sums.

    signs: how many times each group of agencies is added (negative if it is subtracted)
    table: the true counts, and each agency's share of them
    size: the number of people in each cell, regardless of sign
    marked: the cells that must not become known
    shown: the cells that are published
    occupied: in each cell, the number of leaf cells that readers know are not empty
    """

    signs: Signs
    table: Table
    size: Counts
    marked: Primary
    shown: Mask
    occupied: Counts

    @cached_property
    def plain(self) -> bool:
        """Return whether the part is a sum of agencies, with nothing subtracted."""
        return min(self.signs) >= 0


@dataclass(frozen=True)
class Overlap:
    """All parts into which the release and the published sums can be separated. The release comes first."""

    parts: tuple[Part, ...]
    known: Mask

    @property
    def release(self) -> Part:
        """Return the table to be published."""
        return self.parts[0]

    @cached_property
    def equations(self) -> sparse.csr_array:
        """Return the equations. Every group of agencies adds up as a table, and every other part is the signed sum of
        its groups, cell by cell."""
        width = len(self.parts)
        single = {part.signs.index(1): place for place, part in enumerate(self.parts) if is_single(part.signs)}
        eye = sparse.eye_array(self.release.table.size, format="csr")
        rows = []
        for place, part in enumerate(self.parts):
            if is_single(part.signs):
                blocks = {place: part.table.equations}
            else:
                blocks = {single[group]: -sign * eye for group, sign in enumerate(part.signs) if sign}
                blocks[place] = eye
            height = blocks[place].shape[0]
            none = sparse.csr_array((height, eye.shape[1]))
            rows.append(sparse.hstack([blocks.get(at, none) for at in range(width)]))
        return sparse.csr_array(sparse.vstack(rows))


def is_single(signs: Signs) -> bool:
    """Return whether a part is one group of agencies."""
    return sum(map(abs, signs)) == 1 and 1 in signs


def overlap(table: Table, sums: Sequence[Sum], rules: Rules) -> Overlap:
    """Separate the release and the published sums into groups of agencies and differences. Raises BadInput if the
    agencies' contributions do not add up to the counts, or if a sum has a category that the release lacks."""
    tables = [table, *(fill(table.dimensions, each.leaves) for each in sums)]
    shown = [np.zeros(table.size, dtype=np.bool_), *(out(table, each) for each in sums)]
    for each in tables:
        if (sum(each.contributions.values(), np.zeros_like(each.value)) != each.value).any():
            raise BadInput("agencies' contributions do not add up to the counts, so sums cannot be compared")
    groups = grouped(tables)
    parts = {}
    for signs in combined(list(groups), len(tables)):
        whole = [place for place in range(len(tables)) if signs == tuple(group[place] for group in groups)]
        parts[signs] = part(signs, groups, table, rules, [shown[place] for place in whole], of_table=bool(whole))
    release = next(iter(parts.values()))
    return Overlap(tuple(parts.values()), release.shown)


def out(table: Table, before: Sum) -> Mask:
    """Return a mask of the cells that an earlier sum shows."""
    return np.array([before.shown.get(table.keys(cell)) is not None for cell in range(table.size)], dtype=np.bool_)


Groups = dict[Signs, dict[str, Counts]]


def grouped(tables: Sequence[Table]) -> Groups:
    """Group the agencies by the tables they are in (1 or 0 for each table). If an agency's counts have changed, each
    version of them is treated as a separate agency."""
    where: dict[tuple[str, bytes], list[int]] = {}
    for place, table in enumerate(tables):
        for agency, counts in table.contributions.items():
            where.setdefault((agency, counts.tobytes()), [0] * len(tables))[place] = 1
    groups: Groups = {}
    for (agency, raw), places in sorted(where.items()):
        groups.setdefault(tuple(places), {})[agency] = np.frombuffer(raw, dtype=np.int64)
    return groups


def combined(groups: Sequence[Signs], tables: int) -> Iterable[Signs]:
    """Return the signs of every part worth attacking: the tables (the release first), the differences of two tables,
    and the single groups."""
    columns = [tuple(group[place] for group in groups) for place in range(tables)]
    found = dict.fromkeys(columns)
    for one, other in combinations(columns, 2):
        difference = tuple(a - b for a, b in zip(one, other, strict=True))
        found[difference if sum(difference) >= 0 else tuple(-sign for sign in difference)] = None
    for group in range(len(groups)):
        found[tuple(int(group == at) for at in range(len(groups)))] = None
    return [signs for signs in found if any(signs)]


def part(signs: Signs, groups: Groups, like: Table, rules: Rules, shown: Sequence[Mask], *, of_table: bool) -> Part:
    """Return one part, with the rules applied to it."""
    contributions: dict[str, Counts] = {}
    for sign, members in zip(signs, groups.values(), strict=True):
        for agency, counts in members.items() if sign else ():
            contributions[agency] = contributions.get(agency, 0) + sign * counts
    nothing = np.zeros_like(like.value)
    value = sum(contributions.values(), nothing)
    occupied = like.raised((value > 0).astype(np.int64), nothing)
    table = replace(like, value=value, occupied=occupied, contributions=contributions)
    size = sum((np.abs(counts) for counts in contributions.values()), np.zeros_like(value))
    marked = primary(table, rules) if min(signs) >= 0 else moved(table, size, rules)
    everything = np.any([nothing > 0, *shown], axis=0)
    known_not_empty = occupied if of_table and not rules.hide_zeros else nothing
    return Part(signs, table, size, marked, everything, known_not_empty)


def moved(table: Table, size: Counts, rules: Rules) -> Primary:
    """Return the primary cells of a difference in which some agencies joined and others left. If a change is smaller
    than the threshold, a reader must not be able to rule out that nothing changed, or that the change is as large as
    the threshold. A larger change with few contributors must stay uncertain by threshold-1 in both directions."""
    value, span = table.value, rules.threshold - 1
    small = (value != 0) & (np.abs(value) < rules.threshold)
    parts = {agency: np.abs(counts) for agency, counts in table.contributions.items()}
    held = few_hands(replace(table, value=size, contributions=parts), rules) & ~small
    low = np.where(small, np.minimum(0, np.sign(value) * rules.threshold), value - span)
    high = np.where(small, np.maximum(0, np.sign(value) * rules.threshold), value + span)
    return Primary(small | held, low, high, np.full_like(value, -np.iinfo(np.int64).max), np.ones_like(small))


def attackers(found: Overlap, rules: Rules) -> list[Attack]:
    """Return the attackers, who see all parts at once: the reader of everything published, and each agency with its own
    counts. No goal requires more uncertainty than is left when this release shows nothing, because published figures
    can't be recalled."""
    agencies = sorted({agency for each in found.parts for agency in each.table.contributions})
    return [fair(attack(found, name, rules), found.release.marked.can_hide & ~found.known) for name in ["", *agencies]]


def attack(found: Overlap, agency: str, rules: Rules) -> Attack:
    """Return one attacker: an agency, or the reader if `agency` is empty."""
    values, lowers, uppers, goals = [], [], [], []
    size = found.release.table.size
    for place, each in enumerate(found.parts):
        value, true = each.table.value, each.table.value.astype(float)
        own = each.table.contributions.get(agency, np.zeros_like(value))
        known = each.shown | (set(each.table.contributions) == {agency})
        least, most = bounds(each, own, rules)
        if place == 0:
            most = np.where(each.marked.can_hide, most, value)
        low: Reals = np.where(known, true, least)
        high: Reals = np.where(known, true, most)
        foreign = np.where(known, False, np.abs(own) < np.maximum(each.size, 1))
        goals += [
            (place * size + cell, sign, need) for cell, sign, need in goals_for(true, each.marked, low) if foreign[cell]
        ]
        values.append(true)
        lowers.append(low)
        uppers.append(high)
    always = np.arange(size * len(found.parts)) >= size
    return Attack(
        agency or "a reader",
        found.equations,
        np.concatenate(values),
        np.concatenate(lowers),
        np.concatenate(uppers),
        always,
        goals,
    )


def bounds(part: Part, own: Counts, rules: Rules) -> tuple[Counts, Counts]:
    """Return the lowest and highest counts that an attacker who contributed `own` believes possible for each hidden
    cell of a part."""
    value = part.table.value
    if part.plain:
        return part.table.raised(part.occupied, own), np.maximum(2 * value, 2 * rules.threshold)
    room = 2 * (part.size + rules.threshold)
    return value - room, value + room


def fair(attack: Attack, can_hide: Mask) -> Attack:
    """Return the attack with each goal lowered to the uncertainty that is left when the release hides everything it can
    hide."""
    if not attack.goals:
        return attack
    prover = Prover(attack, seed=0)
    needs = dict(enumerate(attack.goals))
    for goal in prover.unproved(can_hide):
        prover.hide(can_hide)
        move, _ = prover.extreme(goal)
        cell, sign, _ = attack.goals[goal]
        needs[goal] = (cell, sign, sign * float(move[prover.column[cell]]) - SLACK)
    return replace(attack, goals=[goal for goal in needs.values() if goal[2] > CLOSE])
