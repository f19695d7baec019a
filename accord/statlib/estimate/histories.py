"""Read and check capture histories: how many people are on each combination of lists.

A table of K lists is a vector of 2**K counts. The bits of c are the history of the people in cell c: bit i is set if
they are on list i. Cell 0 is for people on no list, so no one is observed there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accord.core.errors import BadInput
from accord.statlib.files import table

MOST_LISTS = 10
LARGEST_COUNT = 10**9

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Histories:
    """The lists, and the number of people with each history. `counts` has shape (2**K,), and `counts[0]` is 0."""

    lists: tuple[str, ...]
    counts: Counts

    @property
    def observed(self) -> int:
        """Return how many different people are on at least one list."""
        return int(self.counts.sum())

    def on_all(self, members: Iterable[int]) -> int:
        """Return how many people are on all of these lists, regardless of other lists."""
        mask = sum(1 << i for i in members)
        cells = np.arange(self.counts.size)
        return int(self.counts[(cells & mask) == mask].sum())

    def keep(self, names: Sequence[str]) -> Histories:
        """Keep only these lists, in this order. People on none of them are dropped from the table."""
        at = [self._position(name) for name in names]
        if len(set(at)) < len(at):
            raise BadInput("the same list is named twice")
        moved = _recode(self.counts, len(self.lists), {old: new for new, old in enumerate(at)}, len(at))
        return Histories(tuple(names), moved)

    def merge(self, names: Sequence[str]) -> Histories:
        """Merge these lists into one list, named "A+B", in the first list's place. A person on any of them is on the
        merged list."""
        at = sorted({self._position(name) for name in names})
        if len(at) < 2:
            raise BadInput("merging needs at least two different lists")
        rest = [i for i in range(len(self.lists)) if i not in at[1:]]
        to = {old: new for new, old in enumerate(rest)} | {i: rest.index(at[0]) for i in at}
        lists = tuple("+".join(names) if i == at[0] else self.lists[i] for i in rest)
        return Histories(lists, _recode(self.counts, len(self.lists), to, len(rest)))

    def without(self, name: str) -> Histories:
        """Return the histories without this list."""
        return self.keep([other for other in self.lists if other != name])

    def empty(self) -> tuple[str, ...]:
        """Return the lists that no one is on."""
        return tuple(name for i, name in enumerate(self.lists) if not self.on_all([i]))

    def _position(self, name: str) -> int:
        if name not in self.lists:
            raise BadInput(f"there is no list named {name!r}; the lists are {', '.join(self.lists)}")
        return self.lists.index(name)


def _recode(counts: Counts, k: int, to: dict[int, int], size: int) -> Counts:
    """Move the counts when each list `old` becomes list `to[old]`. Lists that are not in `to` are dropped."""
    moved = np.zeros(1 << size, dtype=np.int64)
    for cell, count in enumerate(counts):
        moved[_join(1 << to[i] for i in range(k) if cell >> i & 1 and i in to)] += count
    moved[0] = 0
    return moved


def _join(bits: Iterable[int]) -> int:
    joined = 0
    for bit in bits:
        joined |= bit
    return joined


def tabulate(lists: Sequence[str], histories: Iterable[int]) -> Histories:
    """Build a table from one history for each person. A history is an integer in which bit i means list i."""
    cells = np.bincount(np.fromiter(histories, dtype=np.int64), minlength=1 << len(lists))
    return Histories(tuple(lists), cells.astype(np.int64))


def read_histories(path: Path, *, stratify: str | None = None) -> dict[str, Histories]:
    """Return the tables in a file, one for each value of the column `stratify` (without `stratify`, one table named
    ""). The file has a header, one 0/1 column for each list, and a last column named `count`. A missing history has a
    count of 0. Raises BadInput with the file, row, and column."""
    rows = table(path)
    header = _header(path, *next(rows), stratify)
    names = [name for name in header[:-1] if name != stratify]
    strata: dict[str, Counts] = {}
    seen: set[tuple[str, int]] = set()
    for row, fields in rows:
        stratum, cell, count = _parse(path, row, header, fields, stratify)
        if (stratum, cell) in seen:
            raise BadInput("this history is in the file twice; add the two counts", file=path.name, row=row)
        seen.add((stratum, cell))
        strata.setdefault(stratum, np.zeros(1 << len(names), dtype=np.int64))[cell] = count
    if not strata:
        raise BadInput("there are no histories below the header", file=path.name)
    return {key: Histories(tuple(names), counts) for key, counts in strata.items()}


def check_lists(histories: Histories, *, file: str = "") -> None:
    """Refuse a table that no method can use: only one list, a list with no one on it, or more lists than a model can
    hold."""
    if len(histories.lists) < 2:
        raise BadInput("an estimate needs at least two lists (three to be shown)", file=file)
    if len(histories.lists) > MOST_LISTS:
        raise BadInput(f"more than {MOST_LISTS} lists; merge some with --merge or keep some with --lists", file=file)
    for name in histories.empty():
        raise BadInput("no one is on this list", file=file, column=name)


def _header(path: Path, row: int, header: list[str], stratify: str | None) -> list[str]:
    if header[-1].lower() != "count":
        raise BadInput("the last column must be named count", file=path.name, row=row)
    if stratify and stratify not in header[:-1]:
        raise BadInput("there is no such column to stratify by", file=path.name, row=row, column=stratify)
    for name in header[:-1]:
        if not re.fullmatch(r"[^\x00-\x1f\x7f:]{1,60}", name):
            raise BadInput(
                f"a list needs a name of 1 to 60 characters without a colon, not {name[:60]!r}", file=path.name, row=row
            )
    if len(header) - 1 - bool(stratify) > 2 * MOST_LISTS:
        raise BadInput(f"more than {2 * MOST_LISTS} lists", file=path.name, row=row)
    return header


def _parse(path: Path, row: int, header: list[str], fields: list[str], stratify: str | None) -> tuple[str, int, int]:
    """Return one row's stratum, cell, and count."""
    stratum, cell, bit = "", 0, 0
    for name, field in zip(header[:-1], fields[:-1], strict=True):
        if name == stratify:
            stratum = field
            continue
        if field not in ("0", "1"):
            raise BadInput("a list column holds only 0 or 1", file=path.name, row=row, column=name)
        cell |= int(field) << bit
        bit += 1
    if not re.fullmatch(r"\d{1,10}", fields[-1], flags=re.ASCII) or int(fields[-1]) > LARGEST_COUNT:
        why = f"a count is a whole number from 0 to {LARGEST_COUNT}"
        raise BadInput(why, file=path.name, row=row, column=header[-1])
    if cell == 0 and int(fields[-1]):
        raise BadInput("a history with no list cannot have been observed", file=path.name, row=row)
    if stratify and not stratum:
        raise BadInput("the stratum is empty", file=path.name, row=row, column=stratify)
    return stratum, cell, int(fields[-1])
