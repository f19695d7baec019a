"""Lists of tokens in, probabilities of pairs out: the one door of the package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from accord.statlib.link import assign, facts, fellegi_sunter
from accord.statlib.link.assign import Links
from accord.statlib.link.candidates import Indexed, Pairs, candidates, indexed
from accord.statlib.link.facts import Ints
from accord.statlib.link.fellegi_sunter import Counted, Floats, Model, presences
from accord.statlib.link.tokens import Kind, TokenList

Two = tuple[int, int]


class Result(NamedTuple):
    """Links between each two lists (one-to-one, down to probability .01), the model, and what the lists were like."""

    sizes: list[int]
    links: dict[Two, Links]
    model: Model
    likely_duplicates: list[float]


def link(
    lists: Sequence[TokenList], kinds: Sequence[Kind], *, tick: Callable[[int], None] = lambda done: None
) -> Result:
    """Link two or more clean lists (no person twice in a list) of tokens of the same kinds.

    `tick` hears how many records have been joined; the total is `work(sizes)`.
    """
    ready = indexed(lists, kinds)
    pairs = {(i, j): candidates(ready[i], ready[j], kinds, tick=tick) for i, j in combinations(range(len(ready)), 2)}
    within = [np.unique(candidates(one, one, kinds, tick=tick).pattern, return_counts=True) for one in ready]
    counted = count(ready, pairs, within)
    model = fellegi_sunter.fit(counted, kinds)
    links = {two: scored(found, counted.patterns, model.odds[k]) for k, (two, found) in enumerate(pairs.items())}
    return Result([one.size for one in lists], links, model, [])


def work(sizes: Sequence[int]) -> int:
    """Number of records that `link` will report as joined."""
    return sum((len(sizes) - i) * size for i, size in enumerate(sizes))


def count(ready: Sequence[Indexed], pairs: dict[Two, Pairs], within: Sequence[tuple[Ints, Ints]]) -> Counted:
    """Patterns and how often each is seen across and within lists."""
    across = [np.unique(found.pattern, return_counts=True) for found in pairs.values()]
    patterns = np.unique(np.concatenate([values for values, _ in (*across, *within)])).astype(np.int64)

    def spread(found: tuple[Ints, Ints]) -> Floats:
        out = np.zeros(len(patterns))
        out[np.searchsorted(patterns, found[0])] = found[1]
        return out

    inside = [presences(one.known, one.known) * one.of.size * (one.of.size - 1) / 2 for one in ready]
    return Counted(
        patterns,
        np.stack([spread(found) for found in across]),
        np.sum([spread(found) for found in within], axis=0),
        np.array([float(ready[i].of.size) * ready[j].of.size for i, j in pairs]),
        np.stack([presences(ready[i].known, ready[j].known) for i, j in pairs]),
        np.sum(inside, axis=0),
    )


def scored(found: Pairs, patterns: Ints, odds: Floats) -> Links:
    """The links of two lists: probabilities after competition, one-to-one."""
    each = odds[np.searchsorted(patterns, found.pattern)]
    probability = assign.compete(found.left, found.right, each)
    return assign.one_to_one(Links(found.left, found.right, probability))
