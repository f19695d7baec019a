"""Find records of the same person in several lists, from readable fields or from keyed tokens."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from itertools import chain, combinations
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from accord.cli import _people
from accord.core import csvs
from accord.core.errors import BadInput
from accord.statlib.link import assign, counts, model, quality, tokens
from accord.statlib.link.assign import Node
from accord.statlib.link.model import Result
from accord.statlib.link.tokens import Kind, TokenList

DRAWS = 40
IMPUTATION = "imputation"
OPEN_KEY = b"readable fields need no secret: 1"  # names are readable in this mode; tokens are only used to join


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `accord link`."""
    parser.add_argument(
        "files", nargs="+", type=Path, help="two or more CSV files, each without duplicates of a person"
    )
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--readable", action="store_true", help="the files hold names (default)")
    kind.add_argument("--encoded", action="store_true", help="the files were made by `accord encode`")
    parser.add_argument("--map", type=Path, help="YAML file with lines `field: header`, for files with names")
    parser.add_argument("--out", type=Path, help="file for the pairs (or counts); otherwise standard output")
    parser.add_argument("--clusters", type=Path, help="also write cluster,list,id")
    parser.add_argument("--counts", action="store_true", help="only write how many people are on which lists")
    parser.add_argument(
        "--imputed",
        type=Path,
        help="with --counts: also write tables drawn from the links' probabilities, for estimate",
    )
    parser.add_argument("--report", type=Path, help="also write the figures and all notes as JSON")
    parser.add_argument("--seed", type=int, default=1, help="seed for those draws (default 1)")
    parser.add_argument("--not-same", type=Path, help="CSV left,right: pairs known to be different people")
    parser.add_argument("--truth", type=Path, help="CSV left,right: print precision, recall, F1 and calibration")
    parser.add_argument(
        "--threshold", type=float, default=0.5, help="probability for clusters and counts (default 0.5)"
    )
    parser.add_argument(
        "--least", type=float, default=0.05, help="lowest probability of the pairs written (default 0.05)"
    )
    parser.add_argument(
        "--engine", choices=("local", "spark"), default="local", help="spark needs accord[spark] and Java"
    )


UNUSABLE = re.compile(r"[\x00-\x1f\x7f:+,]+")  # characters that `accord estimate` does not accept in list names
LONGEST_NAME = 60
TAKEN = ("count", IMPUTATION)


def list_names(files: list[Path]) -> list[str]:
    """Return a different name for each list. The name is based on the list's file name, and `accord estimate` accepts
    it as a column name."""
    names: list[str] = []
    for number, path in enumerate(files, 1):
        stem = path.stem.encode("utf-8", "replace").decode()
        name = UNUSABLE.sub("-", stem)[:LONGEST_NAME].strip() or "list"
        again = sum(other.stem == path.stem for other in files) > 1
        while again or name.lower() in TAKEN or name in names:
            name, again = f"{name[: LONGEST_NAME - 4]}-{number}", False
        names.append(name)
    return names


class Names:
    """Names for the records in the output. A record's name is its id, preceded by the list's name if ids from different
    lists collide.

    Lists are numbered in working order. `shown` gives their numbers in the user's order.
    """

    def __init__(self, files: list[Path], ids: list[list[str]], shown: list[int]) -> None:
        self.shown = shown
        self.lists = [""] * len(files)
        for number, name in zip(shown, list_names(files), strict=True):
            self.lists[number] = name
        distinct = len({one for several in ids for one in several}) == sum(map(len, ids))
        plain = len(ids) == 2 or distinct
        self.ids = [
            [one if plain else f"{name}:{one}" for one in own] for name, own in zip(self.lists, ids, strict=True)
        ]
        self.nodes: dict[str, list[Node]] = {}
        for number in shown:
            for record, one in enumerate(self.ids[number]):
                self.nodes.setdefault(one, []).append((number, record))

    def pairs(self, path: Path | None) -> list[tuple[Node, Node]]:
        """Read record pairs from a file of id pairs. The left id is looked up in the earlier list first."""
        found = []
        for number, (left, right) in enumerate(_people.id_pairs(path) if path else [], 2):
            for column, one in (("left", left), ("right", right)):
                if path and one not in self.nodes:
                    raise BadInput("no list has this id", file=path.name, row=number, column=column)
            both = [(x, y) for x in self.nodes[left] for y in self.nodes[right] if x[0] != y[0]]
            if path and not both:
                raise BadInput("both ids are from the same list", file=path.name, row=number)
            x, y = next((pair for pair in both if self.shown.index(pair[0][0]) < self.shown.index(pair[1][0])), both[0])
            found.append((min(x, y), max(x, y)))
        return found


