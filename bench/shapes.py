"""The same invented people, as agencies that record less would list them: years only, one-word names, other scripts."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import polars as pl

from accord.statlib.link import assign, counts, model, tokens
from accord.statlib.link.assign import Node
from accord.statlib.link.model import Result
from accord.statlib.link.normalise import Person
from accord.statlib.link.tokens import Kind, TokenList

FIELDS = ["first_name", "last_name", "birth_date", "sex", "place"]
LETTERS = "kgcjtdnpbmyrlvshfqwxz"
SCRIPTS = {  # consonants in the order of LETTERS, the signs for a e i o u, and the vowel with no consonant before it
    "Telugu": ("కగచజతదనపబమయరలవసహఫఖవషఝ", "ా ే ి ో ు", "అ"),
    "Khmer": ("កគចជតទនបពមយរលវសហផខងញឈ", "ា េ ិ ោ ុ", "អ"),
    "Burmese": ("ကဂစဇတဒနပဗမယရလဝသဟဖခငညဈ", "ာ ေ ိ ော ု", "အ"),
}


def in_script(name: str, script: str) -> str:
    """Spell a Latin name, letter by letter, in a script that writes vowels as marks on the previous consonant."""
    consonants, signs, alone = SCRIPTS[script]
    sign = dict(zip("aeiou", signs.split(), strict=True))
    said = letters(name)
    out = ""
    for i, letter in enumerate(said):
        if letter in sign:
            after_consonant = i and said[i - 1] not in sign and said[i - 1] != " "
            out += sign[letter] if after_consonant else alone + sign[letter]
        elif letter in LETTERS:
            out += consonants[LETTERS.index(letter)]
        else:
            out += letter
    return out


def letters(name: str) -> str:
    """Return the name in lowercase ASCII letters and spaces."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("đ", "d").replace("ł", "l"))
    return "".join(letter for letter in plain if letter.isascii() and (letter.isalpha() or letter == " "))


def without(column: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Return a function that empties this column."""
    return lambda frame: frame.with_columns(pl.lit("").alias(column))


def cut(length: int) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Return a function that keeps only the start of a birth date: 4 characters for the year, 7 for year and month."""
    return lambda frame: frame.with_columns(pl.col("birth_date").str.slice(0, length))


def written(script: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Return a function that writes both names in another script."""
    turned = [pl.col(name).map_elements(lambda n: in_script(n, script), pl.String) for name in FIELDS[:2]]
    return lambda frame: frame.with_columns(turned)


ALL = range(10)
Shape = tuple[Sequence[int], list[Callable[[pl.DataFrame], pl.DataFrame]]]  # which lists change, and how
SHAPES: dict[str, Shape] = {
    "all fields": ((), []),
    "birth years only": (ALL, [cut(4)]),
    "month and year only": (ALL, [cut(7)]),
    "birth years only in two of three": ((1, 2), [cut(4)]),
    "birth years only in one": ((1,), [cut(4)]),
    "one-word names": (ALL, [without("last_name")]),
    "one-word names in one": ((1,), [without("last_name")]),
    "no sex": (ALL, [without("sex")]),
    "no sex in one": ((1,), [without("sex")]),
    "no place": (ALL, [without("place")]),
    "birth years only, no place": (ALL, [cut(4), without("place")]),
    "no birth date in one": ((1,), [without("birth_date")]),
    "Telugu script": (ALL, [written("Telugu")]),
    "Khmer script": (ALL, [written("Khmer")]),
    "Burmese script": (ALL, [written("Burmese")]),
    "Khmer script, birth years only": (ALL, [written("Khmer"), cut(4)]),
}


def shaped(frames: Sequence[pl.DataFrame], shape: str) -> list[pl.DataFrame]:
    """Return the same lists with less information."""
    which, changes = SHAPES[shape]
    out = []
    for number, frame in enumerate(frames):
        for change in changes if number in which else []:
            frame = change(frame)
        out.append(frame)
    return out


class Outcome(NamedTuple):
    """A linkage compared with the truth: distinct people (true and reported), F1 for pairs in clusters, calibration."""

    result: Result
    truth: int
    distinct: counts.Distinct
    f1: float
    promised: float
    true: int


def encoded(frame: pl.DataFrame, key: bytes, kinds: Sequence[Kind]) -> TokenList:
    return tokens.encode(
        [Person(*(value or "" for value in row)) for row in frame.select(FIELDS).iter_rows()], key, kinds
    )


def outcome(frames: Sequence[pl.DataFrame], key: bytes, scheme: str = "joined") -> Outcome:
    """Encode and link lists from `bench.people`, and judge the people found by their `pid`."""
    kinds = tokens.kinds_of(scheme)
    result = model.link([encoded(frame, key, kinds) for frame in frames], kinds)
    proposed = float(result.model.proposed.min())

    def at(threshold: float) -> list[list[Node]]:
        return assign.clusters(result.links, threshold=threshold, proposed=proposed)

    pids = [frame["pid"].to_numpy() for frame in frames]
    found = [(x, y) for group in at(0.5) for x, y in combinations(group, 2)]
    right = sum(pids[x[0]][x[1]] == pids[y[0]][y[1]] for x, y in found)
    matches = sum(len(np.intersect1d(one, other)) for one, other in combinations(pids, 2))
    return Outcome(
        result,
        len(np.unique(np.concatenate(pids))),
        counts.distinct(result, at),
        2 * right / max(len(found) + matches, 1),
        float(sum(links.probability.sum() for links in result.links.values())),
        int(sum((pids[i][x.left] == pids[j][x.right]).sum() for (i, j), x in result.links.items())),
    )
