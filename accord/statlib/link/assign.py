"""Turn pair probabilities into links and clusters, with at most one record from each list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.statlib.link.fellegi_sunter import Floats

WORTH_KEEPING = 0.01
Node = tuple[int, int]  # (list, record)


class Links(NamedTuple):
    """Linked pairs of two lists: left and right record numbers, and the probability of each pair."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    probability: Floats


def compete(left: NDArray[np.int32], right: NDArray[np.int32], odds: Floats) -> Floats:
    """Return the probability of each pair, given that a record has at most one partner in the other list. A pair
    competes with having no partner (odds of 1) and with every rival of either record: p = r / (1 + sum of r over its
    row and column). This is the first-order form of the one-to-one posterior (Sadinle 2017, JASA 112:600, section 2,
    has the exact model)."""
    row = np.bincount(left, weights=odds)[left] if len(left) else odds
    column = np.bincount(right, weights=odds)[right] if len(right) else odds
    return odds / (1 + row + column - odds)


def one_to_one(links: Links, least: float = WORTH_KEEPING) -> Links:
    """Keep pairs from the most likely one down to probability `least`. Each record is used at most once."""
    order = np.argsort(-links.probability, kind="stable")
    order = order[links.probability[order] >= least]
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    kept = []
    for i, a, b in zip(order.tolist(), links.left[order].tolist(), links.right[order].tolist(), strict=True):
        if a not in taken_left and b not in taken_right:
            taken_left.add(a)
            taken_right.add(b)
            kept.append(i)
    return Links(links.left[kept], links.right[kept], links.probability[kept])


def clusters(
    links: Mapping[tuple[int, int], Links],
    *,
    threshold: float = 0.5,
    proposed: float = 1.0,
    not_same: Iterable[tuple[Node, Node]] = (),
) -> list[list[Node]]:
    """Group records from many lists into people. Returns only people with two or more records, in a fixed order.

    This is greedy correlation clustering (Bansal, Blum, and Chawla 2004), starting with the most likely pair. Two
    clusters are joined if they share no list, no cannot-link pair separates them, and the log odds of all pairs across
    them add up to more than zero. A pair that no token proposed contributes log(1 - proposed). Tokens can miss a match,
    so a missing token is only weak evidence.
    """
    weight = {
        ((i, a), (j, b)): p
        for (i, j), found in links.items()
        for a, b, p in zip(found.left.tolist(), found.right.tolist(), found.probability.tolist(), strict=True)
    }
    apart: dict[Node, set[Node]] = {}
    for one, other in not_same:
        apart.setdefault(one, set()).add(other)
        apart.setdefault(other, set()).add(one)
    silence = float(np.log(max(1 - proposed, 1e-6)))
    member: dict[Node, list[Node]] = {}

    def between(one: list[Node], other: list[Node]) -> float:
        total = 0.0
        for x in one:
            for y in other:
                p = weight.get((x, y), weight.get((y, x)))
                total += silence if p is None else float(np.log(max(p, 1e-9) / max(1 - p, 1e-9)))
        return total

    for (left, right), chance in sorted(weight.items(), key=lambda item: (-item[1], item[0])):
        if chance < threshold:
            break
        here, there = member.get(left, [left]), member.get(right, [right])
        if here is there or {i for i, _ in here} & {i for i, _ in there}:
            continue
        if any(apart.get(node, set()) & set(there) for node in here):
            continue
        if len(here) + len(there) > 2 and between(here, there) <= 0:
            continue
        joined = sorted(here + there)
        member.update(dict.fromkeys(joined, joined))
    return sorted({id(group): group for group in member.values()}.values())