def run(args: argparse.Namespace) -> int:
    """Link the lists, then write pairs, clusters, or counts. The summary goes to standard error."""
    check(args)
    said: list[str] = []
    given, made, kinds = read(args, said)
    lists, orders, shown = tokens.arranged(made)
    ids = [[given[i][record] for record in orders[shown[i]].tolist()] for i in np.argsort(shown).tolist()]
    names = Names(args.files, ids, shown)
    not_same, truth = names.pairs(args.not_same), names.pairs(args.truth)
    result = engine(args.engine)(lists, kinds, not_same)
    proposed = float(result.model.proposed.min())

    def clusters_at(threshold: float) -> list[list[Node]]:
        return assign.clusters(result.links, threshold=threshold, proposed=proposed, not_same=not_same)

    found = clusters_at(args.threshold)
    with output(args.out) as stream:
        if args.counts:
            write_counts(stream, names, counts.histories(result.sizes, found))
        else:
            write_pairs(stream, names, result, args.least)
    if args.imputed:
        with output(args.imputed) as stream:
            write_imputed(stream, names, counts.imputed(result, DRAWS, args.seed))
    if args.clusters:
        with output(args.clusters) as stream:
            write_clusters(stream, names, ids, found)
    people = counts.distinct(result, clusters_at)
    said += [*renamed(args.files, names), *cautions(names, result)]
    if args.report:
        with output(args.report) as stream:
            json.dump(report(names, result, people, said), stream, ensure_ascii=False, indent=2)
    sys.stderr.write("\n".join([*summary(result, people), *said]) + "\n")
    if args.truth:
        sys.stderr.write(judged(result, set(truth), args.threshold))
    return 0


def check(args: argparse.Namespace) -> None:
    """Refuse options that make no sense."""
    if len(args.files) < 2:
        raise BadInput("one list can't be linked; give two or more", file=args.files[0].name)
    if len({path.resolve() for path in args.files}) < len(args.files):
        raise BadInput("the same file is given twice")
    if args.counts and args.clusters:
        raise BadInput("--counts writes only counts; leave out --clusters")
    if args.imputed and not args.counts:
        raise BadInput("--imputed needs --counts")
    if args.seed < 0:
        raise BadInput("--seed must be a whole number from 0")
    for name in ("threshold", "least"):
        if not 0 <= getattr(args, name) <= 1:
            raise BadInput(f"--{name} must be between 0 and 1")


def read(args: argparse.Namespace, said: list[str]) -> tuple[list[list[str]], list[TokenList], tuple[Kind, ...]]:
    """Return each list's ids and tokens, and the token kinds that all lists have. Notes are added to `said`."""
    encoded = [_people.is_encoded(path) for path in args.files]
    if args.encoded or all(encoded):
        made = []
        for path in args.files:
            with _people.progress(f"Reading {path.name}", None) as tick:
                made.append(_people.read_encoded(path, tick))
        for path, one in zip(args.files, made, strict=True):
            if (one.scheme, one.fingerprint) != (made[0].scheme, made[0].fingerprint):
                raise BadInput(
                    f"made with another key, purpose, period or scheme than {args.files[0].name}", file=path.name
                )
        return [one.ids for one in made], [one.tokens for one in made], tokens.kinds_of(made[0].scheme)
    if any(encoded):
        raise BadInput("has tokens, but another file has names", file=args.files[encoded.index(True)].name)
    named, kinds = _people.mapping(args.map), tokens.kinds_of("joined")
    ids: list[list[str]] = [[] for _ in args.files]
    lists = []
    for path, own in zip(args.files, ids, strict=True):
        with _people.progress(f"Reading {path.name}", None) as tick:
            lists.append(tokens.encode(_people.people(path, named, own, said, tick), OPEN_KEY, kinds))
    return ids, lists, kinds


