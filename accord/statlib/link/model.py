"""Link lists of tokens. This module is the package's only entry point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.statlib.link import assign, facts, fellegi_sunter
from accord.statlib.link.assign import Links, Node
from accord.statlib.link.candidates import Pairs, candidates, indexed
from accord.statlib.link.facts import Ints
from accord.statlib.link.fellegi_sunter import Counted, Floats, Model, presences
from accord.statlib.link.tokens import Kind, TokenList

Two = tuple[int, int]


class Result(NamedTuple):
    """The links between each pair of lists (one-to-one, down to probability .01), the model, and the number of likely
    repeats in each list. Repeats are pairs that agree on both names and the whole birth date. A clean list has hardly
    any."""

    sizes: list[int]
    links: dict[Two, Links]
    model: Model
    repeated: list[int]


class Tally(NamedTuple):
    """Patterns in ascending order, and how many pairs show each pattern."""

    patterns: Ints
    pairs: Ints


def link(
    lists: Sequence[TokenList],
    kinds: Sequence[Kind],
    *,
    not_same: Iterable[tuple[Node, Node]] = (),
    tick: Callable[[int], None] = lambda done: None,
) -> Result:
    """Link two or more clean lists, in which no person appears twice. All lists must have tokens of the same kinds.
    `not_same` holds pairs of records known to be two people. `tick` is called with the number of records just joined,
    and these numbers add up to `work(sizes)`."""
    ready = indexed(lists, kinds)
    pairs = {(i, j): candidates(ready[i], ready[j], kinds, tick=tick) for i, j in combinations(range(len(ready)), 2)}
    within = [tally(candidates(one, one, kinds, tick=tick).pattern) for one in ready]
    counted = count([one.known for one in ready], {two: tally(found.pattern) for two, found in pairs.items()}, within)
    model = fellegi_sunter.fit(counted, kinds)
    apart = told_apart(not_same)
    links = {
        two: scored(found, counted.patterns, model.odds[k], apart.get(two, set()))
        for k, (two, found) in enumerate(pairs.items())
    }
    return Result([one.size for one in lists], links, model, [repeated(found) for found in within])


def work(sizes: Sequence[int]) -> int:
    """Return the total number of records that `link` will report as joined."""
    return sum((len(sizes) - i) * size for i, size in enumerate(sizes))


def tally(patterns: NDArray[np.int32]) -> Tally:
    """Count equal patterns."""
    values, pairs = np.unique(patterns, return_counts=True)
    return Tally(values.astype(np.int64), pairs.astype(np.int64))


def repeated(within: Tally) -> int:
    """Count the pairs within a list that agree on first name, last name, and birth date."""
    levels = facts.levels(within.patterns)
    return int(within.pairs[(levels[:, :3] == 0).all(axis=1)].sum())


def told_apart(not_same: Iterable[tuple[Node, Node]]) -> dict[Two, set[tuple[int, int]]]:
    """Return the cannot-link pairs for each pair of lists. A key is (i, j) with i < j, and its value holds pairs of
    record numbers."""
    apart: dict[Two, set[tuple[int, int]]] = {}
    for pair in not_same:
        (i, a), (j, b) = sorted(pair)
        apart.setdefault((i, j), set()).add((a, b))
    return apart


def count(known: Sequence[Ints], across: dict[Two, Tally], within: Sequence[Tally]) -> Counted:
    """Return the counts that the model is fitted to. `known` holds the fields that each list's records have. `across`
    and `within` hold the patterns across each pair of lists and within each list."""
    patterns = np.unique(np.concatenate([found.patterns for found in (*across.values(), *within)]))

    def spread(found: Tally) -> Floats:
        out = np.zeros(len(patterns))
        out[np.searchsorted(patterns, found.patterns)] = found.pairs
        return out

    return Counted(
        patterns,
        np.stack([spread(found) for found in across.values()]),
        np.sum([spread(found) for found in within], axis=0),
        np.array([float(len(known[i])) * len(known[j]) for i, j in across]),
        np.stack([presences(known[i], known[j]) for i, j in across]),
        np.sum([presences(one, one) * len(one) * (len(one) - 1) / 2 for one in known], axis=0),
    )


def scored(found: Pairs, patterns: Ints, odds: Floats, apart: set[tuple[int, int]]) -> Links:
    """Return the one-to-one links of two lists, with their probabilities after competition. Pairs known to be two
    people are left out."""
    each = odds[np.searchsorted(patterns, found.pattern)]
    if apart:
        pairs = zip(found.left.tolist(), found.right.tolist(), strict=True)
        each = np.where(np.fromiter((pair in apart for pair in pairs), dtype=bool, count=len(each)), 0.0, each)
    probability = assign.compete(found.left, found.right, each)
    return assign.one_to_one(Links(found.left, found.right, probability))
