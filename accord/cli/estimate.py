"""Estimate how many people are on none of several lists, based on the people who are on some of them.

The file has a header, one 0/1 column for each list, and `count` as the last column. A history that is not
listed has a count of zero. Exit codes: 0 for an estimate, 2 for bad input, and 3 if a gate refused the estimate.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from accord.core.errors import BadInput
from accord.statlib.estimate import (
    METHODS,
    Answer,
    Histories,
    Point,
    Settings,
    answer,
    check_lists,
    estimate,
    imputations,
    read_histories,
    sample,
    to_json,
    total,
)
from accord.statlib.estimate.gates import left_out
from accord.statlib.estimate.plot import draw
from accord.statlib.estimate.report import first_page, refusal, rest_of_page, strata_table

REFUSED = 3
IMPUTATION = "imputation"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `accord estimate`."""
    parser.add_argument(
        "file", type=Path, metavar="FILE.csv", help="one 0/1 column for each list; the last column is count"
    )
    parser.add_argument("--lists", metavar="A,B,C", help="keep only these lists; people on none of them are dropped")
    parser.add_argument(
        "--merge", metavar="A+B", action="append", default=[], help="merge these into one list (can be repeated)"
    )
    parser.add_argument("--method", choices=list(METHODS), default="stepwise")
    parser.add_argument("--p", type=float, help="p-value at which the selection stops (stepwise 0.02, wald-aic 0.05)")
    parser.add_argument("--order", type=int, default=2, help="bic: largest number of lists in a term (default 2)")
    parser.add_argument(
        "--bootstrap", type=int, metavar="N", help="number of resamples, 0 for none (default 10000; wald-aic 2000)"
    )
    parser.add_argument("--level", type=float, default=0.95, help="level of the intervals; 0.80 is always shown, too")
    parser.add_argument("--stratify", metavar="COLUMN", help="estimate each value of this column and add them up")
    parser.add_argument(
        "--recall", type=float, help="share of true links that the matching found; shows the effect of missed links"
    )
    parser.add_argument("--false-links", type=float, default=0.0, help="share of the links that are wrong")
    parser.add_argument(
        "--imputed", type=Path, metavar="FILE.csv", help="use tables drawn by `accord link --counts --imputed`"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same answer (default 1)")
    parser.add_argument("--despite-gates", action="store_true", help="show an estimate even if the gates refuse it")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the page")
    parser.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw the intervals and models")


def run(args: argparse.Namespace) -> int:
    """Print the page or the JSON. The estimate comes first, then the bootstrap, with progress on standard error."""
    settings = _settings(args)
    _one_linkage(args)
    points = {
        key: _point(key, table, args, settings)
        for key, table in read_histories(args.file, stratify=args.stratify).items()
    }
    shown = args.despite_gates or all(point.passed and point.finite for point in points.values())
    if shown and not args.json:
        _say(_first(points, settings, args.file.name))
    result = _whole(points, settings, args, shown=shown)
    ok = shown and all(point.finite for point in points.values())
    if args.json:
        _say(json.dumps(to_json(result, show=shown), indent=2, ensure_ascii=False) + "\n")
    else:
        _say(strata_table(result) + rest_of_page(result) if ok else refusal(result))
    if args.plot and ok:
        _write(args.plot, draw(result, args.file.name))
    return 0 if ok else REFUSED


def _settings(args: argparse.Namespace) -> Settings:
    """Check the numeric options."""
    for name, low, high in (("p", 0, 1), ("level", 0.5, 0.999), ("recall", 0.3, 1), ("false_links", 0, 0.5)):
        value = getattr(args, name)
        if value is not None and not low <= value <= high:
            raise BadInput(f"--{name.replace('_', '-')} must be a number from {low} to {high}")
    for name, low, high in (("bootstrap", 0, 1_000_000), ("order", 2, 4), ("seed", 0, 2**32)):
        value = getattr(args, name)
        if value is not None and not low <= value <= high:
            raise BadInput(f"--{name} must be a whole number from {low} to {high}")
    if args.bootstrap is not None and 0 < args.bootstrap < 100:
        raise BadInput("--bootstrap needs at least 100 resamples, or 0 for none")
    levels = (args.level,) if args.level == 0.8 else (args.level, 0.8)
    return Settings(args.method, args.p, args.bootstrap, levels, args.seed, args.order)


def _prepared(table: Histories, args: argparse.Namespace) -> Histories:
    """Merge lists, keep the requested ones, then check the table."""
    table = _merged(table, args)
    check_lists(table, file=args.file.name)
    return table


def _merged(table: Histories, args: argparse.Namespace) -> Histories:
    """Merge lists, then keep the requested ones."""
    for names in args.merge:
        table = table.merge([name.strip() for name in names.split("+")])
    return table.keep([name.strip() for name in args.lists.split(",")]) if args.lists else table


def _point(stratum: str, table: Histories, args: argparse.Namespace, settings: Settings) -> Point:
    """Estimate one table. Lists with no one in a stratum are left out of that stratum, with a warning."""
    table = _merged(table, args)
    empty = table.empty() if args.stratify and table.observed else ()
    if empty and len(empty) < len(table.lists):
        table = table.keep([name for name in table.lists if name not in empty])
    check_lists(table, file=args.file.name)
    point = estimate(table, settings)
    told = tuple(left_out(name, stratum) for name in empty)
    return replace(point, warnings=(*told, *point.warnings))


def _first(points: dict[str, Point], settings: Settings, source: str) -> str:
    """Return the page down to the point estimate, before anything slow runs."""
    quick = {key: answer(point, settings, None, extras=False) for key, point in points.items()}
    head = quick[""] if "" in quick else total(points, dict.fromkeys(points), quick, settings)
    sizes = [
        sum(p.histories.on_all([p.histories.lists.index(name)]) for p in points.values() if name in p.histories.lists)
        for name in head.lists
    ]
    return first_page(head, sizes, source)


def _whole(points: dict[str, Point], settings: Settings, args: argparse.Namespace, *, shown: bool) -> Answer:
    """Run the bootstrap (unless a gate refuses the estimate), then compute everything else."""
    drawn, answers = {}, {}
    with _progress() as progress:
        task = progress.add_task("resampling", total=max(1, settings.bootstraps * len(points)))
        for number, (key, point) in enumerate(points.items()):
            drawn[key] = sample(point, settings, lambda n: progress.advance(task, n), number) if shown else None
            answers[key] = answer(point, settings, drawn[key], imputed=_imputed(point, args), extras=shown)
    if args.stratify is None:
        return answers[""]
    return total(points, drawn, answers, settings)


def _one_linkage(args: argparse.Namespace) -> None:
    """Refuse linkage error that is given both as rates and as tables drawn by the linkage."""
    if args.imputed and (args.recall is not None or args.false_links or args.stratify):
        raise BadInput("--imputed can't be combined with --recall, --false-links or --stratify")


def _imputed(point: Point, args: argparse.Namespace) -> list[Histories]:
    """Return possible true tables, given linkage error, or an empty list if the linkage error is not known."""
    if args.imputed:
        drawn = read_histories(args.imputed, stratify=IMPUTATION)
        tables = [_prepared(table, args) for table in drawn.values()]
        if tables[0].lists != point.histories.lists:
            raise BadInput(f"has different lists than {args.file.name}", file=args.imputed.name, row=1)
        return tables
    if args.recall is None and not args.false_links:
        return []
    rates = {"recall": args.recall or 1.0, "false_links": args.false_links}
    return imputations(point.histories, **rates, seed=args.seed)


def _progress() -> Progress:
    """Return a progress bar that is shown only if standard error is a terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"can't be written ({error.strerror})", file=path.name) from error
