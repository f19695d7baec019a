"""The facts that an agreeing token proves about a pair of records, and the levels of agreement that the model uses.

A pair's pattern is one integer: sixteen bits for facts, six bits for the fields that both records have, and eight bits
for how many other records share the pair's rarest joined name. The facts of all agreeing tokens are combined by OR, so
any engine that can group and OR can build patterns (numpy here, Spark in `spark.py`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from accord.statlib.link.tokens import Kind

Ints = NDArray[np.int64]

FACTS = (
    *("date", "year", "day", "swapped", "place", "sex"),
    *("first exact", "first root", "first sound", "first start"),
    *("last exact", "last sound", "last start", "crossed"),
)
FACT = {name: 1 << i for i, name in enumerate(FACTS)}
KNOWN_SHIFT = 16
KNOWN = {name: 1 << (KNOWN_SHIFT + i) for i, name in enumerate(("date", "year", "place", "first", "last", "sex"))}
KNOWN_MASK = sum(KNOWN.values())
PRESENCES = 64
RARITY_SHIFT = 22
RARITY_STEPS = np.array([1, 2, 3, 5, 9, 17, 33])  # others who share the name: 0, 1, 2, 3-4, 5-8, 9-16, 17-32, more

BOUND = {  # the facts that an agreeing bound value proves
    "": (),
    "year": ("year",),
    "day": ("day",),
    "place": ("place",),
    "date": ("date", "year", "day"),
    "date+sex": ("date", "year", "day", "sex"),
    "date+no sex": ("date", "year", "day"),
    "date+place": ("date", "year", "day", "place"),
    "swapped": ("swapped", "year"),
}
NAME = {
    "": (),
    "exact": ("exact", "root", "sound", "start"),
    "root": ("root",),
    "sound": ("sound",),
    "start": ("start",),
}
KNOWS = {
    "year": ("year",),
    "date": ("date", "year"),
    "date+sex": ("date", "year", "sex"),
    "date+no sex": ("date", "year"),
    "date+place": ("date", "year", "place"),
    "day": ("date", "year"),
    "place": ("place",),
    "swapped": ("date", "year"),
    "": (),
}


def bits(names: str) -> int:
    """Return the bits of the facts listed in a string. A hyphen replaces the space in a fact's name."""
    return sum(FACT[name.replace("-", " ")] for name in names.split())


def proven(kind: Kind) -> int:
    """Return the facts that are true of two records whose tokens of this kind agree."""
    names = set(BOUND[kind.bound])
    if kind.crossed:
        return sum(FACT[name] for name in names | {"crossed"})
    names |= {f"first {form}" for form in NAME[kind.first]}
    names |= {f"last {form}" for form in NAME[kind.last] if form != "root"}
    return sum(FACT[name] for name in names)


def known(kind: Kind) -> int:
    """Return the fields that a record with a token of this kind must have. A crossed kind does not show which name the
    record has."""
    bits = sum(KNOWN[name] for name in KNOWS[kind.bound])
    if kind.crossed:
        return bits
    return bits | (KNOWN["first"] if kind.first else 0) | (KNOWN["last"] if kind.last else 0)


def rarity(others: Ints) -> Ints:
    """Return one bit for the number of other records with the same name token. OR keeps all of these bits, and only the
    lowest bit is used."""
    step = np.searchsorted(RARITY_STEPS, others, side="right")
    return np.left_shift(np.int64(1), RARITY_SHIFT + step)


# The levels of each variable, in the order of `VARIABLES`. The level for a missing value carries no evidence.
VARIABLES = ("birth", "first name", "last name", "place", "sex", "rarity")
LEVELS = (
    (
        "same",
        "day and month exchanged",
        "other year",
        "other day",
        "different",
        "same year",
        "other year alone",
        "unknown",
    ),
    ("same", "nickname", "sound and start", "sound", "start", "different", "unknown", "exchanged with last"),
    ("same", "sound and start", "sound", "start", "different", "unknown"),
    ("same", "different", "unknown"),
    ("same", "different", "unknown"),
    ("not seen", "0", "1", "2", "3-4", "5-8", "9-16", "17-32", "more"),
)
# The levels in a group share a total probability of 1. A level outside every group has a factor of 1.
GROUPS = (
    ((0, 1, 2, 3, 4), (5, 6)),
    ((0, 1, 2, 3, 4, 5, 7),),
    ((0, 1, 2, 3, 4),),
    ((0, 1),),
    ((0, 1),),
    (tuple(range(1, 9)),),
)
FIRST_DIFFERENT, FIRST_UNKNOWN, FIRST_CROSSED = 5, 6, 7
LAST_DIFFERENT, LAST_UNKNOWN = 4, 5


def levels(patterns: Ints) -> Ints:
    """Return the level of each variable (P, 6) for patterns (P,)."""

    def has(bit: int) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = (patterns & bit) != 0
        return found

    known_date, known_year = has(KNOWN["date"]), has(KNOWN["year"])
    same_year = has(FACT["year"])
    birth = np.select(
        [
            has(FACT["date"]),
            ~known_year,
            has(FACT["swapped"]) & known_date,
            has(FACT["day"]) & known_date,
            same_year & known_date,
            known_date,
            same_year,
        ],
        [0, 7, 1, 2, 3, 4, 5],
        6,
    )
    sound, start = has(FACT["first sound"]), has(FACT["first start"])
    first = np.select(
        [~has(KNOWN["first"]), has(FACT["first exact"]), has(FACT["first root"]), sound & start, sound, start],
        [FIRST_UNKNOWN, 0, 1, 2, 3, 4],
        FIRST_DIFFERENT,
    )
    sound, start = has(FACT["last sound"]), has(FACT["last start"])
    last = np.select(
        [~has(KNOWN["last"]), has(FACT["last exact"]), sound & start, sound, start],
        [LAST_UNKNOWN, 0, 1, 2, 3],
        LAST_DIFFERENT,
    )
    crossed = has(FACT["crossed"]) & (first >= FIRST_DIFFERENT) & (last >= LAST_DIFFERENT)
    first, last = np.where(crossed, FIRST_CROSSED, first), np.where(crossed, LAST_UNKNOWN, last)
    place = np.where(~has(KNOWN["place"]), 2, np.where(has(FACT["place"]), 0, 1))
    # sex is seen only together with a date
    sex = np.where(~has(KNOWN["sex"]) | (birth != 0), 2, np.where(has(FACT["sex"]), 0, 1))
    step = patterns >> RARITY_SHIFT
    lowest = step & -step
    rare = np.where(step == 0, 0, np.log2(np.maximum(lowest, 1)).astype(np.int64) + 1)
    return np.stack([birth, first, last, place, sex, rare], axis=1).astype(np.int64)
