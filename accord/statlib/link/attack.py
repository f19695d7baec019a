"""Measure how many names a hub without the key could guess from tokens. The two attacks are measurements, not proofs.

The attacker has the encoded list and a similar list in plain text. *Ranking* matches the most common token of a kind
with the most common value, the next with the next, and so on (frequency analysis, which works against any deterministic
encryption: Naveed, Kamara, and Wright 2015). *Chaining* joins all records connected through tokens that contain the
same name part, and ranks the joined groups against the names. Each attack counts the records whose name part it guesses
correctly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from accord.statlib.link.normalise import Person
from accord.statlib.link.tokens import Kind, TokenList, bound_values, forms

PARTS = ("first", "last")


def true_names(people: Sequence[Person], part: str) -> list[str]:
    """Return the word that a guess must match for each person: the name part if it is one word, otherwise an empty
    string."""
    words = [forms(getattr(person, part))["exact"] for person in people]
    return [word[0] if len(word) == 1 else "" for word in words]


def single(made: TokenList, kind: int) -> tuple[NDArray[np.int32], NDArray[np.uint64]]:
    """Return the records that have exactly one token of this kind, and those tokens. Several name parts would mislead
    the attacker."""
    records, tokens = made.records[kind], made.tokens[kind]
    once = np.bincount(records, minlength=made.size)[records] == 1
    return records[once], tokens[once]


def ranking(made: TokenList, kinds: Sequence[Kind], known: Sequence[Person], names: Sequence[str], part: str) -> float:
    """Return the share of records whose name `part` is guessed correctly by rank, for the single kind that reveals the
    most."""
    best = 0.0
    for k, kind in enumerate(kinds):
        if getattr(kind, part) != "exact" or kind.crossed:
            continue
        values = Counter(value for person in known for value in plain_values(person, kind))
        named = [dict(zip(PARTS, value, strict=False))[part] for value, _ in values.most_common()]
        records, tokens = single(made, k)
        order = Counter(tokens.tolist()).most_common()
        guess = {token: name for (token, _), name in zip(order, named, strict=False)}
        right = sum(guess.get(token) == names[r] for r, token in zip(records.tolist(), tokens.tolist(), strict=True))
        best = max(best, right / made.size)
    return best


def plain_values(person: Person, kind: Kind) -> list[tuple[str, str, str]]:
    """Return the values that a token of this kind hides: the form of the first name, the form of the last name, and the
    bound value. Names with several words are skipped."""
    bound = bound_values(person).get(kind.bound)
    first, last = forms(person.first)[kind.first], forms(person.last)[kind.last]
    return [(first[0], last[0], bound)] if bound is not None and len(first) == 1 and len(last) == 1 else []


def chaining(made: TokenList, kinds: Sequence[Kind], known: Sequence[Person], names: Sequence[str], part: str) -> float:
    """Return the share of records whose name `part` is guessed correctly from groups of records joined through shared
    tokens."""
    rows, columns, offset = [], [], made.size
    for k, kind in enumerate(kinds):
        if getattr(kind, part) == "exact" and not kind.crossed:
            records, tokens = single(made, k)
            values, number = np.unique(tokens, return_inverse=True)
            rows.append(records.astype(np.int64))
            columns.append(number + offset)
            offset += len(values)
    row, column = np.concatenate(rows), np.concatenate(columns)
    graph = coo_array((np.ones(len(row), dtype=np.int8), (row, column)), shape=(offset, offset))
    _, label = connected_components(graph, directed=False)
    group = label[: made.size].tolist()
    usual = Counter(name for name in true_names(known, part) if name)
    guess = {g: name for (g, _), (name, _) in zip(Counter(group).most_common(), usual.most_common(), strict=False)}
    return sum(bool(name) and guess.get(g) == name for g, name in zip(group, names, strict=True)) / made.size
