"""Find the pairs of records that share at least one token, and the pattern of facts that their tokens prove.

Every kind of token is used both for blocking and for comparison: one sort-merge join for each kind, then one OR for
each pair. The left records are processed in stripes, so that memory use depends on the pairs kept, not on the pairs
seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.statlib.link import facts
from accord.statlib.link.facts import Ints
from accord.statlib.link.tokens import Kind, TokenList, rarity_kinds

STRIPE = 25_000
LARGEST_BLOCK = 100_000  # pairs that one token value may propose; a value with more pairs is a placeholder


class Pairs(NamedTuple):
    """Candidate pairs: record numbers in the left and right lists, and the pattern of each pair."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    pattern: NDArray[np.int32]


class Indexed(NamedTuple):
    """A token list sorted for joins, with the fields that each record has and how common its joined names are."""

    of: TokenList
    sorted_tokens: list[NDArray[np.uint64]]
    sorted_records: list[NDArray[np.int32]]
    known: Ints
    others: dict[int, Ints]  # by rarity kind and sorted position: records in all lists with this token, minus two


def indexed(lists: Sequence[TokenList], kinds: Sequence[Kind]) -> list[Indexed]:
    """Prepare all lists for joins. Rarity is counted across all lists together."""
    found = [sorted_for_joins(one, kinds) for one in lists]
    for k in rarity_kinds(kinds):
        values, count = np.unique(np.concatenate([one.sorted_tokens[k] for one in found]), return_counts=True)
        for ready in found:
            ready.others[k] = count[np.searchsorted(values, ready.sorted_tokens[k])].astype(np.int64) - 2
    return found


def sorted_for_joins(one: TokenList, kinds: Sequence[Kind]) -> Indexed:
    """Sort one list's tokens in ascending order within each kind."""
    tokens, records = [], []
    for k in range(len(kinds)):
        order = np.argsort(one.tokens[k], kind="stable")
        tokens.append(one.tokens[k][order])
        records.append(one.records[k][order])
    return Indexed(one, tokens, records, known_fields(one, kinds), {})


def known_fields(one: TokenList, kinds: Sequence[Kind]) -> Ints:
    """Return the fields (n,) that each record in a list has, judging by its kinds of tokens."""
    known = np.zeros(one.size, dtype=np.int64)
    for kind, records in zip(kinds, one.records, strict=True):
        known[records] |= facts.known(kind)
    return known


def joined(left: Indexed, right: Indexed, kind: int, rows: slice) -> tuple[Ints, Ints, Ints]:
    """Return the pairs that share a token of one kind, for left records within `rows`: the left record, the right
    record, and the right record's position in the sorted order."""
    records, tokens = left.of.records[kind][rows], left.of.tokens[kind][rows]
    low = np.searchsorted(right.sorted_tokens[kind], tokens, side="left")
    count = np.searchsorted(right.sorted_tokens[kind], tokens, side="right") - low
    count[count > np.sqrt(LARGEST_BLOCK)] = 0
    start = np.repeat(low - (np.cumsum(count) - count), count)
    position = start + np.arange(count.sum())
    return np.repeat(records, count).astype(np.int64), right.sorted_records[kind][position].astype(np.int64), position


def stripe(left: Indexed, right: Indexed, kinds: Sequence[Kind], low: int, high: int) -> Pairs:
    """Return the pairs for left records from low to high-1, with their patterns. If a list is joined with itself, each
    pair appears once."""
    codes, bits = [], []
    for k, kind in enumerate(kinds):
        ends = np.searchsorted(left.of.records[k], [low, high])
        a, b, position = joined(left, right, k, slice(*ends))
        proof = np.full(len(a), facts.proven(kind), dtype=np.int64)
        if k in right.others:
            proof |= facts.rarity(right.others[k][position])
        if left is right:
            once = a < b
            a, b, proof = a[once], b[once], proof[once]
        codes.append((a << 32) | b)
        bits.append(proof)
    code, proof = np.concatenate(codes), np.concatenate(bits)
    order = np.argsort(code, kind="stable")
    code, proof = code[order], proof[order]
    starts = np.flatnonzero(np.r_[True, code[1:] != code[:-1]]) if len(code) else np.zeros(0, dtype=np.int64)
    a, b = code[starts] >> 32, code[starts] & 0xFFFFFFFF
    pattern = (np.bitwise_or.reduceat(proof, starts) if len(code) else proof) | (left.known[a] & right.known[b])
    return Pairs(a.astype(np.int32), b.astype(np.int32), pattern.astype(np.int32))


def candidates(
    left: Indexed, right: Indexed, kinds: Sequence[Kind], *, tick: Callable[[int], None] = lambda done: None
) -> Pairs:
    """Return all candidate pairs of two lists (or of one list with itself). `tick` is called with the number of
    left records just finished."""
    found = []
    for low in range(0, left.of.size, STRIPE):
        high = min(low + STRIPE, left.of.size)
        found.append(stripe(left, right, kinds, low, high))
        tick(high - low)
    return Pairs(*(np.concatenate(column) for column in zip(*found, strict=True)))
