"""Compound keyed tokens, which agencies may share instead of names where the law permits.

A token is the HMAC-SHA-256 of a joined value, truncated to 64 bits. Its key is a subkey of the agencies' own key (HKDF,
RFC 5869) for one purpose, one period, and one kind of token. The linker never holds the key.

No kind of token contains only a single field. No kind joins a name with less than a full birth date unless it also
contains the other name and a third value. So the frequency of a value in the list reveals little about the value that a
token hides (Bernstam et al. 2022 describe compound tokens; docs/explanation/numbers-link.md shows how well attacks
worked). The `joined` scheme adds tokens that contain only the first and last names. It links better but reveals more.
"""

from __future__ import annotations

import hashlib
import hmac
from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.statlib.link import dates, normalise, sex
from accord.statlib.link.normalise import Person

SCHEMES = ("bound", "joined")
SHORTEST_KEY = 32


class Kind(NamedTuple):
    """One kind of token: a form of the first name, a form of the last name, and the value they are bound to."""

    first: str
    last: str
    bound: str
    crossed: bool = False

    @property
    def name(self) -> str:
        """Return the column heading of this kind in an encoded file."""
        if self.crossed:
            return f"names crossed+{self.bound}"
        names = [f"{which} {form}" for which, form in (("first", self.first), ("last", self.last)) if form]
        return "+".join([*names, self.bound] if self.bound else names)


JOINS = (
    *(("exact", "exact"), ("root", "exact"), ("sound", "exact")),
    *(("exact", "sound"), ("root", "sound"), ("sound", "sound"), ("start", "start")),
)
BOUND_KINDS = (
    *(Kind(form, "", "date") for form in ("exact", "root", "sound", "start")),
    *(Kind("", form, "date") for form in ("exact", "sound", "start")),
    *(Kind("", "", "date+sex"), Kind("", "", "date+no sex"), Kind("", "", "date+place")),
    *(Kind("sound", "sound", "swapped"), Kind("sound", "sound", "year", crossed=True)),
    *(Kind(first, last, bound) for bound in ("year", "day", "place") for first, last in JOINS),
)
JOINED_KINDS = BOUND_KINDS + tuple(Kind(first, last, "") for first, last in JOINS[:-1])


def kinds_of(scheme: str) -> tuple[Kind, ...]:
    """Return the token kinds in a scheme, `bound` or `joined`."""
    return JOINED_KINDS if scheme == "joined" else BOUND_KINDS


def rarity_kinds(kinds: Sequence[Kind]) -> list[int]:
    """Return the positions of the kinds whose token frequencies show how rare a joined name is. These are the broadest
    kinds that the scheme has."""
    alone = [i for i, kind in enumerate(kinds) if kind == Kind("sound", "sound", "")]
    return alone or [
        i for i, kind in enumerate(kinds) if kind[:2] == ("exact", "exact") and kind.bound in ("year", "place")
    ]


class TokenList(NamedTuple):
    """The tokens of one list. Each kind has entries with a record number (int32, ascending) and a token (uint64)."""

    size: int
    records: list[NDArray[np.int32]]
    tokens: list[NDArray[np.uint64]]


def subkey(key: bytes, info: str) -> bytes:
    """Derive 32 bytes for one use of the key, by HKDF-SHA-256 (RFC 5869) without salt."""
    extracted = hmac.digest(b"\0" * 32, key, "sha256")
    return hmac.digest(extracted, info.encode() + b"\x01", "sha256")


def fingerprint(key: bytes, purpose: str, period: str) -> str:
    """Return a value that shows whether two files were made with the same key for the same purpose and period. The
    value reveals nothing about the key."""
    return subkey(key, f"accord link fingerprint|{purpose}|{period}").hex()[:16]


def tokenizer(key: bytes) -> Callable[[str], bytes]:
    """Return a function that computes HMAC-SHA-256, truncated to 8 bytes. Both padded key blocks are hashed only once
    (RFC 2104), which halves the time for each token."""
    block = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def token(text: str) -> bytes:
        first = inner.copy()
        first.update(text.encode())
        second = outer.copy()
        second.update(first.digest())
        return second.digest()[:8]

    return token