Engine = Callable[[list[TokenList], tuple[Kind, ...], list[tuple[Node, Node]]], Result]


def engine(name: str) -> Engine:
    """Return the function that plans and joins candidates, with numpy on this machine or with Spark."""
    if name == "spark":
        try:
            from accord.statlib.link import spark
        except ModuleNotFoundError as error:
            raise BadInput("--engine spark needs the extra accord[spark] (pyspark) and Java 17") from error
        return spark.link

    def local(lists: list[TokenList], kinds: tuple[Kind, ...], not_same: list[tuple[Node, Node]]) -> Result:
        with _people.progress("Linking", model.work([one.size for one in lists])) as tick:
            return model.link(lists, kinds, not_same=not_same, tick=tick)

    return local


def output(path: Path | None) -> AbstractContextManager[TextIO]:
    """Return the output file, or standard output if no file is given."""
    return path.open("w", newline="", encoding="utf-8") if path else nullcontext(sys.stdout)


def write(stream: TextIO, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a CSV file."""
    csvs.write(stream, chain([header], rows), end="\n")


def write_pairs(stream: TextIO, names: Names, result: Result, least: float) -> None:
    """Write the columns left, right, and probability, with the likeliest links first for each pair of lists. The left
    record is from the list that the user gave first."""
    rows = []
    for one, other in combinations(names.shown, 2):
        found = result.links[min(one, other), max(one, other)]
        left, right = (found.left, found.right) if one < other else (found.right, found.left)
        for a, b, p in zip(left.tolist(), right.tolist(), found.probability.tolist(), strict=True):
            if p >= least:
                rows.append((names.ids[one][a], names.ids[other][b], f"{p:.4f}"))
    write(stream, ("left", "right", "probability"), rows)


def write_clusters(stream: TextIO, names: Names, ids: list[list[str]], found: list[list[Node]]) -> None:
    """Write the columns cluster, list, and id."""
    rows = (
        (k, names.lists[i], ids[i][a])
        for k, group in enumerate(found, 1)
        for i, a in sorted(group, key=lambda node: names.shown.index(node[0]))
    )
    write(stream, ("cluster", "list", "id"), rows)


def as_shown(names: Names, histories: dict[tuple[int, ...], int]) -> list[tuple[int, ...]]:
    """Return histories and their counts, with lists in the user's order."""
    rows = ((*(history[i] for i in names.shown), number) for history, number in histories.items())
    return sorted(rows, reverse=True)


def write_counts(stream: TextIO, names: Names, histories: dict[tuple[int, ...], int]) -> None:
    """Write one 0/1 column per list and `count`, in the format that `accord estimate` reads."""
    write(stream, (*(names.lists[i] for i in names.shown), "count"), as_shown(names, histories))


def write_imputed(stream: TextIO, names: Names, tables: list[dict[tuple[int, ...], int]]) -> None:
    """Write the same columns for each drawn table, plus the table's number, in the format that `accord estimate
    --imputed` reads."""
    rows = ((n, *row) for n, table in enumerate(tables, 1) for row in as_shown(names, table))
    write(stream, (IMPUTATION, *(names.lists[i] for i in names.shown), "count"), rows)


def summary(result: Result, people: counts.Distinct) -> list[str]:
    """Return a summary of the linkage in plain words."""
    return [
        f"{sum(result.sizes):,} records in {len(result.sizes)} lists.",
        f"Distinct people: {people.best:,.0f} (between {people.lower:,.0f} and {people.upper:,.0f}). "
        f"{people.repeats:,.0f} duplicates found; about {people.missed:,.0f} more missed because too little matched.",
    ]


def renamed(files: list[Path], names: Names) -> list[str]:
    """Return notes about lists whose names differ from their file names."""
    return [
        f"{path.name}: the list is called {names.lists[i]!r} in the output."
        for path, i in zip(files, names.shown, strict=True)
        if names.lists[i] != path.stem
    ]


UNSEEN = {
    "birth": "birth dates differ",
    "first name": "first names are spelled very differently",
    "last name": "last names are spelled very differently",
    "place": "places differ",
}
ALLOWED = "An allowance for them is estimated from the smaller differences that were seen."
NOT_ALLOWED = "None of them are counted as missed, so the number of distinct people can be too high."
NOT_COMPARED = (
    "hardly any records of these two lists could be compared; a record needs both names with a birth year or place, or "
    "one name with a full birth date"
)


def cautions(names: Names, result: Result) -> list[str]:
    """Return notes about duplicates within a list, lists that could not be compared, and links that these lists can't
    show."""
    text = []
    for i in names.shown:
        size, repeated = result.sizes[i], result.repeated[i]
        if repeated > max(3, size / 1000):
            text.append(
                f"Note: {names.lists[i]} has {repeated:,} pairs that look like the same person. Remove duplicates inside a list "
                "first; the figures above assume that there are none."
            )
    for (i, j), share in zip(result.links, result.model.proposed.tolist(), strict=True):
        if share < counts.LEAST_PROPOSED:
            one, other = sorted((i, j), key=names.shown.index)
            text.append(f"Note: {names.lists[one]} and {names.lists[other]}: {NOT_COMPARED}.")
    for variable, allowed in result.model.borrowed.items():
        text.append(
            f"Note: these lists can't show links between records whose {UNSEEN[variable]}. "
            f"{ALLOWED if allowed else NOT_ALLOWED}"
        )
    return text


def report(names: Names, result: Result, people: counts.Distinct, said: list[str]) -> dict[str, Any]:
    """Return a run's figures for a program or a file, without any records or ids."""
    return {
        "lists": [
            {"name": names.lists[i], "records": result.sizes[i], "repeats_inside": result.repeated[i]}
            for i in names.shown
        ],
        "distinct": {"lower": people.lower, "best": people.best, "upper": people.upper},
        "repeats": people.repeats,
        "missed": people.missed,
        "share_seen": counts.share_proposed(result),
        "not_learned": list(result.model.borrowed),
        "notes": said,
    }


def judged(result: Result, truth: set[tuple[Node, Node]], threshold: float) -> str:
    """Return precision, recall, F1, and calibration against the true pairs, for all lists together."""
    found = [
        (((i, a), (j, b)) in truth, p)
        for (i, j), links in result.links.items()
        for a, b, p in zip(links.left.tolist(), links.right.tolist(), links.probability.tolist(), strict=True)
    ]
    true, probability = np.array([hit for hit, _ in found], dtype=bool), np.array([p for _, p in found])
    text = []
    for label, score in (
        (f"at {threshold:g}", quality.score(probability, true, len(truth), threshold)),
        ("at best", quality.best(probability, true, len(truth))),
    ):
        text.append(
            f"{label}: precision {score.precision:.4f}, recall {score.recall:.4f}, F1 {score.f1:.4f} "
            f"(probability {score.threshold:.2f} and above)"
        )
    text.append(f"sum of probabilities {probability.sum():,.1f}, true pairs among those linked {true.sum():,}")
    text.append("probability     pairs    mean    true")
    for one in quality.calibration(probability, true):
        text.append(f"{one.low:4.2f} to {one.high:4.2f} {one.links:8,} {one.mean:7.3f} {one.true:7.3f}")
    return "\n".join(text) + "\n"
