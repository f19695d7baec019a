"""Hide as few counts in a table as possible while protecting every small count, and audit the result."""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from accord.core import csvs
from accord.core.errors import BadInput
from accord.statlib import files
from accord.statlib.protect import Exposed, Leaf, Protected, Rules, protect
from accord.statlib.protect.labels import doubts, nearest, one_spelling, written
from accord.statlib.protect.published import read


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `accord protect`."""
    parser.add_argument("file", help="CSV with one row per leaf cell (and agency): its categories and its count")
    parser.add_argument("--by", required=True, help="the breakdowns: column names, separated by commas")
    parser.add_argument("--count", required=True, help="the column with the counts")
    parser.add_argument("--agency", help="the column with the agency that contributed the count")
    parser.add_argument("--hierarchy", metavar="FILE.yaml", help="groups of categories, for breakdowns that have them")
    parser.add_argument("--threshold", type=int, default=11, help="hide counts from 1 to one below this (default 11)")
    parser.add_argument("--hide-zeros", action="store_true", help="also hide zeros")
    parser.add_argument(
        "--published", metavar="OLD.json", action="append", default=[], help="what was already published"
    )
    parser.add_argument(
        "--limit",
        type=float,
        default=30.0,
        metavar="SECONDS",
        help="time limit for finding a solution that hides less (default 30)",
    )
    parser.add_argument("--seed", type=int, default=0, help="seed for the random objectives of the audit (default 0)")
    parser.add_argument("--json", action="store_true", help="print the release as JSON, which --published reads")


def run(args: argparse.Namespace) -> int:
    """Print the release as CSV or JSON. Return exit code 3 if the release is refused."""
    by = tuple(written(name.strip()) for name in args.by.split(","))
    if args.threshold < 2:
        raise BadInput("the threshold must be at least 2")
    cells = leaves(args.file, by, written(args.count), args.agency and written(args.agency))
    trees, before = hierarchies(args.hierarchy), [document(name) for name in args.published]
    for doubt in doubts(cells, by, trees, [read(each).labels() for each in before]):
        sys.stderr.write(f"accord: note: {doubt}\n")
    try:
        with Console(stderr=True).status("reading") as status:
            release = protect(
                cells,
                by,
                rules=Rules(threshold=args.threshold, hide_zeros=args.hide_zeros),
                hierarchies=trees,
                published=before,
                limit_seconds=args.limit,
                seed=args.seed,
                tell=status.update,
            )
    except Exposed as refusal:
        if args.json:
            found = {"cells": refusal.audit.cells, "exposed": refusal.audit.exposed}
            seconds = round(refusal.seconds, 3)
            write_json({"cells": [], "optimal": False, "gap": None, "audit": found, "seconds": seconds})
        raise
    if args.json:
        write_json(release.as_json())
    else:
        write_csv(release, args.count)
    sys.stderr.write(summary(release) + "\n")
    return 0


def write_json(content: Mapping[str, Any]) -> None:
    """Write one JSON document to standard output."""
    json.dump(content, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def write_csv(release: Protected, count: str) -> None:
    """Write the table as it may be published. Primary and secondary suppression look the same."""
    rows = ([*cell.keys, "suppressed" if cell.value is None else cell.value] for cell in release.cells)
    csvs.write(sys.stdout, [[*release.by, count], *rows], end="\n")


def summary(release: Protected) -> str:
    """Return a summary of the hidden cells, the quality of the choice, and the audit's result."""
    tally = {name: sum(cell.status == name for cell in release.cells) for name in ("published", "primary", "secondary")}
    quality = (
        "the least possible" if release.optimal else f"at most {release.gap:.1%} of the hidden weight could be shown"
    )
    return (
        f"{len(release.cells)} cells: {tally['published']} published, {tally['primary']} hidden by the rules, "
        f"{tally['secondary']} hidden to protect them ({quality}). "
        f"Audit: {release.audit.cells} cells attacked, {release.audit.exposed} exposed. {release.seconds:.1f} s."
    )


def leaves(file: str, by: tuple[str, ...], count: str, agency: str | None) -> list[Leaf]:
    """Return the leaf cells of a CSV file. With an agency column, rows with the same categories are contributions to
    one cell.
    """
    totals: dict[tuple[str, ...], int] = {}
    parts: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    needed = [*by, count, *([agency] if agency else [])]
    for row, record in records(file, needed):
        keys = tuple(record[name] for name in by)
        if "*" in keys:
            raise BadInput("'*' is reserved for totals and cannot be a category", file=Path(file).name, row=row)
        number = whole(record[count], file, row, count)
        who = record[agency] if agency else ""
        if who in parts[keys]:
            raise BadInput("the same combination of categories is given twice", file=Path(file).name, row=row)
        parts[keys][who] = number
        totals[keys] = totals.get(keys, 0) + number
    return [Leaf(keys, total, parts[keys] if agency else {}) for keys, total in totals.items()]


def whole(text: str, file: str, row: int, column: str) -> int:
    """Return a count of people. Raises BadInput for anything but zero or a positive whole number."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise BadInput("the count is not a whole number of people", file=Path(file).name, row=row, column=column)
    return int(text)


def records(file: str, needed: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a CSV file as (row number, column -> text), checked against its header."""
    rows = files.table(Path(file))
    at, header = next(rows)
    header = [written(name) for name in header]
    for name in needed:
        if name not in header:
            near = nearest(name, header)
            hint = f"; did you mean {near!r}?" if near else ""
            raise BadInput(f"the column is missing from the header{hint}", file=Path(file).name, row=at, column=name)
    empty = True
    for row, fields in rows:
        empty = False
        record = dict(zip(header, fields, strict=True))
        for name in needed:
            if not record[name]:
                raise BadInput("the field is empty", file=Path(file).name, row=row, column=name)
        yield row, record
    if empty:
        raise BadInput("the file has no rows below its header", file=Path(file).name)


def hierarchies(file: str | None) -> Mapping[str, Any]:
    """Return the groups of each breakdown from a YAML file, with every member as text."""
    if file is None:
        return {}
    content = files.settings(Path(file))
    if not isinstance(content, Mapping):
        raise BadInput("must map each breakdown to its groups", file=Path(file).name)
    return {written(name): one_spelling(tree) for name, tree in content.items()}


def document(file: str) -> Any:
    """Return an earlier release as JSON."""
    try:
        content = json.loads("".join(files.lines(Path(file))))
    except (ValueError, RecursionError):
        raise BadInput("not a JSON file", file=Path(file).name) from None
    read(content, Path(file).name)
    return content