@lru_cache(1 << 18)
def forms(name: str) -> dict[str, tuple[str, ...]]:
    """Return every form of every part of a name: exact, root (the name that a nickname is short for), sound, and start
    (three letters)."""
    words, wholes = normalise.parts(name), normalise.wholes(name)
    roots = [*(normalise.roots(word) for word in words), *(normalise.roots(whole)[1:] for whole in wholes)]
    sounding = [normalise.sounding(word) for word in words]
    return {
        "": ("",),
        "exact": tuple(dict.fromkeys([*words, *wholes])),
        "root": tuple(dict.fromkeys(root for some in roots for root in some)),
        "sound": tuple(dict.fromkeys(normalise.soundex(word) for word in sounding)),
        "start": tuple(dict.fromkeys(word[:3] for word in sounding)),
    }


def bound_values(person: Person) -> dict[str, str]:
    """Return the values in a record that names are bound to."""
    values = {"": "-"}
    place, gender = normalise.short(person.place), sex.letter(person.sex)
    if place:
        values["place"] = place
    born = dates.birth(person.birth)
    if born:
        values["year"] = born.year
    if born and born.day:
        date, half = born.year + born.day, (born.day[:2], born.day[2:])
        values |= {"day": born.day, "date": date, "swapped": born.year + min(half) + max(half)}
        values["date+sex" if gender else "date+no sex"] = f"{date}|{gender}"
        if place:
            values["date+place"] = f"{date}|{place}"
    return values


class Column(NamedTuple):
    """A buffer for the tokens of one kind while a list is read."""

    bound: str
    token: Callable[[str], bytes]
    records: array[int]
    tokens: bytearray


def encode(
    people: Iterable[Person], key: bytes, kinds: Sequence[Kind], *, purpose: str = "", period: str = ""
) -> TokenList:
    """Return a list's tokens in record order. A name with several parts has several tokens."""
    columns = []
    by_names: dict[tuple[str, str, bool], list[Column]] = {}
    for kind in kinds:
        token = tokenizer(subkey(key, f"accord link token|{purpose}|{period}|{kind.name}"))
        columns.append(Column(kind.bound, token, array("i"), bytearray()))
        by_names.setdefault((kind.first, kind.last, kind.crossed), []).append(columns[-1])
    size = 0
    for number, person in enumerate(people):
        size += 1
        first, last, values = forms(person.first), forms(person.last), bound_values(person)
        for (one, other, crossed), into in by_names.items():
            names = list(product(first[one], last[other]))
            if crossed:
                names = [(min(pair), max(pair)) for pair in names]
            for column in into:
                value = values.get(column.bound)
                if value is not None:
                    for x, y in names:
                        column.tokens.extend(column.token(f"{x}|{y}|{value}"))
                        column.records.append(number)
    return TokenList(
        size,
        [np.array(column.records, dtype=np.int32) for column in columns],
        [np.frombuffer(bytes(column.tokens), dtype=">u8").astype(np.uint64) for column in columns],
    )


MIX = 0x9E3779B97F4A7C15


def content(one: TokenList) -> NDArray[np.uint64]:
    """Return one number for each record (n,). The number depends only on the record's tokens, not on its position in
    the list."""
    out = np.zeros(one.size, dtype=np.uint64)
    for k, (records, tokens) in enumerate(zip(one.records, one.tokens, strict=True)):
        np.add.at(out, records, tokens * np.uint64(MIX * (2 * k + 1) % 2**64))
    return out


def reordered(one: TokenList, order: NDArray[np.int64]) -> TokenList:
    """Return the same list with record `order[i]` at position i."""
    place = np.empty(one.size, dtype=np.int32)
    place[order] = np.arange(one.size, dtype=np.int32)
    records, tokens = [], []
    for own, values in zip(one.records, one.tokens, strict=True):
        moved = place[own]
        by_record = np.argsort(moved, kind="stable")
        records.append(moved[by_record])
        tokens.append(values[by_record])
    return TokenList(one.size, records, tokens)


def arranged(lists: Sequence[TokenList]) -> tuple[list[TokenList], list[NDArray[np.int64]], list[int]]:
    """Put lists and records in an order that depends only on their contents, so that no figure depends on row order. If
    two pairs are equally likely, the earlier pair is taken, and the way a file was sorted must not determine which pair
    is earlier. Returns three things: the lists in linking order, the old position of each of their records, and the new
    position of each list."""
    keys = [content(one) for one in lists]
    orders = [np.argsort(key, kind="stable") for key in keys]
    ranked = sorted(range(len(lists)), key=lambda i: (lists[i].size, int(keys[i].sum()), i))
    ready = [reordered(lists[i], orders[i]) for i in ranked]
    return ready, [orders[i] for i in ranked], [ranked.index(i) for i in range(len(lists))]
