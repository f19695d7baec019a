"""Give each breakdown and category one spelling, no matter how people type it, and point out names that look
mistyped."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import combinations
from typing import Any

from accord.core.errors import BadInput
from accord.core.names import caseless
from accord.statlib.protect.table import TOTAL, Leaf

# Words that mean a total, in the form that `without_differences` returns.
TOTALS = frozenset(
    ("total", "totals", "grandtotal", "overall", "all", "sum", "subtotal", "todos", "todas", "suma", "totales")
)
MOST_TOLD = 10


def written(text: str) -> str:
    """Return one spelling for all strings that look the same. For example, é is always one letter and never an e plus
    an accent."""
    return unicodedata.normalize("NFC", text)


def without_differences(text: str) -> str:
    """Return the text without differences in case, width, accent composition, and spaces. Two strings with the same
    result look like the same word."""
    return unicodedata.normalize("NFC", "".join(caseless(text).split()))


def nearest(text: str, known: Collection[str]) -> str:
    """Return the known label that was probably meant, or an empty string if none is close."""
    by_text = {without_differences(label): label for label in sorted(known)}
    found = get_close_matches(without_differences(text), by_text, n=1, cutoff=0.5)
    return by_text[found[0]] if found else ""


def composed(cells: Sequence[Leaf]) -> list[Leaf]:
    """Return the leaf cells with every category in one spelling. Cells that differed only in spelling are combined."""
    found: dict[tuple[tuple[str, ...], int], Leaf] = {}
    typed: Counter[tuple[str, ...]] = Counter()
    for leaf in cells:
        keys = tuple(written(key) for key in leaf.keys)
        again = typed[leaf.keys]  # the same string twice is a mistake that `build` refuses
        typed[leaf.keys] += 1
        before = found.get((keys, again), Leaf(keys, 0))
        agencies = Counter(before.agencies)
        for agency, n in leaf.agencies.items():
            agencies[written(agency)] += n
        found[keys, again] = Leaf(keys, before.count + leaf.count, dict(agencies))
    return list(found.values())


def one_spelling(tree: Any) -> Any:
    """Return a hierarchy with all text in one spelling. Raises BadInput for a group or member that is not text."""
    if isinstance(tree, Mapping):
        return {one_spelling(group): one_spelling(below) for group, below in tree.items()}
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        if any(isinstance(member, Sequence | Mapping) and not isinstance(member, str) for member in tree):
            raise BadInput("a hierarchy holds a list inside a list; a group of groups is a mapping")
        return [one_spelling(member) for member in tree]
    if not isinstance(tree, str):
        raise BadInput(f"a hierarchy holds {tree!r}, which is not text; put it in quotation marks")
    return written(tree)


def members(tree: Any) -> Iterator[str]:
    """Yield every category in a hierarchy."""
    if isinstance(tree, Mapping):
        for below in tree.values():
            yield from members(below)
    elif isinstance(tree, Sequence) and not isinstance(tree, str):
        yield from tree


def check_members(name: str, tree: Any, categories: Collection[str]) -> None:
    """Raise BadInput for the first hierarchy member that is not a category, because its group's total would be
    wrong."""
    for member in members(tree):
        if member not in categories:
            near = nearest(member, categories)
            hint = f"is {near!r} meant?" if near else "take it out, or give it a row that counts 0"
            raise BadInput(f"the hierarchy of {name} lists {member!r}, but no row has it; {hint}")


def check_names(hierarchies: Mapping[str, Any], by: Collection[str]) -> None:
    """Raise BadInput for a hierarchy that is not named after a breakdown."""
    for name in hierarchies:
        if name not in by:
            near = nearest(name, by)
            hint = f"; is {near!r} meant?" if near else ""
            raise BadInput(f"the hierarchy names {name!r}, which is not one of the breakdowns{hint}")


def check_totals(cells: Sequence[Leaf], by: Sequence[str]) -> None:
    """Raise BadInput for a category that is a total, judging by its name and its figures, because everyone would be
    counted twice."""
    for axis, name in enumerate(by):
        for label in sums_of_the_rest(cells, axis, least=2):
            if without_differences(label) in TOTALS:
                raise BadInput(
                    f"{label!r} in {name} is the sum of all other categories; leave such rows out, totals are added here"
                )


def sums_of_the_rest(cells: Sequence[Leaf], axis: int, least: int = 3) -> list[str]:
    """Return the categories whose count equals the sum of all other categories, in every combination of the other
    breakdowns. Returns an empty list if the breakdown has fewer than `least` categories."""
    counts: dict[str, Counter[tuple[str, ...]]] = {}
    everyone: Counter[tuple[str, ...]] = Counter()
    for leaf in cells:
        rest = leaf.keys[:axis] + leaf.keys[axis + 1 :]
        counts.setdefault(leaf.keys[axis], Counter())[rest] += leaf.count
        everyone[rest] += leaf.count
    if len(counts) < least:
        return []
    return [
        label
        for label, own in counts.items()
        if sum(own.values()) and all(2 * own[rest] == count for rest, count in everyone.items())
    ]


def doubts(
    cells: Sequence[Leaf],
    by: Sequence[str],
    hierarchies: Mapping[str, Any],
    before: Iterable[Mapping[str, Collection[str]]] = (),
) -> list[str]:
    """Return sentences about names that look mistyped but may be right: two categories that look alike, a total among
    the categories, a category in no group, and a category of an earlier release that is missing here. `before` holds
    one mapping for each earlier release, from breakdown to labels."""
    cells = composed(cells)
    found = []
    labels = {name: sorted({leaf.keys[axis] for leaf in cells}) for axis, name in enumerate(by)}
    for axis, name in enumerate(by):
        found += [f"{name}: {one!r} looks like {other!r}" for one, other in alike(labels[name])]
        summed = sums_of_the_rest(cells, axis)
        found += [f"{name}: {label!r} is the sum of all other categories" for label in summed]
        found += [
            f"{name}: {label!r} looks like a total"
            for label in labels[name]
            if without_differences(label) in TOTALS - {*summed}
        ]
        if name in hierarchies:
            outside = sorted(set(labels[name]) - set(members(hierarchies[name])))
            found += [f"{name}: {label!r} is in no group of the hierarchy" for label in outside]
    agencies = {agency for leaf in cells for agency in leaf.agencies}
    found += [f"agencies: {one!r} looks like {other!r}, and is counted separately" for one, other in alike(agencies)]
    for release in before:
        found += unlike(release, labels, hierarchies)
    return [*found[:MOST_TOLD], *([f"and {len(found) - MOST_TOLD} more like these"] if len(found) > MOST_TOLD else [])]


def alike(labels: Iterable[str]) -> list[tuple[str, str]]:
    """Return pairs of labels that look alike."""
    by_text: dict[str, list[str]] = {}
    for label in sorted(labels):
        by_text.setdefault(without_differences(label), []).append(label)
    return [pair for several in by_text.values() for pair in combinations(several, 2)]


def unlike(
    release: Mapping[str, Collection[str]], labels: Mapping[str, Sequence[str]], hierarchies: Mapping[str, Any]
) -> list[str]:
    """Return sentences about labels in an earlier release that do not appear in this table."""
    known = {without_differences(name): name for name in labels}
    shared = {
        known[without_differences(name)]: own for name, own in release.items() if without_differences(name) in known
    }
    if not shared:
        return [f"an earlier release has none of these breakdowns ({', '.join(release)}): only the total is compared"]
    found = []
    for name, own in shared.items():
        here = {without_differences(label) for label in (*labels[name], *groups(hierarchies.get(name)), TOTAL)}
        found += [
            f"{name}: an earlier release has {label!r}, which is not here, so it is not compared"
            for label in sorted(own)
            if without_differences(label) not in here
        ]
    return found


def groups(tree: Any) -> set[str]:
    """Return all groups of a hierarchy."""
    if not isinstance(tree, Mapping):
        return set()
    return {str(group) for group in tree}.union(*(groups(below) for below in tree.values()))


def renamed(names: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """Map each unknown name to the one known name that looks like it. Other names stay as they are."""
    by_text: dict[str, list[str]] = {}
    for label in known:
        by_text.setdefault(without_differences(label), []).append(label)
    found = {}
    for name in names:
        same = by_text.get(without_differences(name), [])
        found[name] = same[0] if name not in known and len(same) == 1 else name
    return found
