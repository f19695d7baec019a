"""Compare the estimates with published and reference figures: every row of `reference.csv`, bootstrap stability,
speed, and the coverage of each interval in simulations with a known truth.

`rows()` returns (what, ours, reference, verdict). Run this as `python -m bench.numbers_estimate`.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from accord.statlib.estimate import Histories, Settings, estimate, read_histories
from accord.statlib.estimate.bootstrap import (
    Replicates,
    acceleration,
    bca,
    jackknife,
    percentile,
    replicate,
    sharp_bca,
    stepwise_estimator,
)
from accord.statlib.estimate.decomposable import decomposable_average
from accord.statlib.estimate.loglinear import Model, design, fit_model
from accord.statlib.estimate.selection import stepwise

DATA = Path(str(files("accord.statlib") / "data" / "mse"))
TABLES = ("uk_5", "uk_6", "new_orleans_5", "western_us_5", "netherlands_5", "kosovo_4", "korea_3")
Row = tuple[str, str, str, str]
Ends = tuple[float | None, float | None, float | None]
WITHIN = {"wald": 0.001, "profile": 0.001, "order": 0.001, "graphs": 0.005, "top": 0.04, "bca": 0.15, "bayes": 0.06}
TOLD = {
    ("new_orleans_5", "stepwise bca 95% of 1000"): "the reference's lower end is the smallest of its 1,000 replicates",
    ("new_orleans_5", "bayes 95%"): "the reference is one chain; ours are forty that agree",
    (
        "korea_3",
        "bic bootstrap top 1",
    ): "ours counts 1.4% of replicates, without a finite estimate, as infinite (261 without them)",
}


@cache
def table(name: str) -> Histories:
    """Return one of the tables that come with the library."""
    return read_histories(DATA / f"{name}.csv")[""]


def references() -> list[tuple[str, str, Ends]]:
    """Return (table, figure, (point, lower, upper)) for each row of `reference.csv`."""
    with (DATA / "reference.csv").open(encoding="utf-8", newline="") as file:
        return [
            (r["data"], r["figure"], tuple(float(r[c]) if r[c] else None for c in ("point", "lower", "upper")))
            for r in csv.DictReader(file)
        ]


def ours(name: str, figure: str) -> Ends:
    """Return our point estimate and interval for the same table and method."""
    h, words = table(name), figure.split()
    if words[0] == "decomposable":
        average = decomposable_average(h.counts, len(h.lists), reach=20 if name == "netherlands_5" else 15)
        return average.quantile(0.5), *average.interval(0.95)
    if words[:2] == ["stepwise", "bca"]:
        level = float(words[2].rstrip("%")) / 100
        return None, *_stepwise_bootstrap(name)[level]
    if words[:2] == ["bic", "bootstrap"]:
        return None, *_bic_bootstrap(name, order=3 if name == "kosovo_4" else 2, top=int(words[3]))
    settings = Settings(
        method=words[0],
        p=float(words[1]) if words[0] == "wald-aic" else None,
        order=int(words[2]) if words[0] == "bic" else 2,
    )
    point = estimate(h, settings)
    if words[0] == "bic":
        return point.estimate, None, None
    kind = {"bayes": "credible", "wald-aic": "profile"}.get(words[0], "wald")
    interval = next(i for i in point.intervals if i.kind == kind and f"{i.level:.0%}" == words[-1])
    return point.estimate, interval.lower, interval.upper


@cache
def _stepwise_bootstrap(name: str) -> dict[float, tuple[float, float]]:
    """Return the ends of the 95 and 80 percent BCa intervals from 20,000 replicates."""
    h, levels, rng = table(name), (0.95, 0.8), np.random.default_rng(1)
    estimator = stepwise_estimator(design(len(h.lists)), 0.02)
    drawn = replicate(h.counts, estimator, 20_000, rng)
    accel = acceleration(jackknife(h.counts, estimator))
    ends = sharp_bca(drawn, estimator, estimate(h, Settings()).estimate, accel, levels, rng)
    return dict(zip(levels, ends, strict=True))


def _bic_bootstrap(name: str, order: int, top: int) -> tuple[float, float]:
    point = estimate(table(name), Settings(method="bic", order=order, top=top))
    assert point.estimator is not None
    drawn = replicate(point.histories.counts, point.estimator, 4000, np.random.default_rng(1))
    accel = acceleration(jackknife(point.histories.counts, point.estimator))
    return bca(drawn.values, point.estimate, accel, 0.95)


def reference_rows() -> Iterator[Row]:
    """Yield each reference figure and ours. The verdict includes the tolerance."""
    for name, figure, theirs in references():
        mine = ours(name, figure)
        off = max(abs(a / b - 1) for a, b in zip(mine, theirs, strict=True) if a is not None and b is not None)
        within = next(v for k, v in WITHIN.items() if k in figure)
        verdict = f"{'ok' if off <= within else 'MISS'}: {off:.2%} off, {within:.1%} allowed"
        told = f"; {TOLD[name, figure]}" if off > within and (name, figure) in TOLD else ""
        yield f"{name}: {figure}", _ends(mine), _ends(theirs), verdict + told


def _ends(ends: Ends) -> str:
    point, lower, upper = ends
    head = [] if point is None else [f"{point:,.1f}"]
    return " ".join(head + ([] if lower is None or upper is None else [f"({lower:,.1f} to {upper:,.1f})"]))


def stability_rows() -> Iterator[Row]:
    """Yield the ends of 95% BCa intervals from 20,000 replicates next to those from 40,000."""
    for name in TABLES:
        h = table(name)
        estimator = stepwise_estimator(design(len(h.lists)), 0.02)
        point, accel = estimate(h, Settings()).estimate, acceleration(jackknife(h.counts, estimator))
        full = replicate(h.counts, estimator, 40_000, np.random.default_rng(1))
        half = replace(full, tables=full.tables[:20_000], values=full.values[:20_000])
        mine, limit = (_sharp(d, estimator, point, accel, seed) for d, seed in ((half, 2), (full, 3)))
        off = max(abs(a / b - 1) for a, b in zip(mine, limit, strict=True))
        yield (
            f"{name}: BCa 95% at 20,000 replicates, limit at 40,000",
            _ends((None, *mine)),
            _ends((None, *limit)),
            f"{'ok' if off <= 0.02 else 'MISS'}: {off:.2%} off, 2% allowed",
        )


def _sharp(drawn: Replicates, estimator, point: float, accel: float, seed: int) -> tuple[float, float]:
    return sharp_bca(drawn, estimator, point, accel, (0.95,), np.random.default_rng(seed))[0]


def speed_rows() -> Iterator[Row]:
    """Yield the seconds on one core for 1,000 bootstraps, each repeating the whole selection."""
    for name, theirs in (("uk_5", 195), ("uk_6", 845), ("western_us_5", 88), ("netherlands_5", 316)):
        h = table(name)
        estimator = stepwise_estimator(design(len(h.lists)), 0.02)
        start = time.process_time()
        drawn = replicate(h.counts, estimator, 1000, np.random.default_rng(1))
        bca(drawn.values, estimate(h, Settings()).estimate, acceleration(jackknife(h.counts, estimator)), 0.95)
        took = time.process_time() - start
        yield f"{name}: 1,000 BCa bootstraps", f"{took:.2f} s", f"{theirs} s (SparseMSE)", "ok" if took < 1 else "MISS"


@dataclass(frozen=True)
class Coverage:
    """How often an interval contained the truth in simulated tables. `error` is the standard error of `share`."""

    kind: str
    promise: float
    share: float
    error: float


def coverage(name: str, *, sets: int = 400, replicates: int = 500, seed: int = 1) -> list[Coverage]:
    """Simulate tables from the model that stepwise selection chose for a real table. That model's N is the truth.
    Returns how often each 95% interval contains it. People are drawn from all histories, including the unseen one."""
    h = table(name)
    d = design(len(h.lists))
    truth = fit_model(d, h.counts, stepwise(d, h.counts.astype(float)[None]).terms(d, 0))
    shares, size = _all_histories(truth), round(truth.estimate)
    estimator, rng = stepwise_estimator(d, 0.02), np.random.default_rng(seed)
    hits = {"wald": 0, "percentile": 0, "bca": 0}
    for _ in range(sets):
        counts = rng.multinomial(size, shares)
        counts[0] = 0
        for kind, (lower, upper) in _three_intervals(Histories(h.lists, counts), estimator, replicates, rng).items():
            hits[kind] += lower <= truth.estimate <= upper
    return [
        Coverage(kind, 0.95, n / sets, float(np.sqrt(n / sets * (1 - n / sets) / sets))) for kind, n in hits.items()
    ]


def _all_histories(model: Model) -> np.ndarray:
    cells = model.mu.copy()
    cells[0] = model.estimate - model.observed
    return cells / cells.sum()


def _three_intervals(h: Histories, estimator, replicates: int, rng) -> dict[str, tuple[float, float]]:
    point = estimate(h, Settings(levels=(0.95,)))
    if not point.finite:
        return {}
    values = replicate(h.counts, estimator, replicates, rng).values
    accel = acceleration(jackknife(h.counts, estimator))
    wald = next(i for i in point.intervals if i.kind == "wald")
    return {
        "wald": (wald.lower, wald.upper),
        "percentile": percentile(values, 0.95),
        "bca": bca(values, point.estimate, accel, 0.95),
    }


def coverage_rows() -> Iterator[Row]:
    """Yield the measured coverage next to the promised one. No row counts as a miss. The result is only reported."""
    start = time.process_time()
    for name in ("uk_5", "western_us_5", "kosovo_4"):
        for c in coverage(name):
            yield (
                f"{name}: coverage of the {c.kind} interval, 400 sets of 500 replicates",
                f"{c.share:.1%} (se {c.error:.1%})",
                f"{c.promise:.0%} promised",
                "as promised"
                if abs(c.share - c.promise) <= 2 * c.error
                else "too short"
                if c.share < c.promise
                else "too wide",
            )
    took = time.process_time() - start
    yield "coverage simulation, three tables, one core", f"{took:.0f} s", "120 s", "ok" if took < 120 else "MISS"


def rows() -> list[Row]:
    """Return all rows for `make bench-numbers`."""
    return [*reference_rows(), *stability_rows(), *speed_rows(), *coverage_rows()]


def main() -> None:
    """Print a Markdown table, one row at a time."""
    print("| what | ours | reference | verdict |\n|---|---|---|---|")
    for part in (reference_rows, stability_rows, speed_rows, coverage_rows):
        for row in part():
            print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
