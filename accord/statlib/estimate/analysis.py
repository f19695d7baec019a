"""Build the whole answer: the number, its intervals, every model near the best, and the changes that affect the
number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from accord.statlib.estimate.bootstrap import Jackknife, acceleration, bca, jackknife, percentile, replicate, sharp_bca
from accord.statlib.estimate.decomposable import MOST_LISTS_FOR_GRAPHS, decomposable_average
from accord.statlib.estimate.gates import ASSUMED, LEFT_OUT, Gate
from accord.statlib.estimate.histories import Histories
from accord.statlib.estimate.linkage import Pooled, pool
from accord.statlib.estimate.loglinear import Floats, design
from accord.statlib.estimate.methods import METHODS, Interval, Point, Settings, estimate, name_term
from accord.statlib.estimate.selection import MOST_LISTS_FOR_ALL_MODELS, all_models, neighbors

NEAR_BIC = 10.0
MOST_LISTS_FOR_CHAINS = 7

Progress = Callable[[int], None]


@dataclass(frozen=True)
class NearModel:
    """A model within 10 BIC of the best. `terms` are written as "A:B"."""

    terms: tuple[str, ...]
    estimate: float
    bic: float


@dataclass(frozen=True)
class Variant:
    """The estimate after one change, with an interval if the method gives one."""

    label: str
    observed: int
    estimate: float
    interval: Interval | None = None


@dataclass(frozen=True)
class Sensitivity:
    """How the answer changes when each list is left out, when other methods are used, and when linkage error is
    considered."""

    without: tuple[Variant, ...]
    methods: tuple[Variant, ...]
    linkage: Pooled | None


@dataclass(frozen=True)
class Answer:
    """One table's estimate, or the sum over strata. For a sum, `strata` holds the answer for each stratum, and `terms`
    is empty."""

    observed: int
    lists: tuple[str, ...]
    method: str
    terms: tuple[str, ...]
    estimate: float
    intervals: tuple[Interval, ...]
    models: tuple[NearModel, ...]
    gates: tuple[Gate, ...]
    warnings: tuple[str, ...]
    sensitivity: Sensitivity | None = None
    acceleration: float | None = None
    replicates: int = 0
    strata: Mapping[str, Answer] | None = None

    @property
    def passed(self) -> bool:
        """Return whether every gate passed and there is an estimate."""
        return all(gate.passed for gate in self.gates) and bool(np.isfinite(self.estimate))


@dataclass(frozen=True)
class Sampled:
    """The bootstrap of one table: replicates (B,), leave-one-out estimates, and the intervals computed from them."""

    replicates: Floats
    jackknife: Jackknife
    intervals: tuple[Interval, ...]


def sample(point: Point, settings: Settings, progress: Progress, stratum: int = 0) -> Sampled | None:
    """Return the bootstrap of one table, or None if the method has no bootstrap or there is no estimate to repeat."""
    if point.estimator is None or not settings.bootstraps or not point.finite:
        return None
    rng = np.random.default_rng([settings.seed, 1, stratum])
    drawn = replicate(point.histories.counts, point.estimator, settings.bootstraps, rng, progress=progress)
    left = jackknife(point.histories.counts, point.estimator)
    ends = sharp_bca(drawn, point.estimator, point.poisson, acceleration(left), settings.levels, rng)
    bcas = tuple(Interval("bca", level, *end) for level, end in zip(settings.levels, ends, strict=True))
    return Sampled(drawn.values, left, bcas + _percentiles(drawn.values, settings.levels))


def _percentiles(values: Floats, levels: tuple[float, ...]) -> tuple[Interval, ...]:
    return tuple(Interval("percentile", level, *percentile(values, level)) for level in levels)


def answer(
    point: Point,
    settings: Settings,
    drawn: Sampled | None,
    *,
    imputed: Sequence[Histories] = (),
    extras: bool = True,
) -> Answer:
    """Return the whole answer for one table. `imputed` holds possible true tables, given linkage error. If `extras` is
    False, near models and sensitivity are left out (for an estimate that will be refused)."""
    h = point.histories
    extras = extras and point.finite
    near = near_models(point) if extras else ()
    intervals = (*(drawn.intervals if drawn else ()), *point.intervals)
    warnings = [*ASSUMED, *point.warnings, *_warn_models(near), *_warn_intervals(h.observed, intervals)]
    if drawn:
        warnings += _warn_bootstrap(drawn.replicates)
    sensitivity = _sensitivity(point, settings, imputed) if extras else None
    return Answer(
        h.observed,
        h.lists,
        point.method,
        tuple(name_term(h, t) for t in point.terms),
        point.estimate,
        intervals,
        near,
        point.gates,
        tuple(warnings),
        sensitivity,
        acceleration(drawn.jackknife) if drawn else None,
        len(drawn.replicates) if drawn else 0,
    )


def total(
    points: Mapping[str, Point], drawn: Mapping[str, Sampled | None], answers: Mapping[str, Answer], settings: Settings
) -> Answer:
    """Return the sum over strata. The strata's tables are independent, so replicates add up, and leaving out one person
    changes only that person's stratum."""
    first = next(iter(points.values()))
    size = sum(point.estimate for point in points.values())
    intervals: tuple[Interval, ...] = ()
    sampled = [(points[key], one) for key, one in drawn.items() if one is not None]
    accel = None
    if len(sampled) == len(points):
        poisson = sum(point.poisson for point in points.values())
        values = np.concatenate([poisson - point.poisson + one.jackknife.values for point, one in sampled])
        weights = np.concatenate([one.jackknife.weights for _, one in sampled])
        accel = acceleration(Jackknife(values, weights))
        joint = np.sum([one.replicates for _, one in sampled], axis=0)
        bcas = [Interval("bca", level, *bca(joint, poisson, accel, level)) for level in settings.levels]
        intervals = (*bcas, *_percentiles(joint, settings.levels))
    intervals += _conditional_total(list(points.values()), settings.levels)
    gates = tuple(replace(gate, name=f"{key}: {gate.name}") for key, one in answers.items() for gate in one.gates)
    warnings = dict.fromkeys(
        line if line in ASSUMED else f"{key}: {line}" for key, one in answers.items() for line in one.warnings
    )
    return Answer(
        sum(point.histories.observed for point in points.values()),
        tuple(dict.fromkeys(name for point in points.values() for name in point.histories.lists)),
        first.method,
        (),
        size,
        intervals,
        (),
        gates,
        tuple(warnings),
        None,
        accel,
        len(sampled[0][1].replicates) if sampled else 0,
        answers,
    )


def _conditional_total(points: list[Point], levels: tuple[float, ...]) -> tuple[Interval, ...]:
    """Return intervals for the sum: Wald intervals computed on the log scale of people unseen, or credible intervals
    from the posterior."""
    if not all(point.finite for point in points):
        return ()
    posteriors = [point.posterior.size for point in points if point.posterior]
    if posteriors:
        draws = np.sum(posteriors, axis=0)
        return tuple(Interval("credible", level, *percentile(draws.ravel(), level)) for level in levels)
    seen = sum(point.histories.observed for point in points)
    unseen = sum(point.poisson - point.histories.observed for point in points)
    error = np.sqrt(sum(((p.poisson - p.histories.observed) * p.model.standard_error) ** 2 for p in points if p.model))
    ends = {level: float(np.exp(ndtri((1 + level) / 2) * error / unseen)) for level in levels}
    return tuple(Interval("wald", level, seen + unseen / f, seen + unseen * f) for level, f in ends.items())


def near_models(point: Point) -> tuple[NearModel, ...]:
    """Return the models within 10 BIC of the best, best first. For up to five lists, all models are compared. For more
    lists, only the models that differ from the chosen one by one pair are compared."""
    h, k = point.histories, len(point.histories.lists)
    order = max((term.bit_count() for term in point.terms), default=2)
    if k <= MOST_LISTS_FOR_ALL_MODELS:
        d, ranked = design(k, order), all_models(h.counts, k, order)
    else:
        d, ranked = design(k), neighbors(h.counts, k, point.terms)
    return tuple(
        NearModel(
            tuple(name_term(h, t) for t in ranked.terms(d, row)), float(ranked.estimate[row]), float(ranked.bic[row])
        )
        for row in ranked.near(NEAR_BIC)
    )


def _sensitivity(point: Point, settings: Settings, imputed: Sequence[Histories]) -> Sensitivity:
    return Sensitivity(
        _leave_one_out(point.histories, settings),
        _other_methods(point, settings),
        _linkage(imputed, settings) if imputed else None,
    )


def _leave_one_out(h: Histories, settings: Settings) -> tuple[Variant, ...]:
    """Apply the same method again, leaving out each list in turn. People who are only on that list drop out, so fewer
    people are seen."""
    out = []
    for name in h.lists if len(h.lists) > 2 else ():
        less = h.without(name)
        out.append(_variant(f"without {name}", estimate(less, settings), settings.levels[0]))
    return tuple(out)


def _other_methods(point: Point, settings: Settings) -> tuple[Variant, ...]:
    """Apply the other methods to the same table, including decomposable graphs."""
    h, k = point.histories, len(point.histories.lists)
    slow = {"bic": MOST_LISTS_FOR_ALL_MODELS, "bayes": MOST_LISTS_FOR_CHAINS}
    names = [name for name in METHODS if k <= slow.get(name, k)]
    out = []
    for name in names:
        if name != point.method:
            other = replace(settings, method=name, p=None)
            out.append(_variant(name, estimate(h, other), settings.levels[0]))
    if k <= MOST_LISTS_FOR_GRAPHS:
        average = decomposable_average(h.counts, k)
        ends = Interval("credible", settings.levels[0], *average.interval(settings.levels[0]))
        out.append(Variant("decomposable graphs", h.observed, average.quantile(0.5), ends))
    return tuple(out)


def _variant(label: str, point: Point, level: float) -> Variant:
    own = next((i for i in point.intervals if i.level == level), None)
    return Variant(label, point.histories.observed, point.estimate, own)


def _linkage(imputed: Sequence[Histories], settings: Settings) -> Pooled:
    """Estimate N from each imputed table, and pool the estimates by Rubin's rules. The method comes from the settings,
    except that stepwise replaces bayes, which is slower."""
    quick = settings if settings.method != "bayes" else replace(settings, method="stepwise", p=None)
    seen, unseen, error = [], [], []
    for table in imputed:
        point = estimate(table, quick)
        seen.append(float(table.observed))
        unseen.append(point.poisson - table.observed)
        error.append(point.model.standard_error if point.model else np.inf)
    return pool(np.array(seen), np.array(unseen), np.array(error), float(ndtri((1 + settings.levels[0]) / 2)))


def _warn_models(near: tuple[NearModel, ...]) -> list[str]:
    if not near:
        return []
    sizes = [model.estimate for model in near]
    if max(sizes) < 1.5 * min(sizes):
        return []
    return [
        f"The data hardly settle it: {len(near)} models fit about as well (within {NEAR_BIC:.0f} BIC) and give from "
        f"{min(sizes):,.0f} to {max(sizes):,.0f} people. Publish that range, never one number."
    ]


def _warn_intervals(observed: int, intervals: tuple[Interval, ...]) -> list[str]:
    out = []
    ends = {(i.kind, i.level): i for i in intervals}
    for (kind, level), wide in ends.items():
        other = ends.get(("bca", level))
        if kind == "percentile" and other and wide.upper > 1.25 * other.upper:
            out.append(
                f"At {level:.0%} the percentile interval reaches {wide.upper:,.0f} and the BCa interval "
                f"{other.upper:,.0f}: some resamples choose a model that gives far more. Say which you quote."
            )
    for i in intervals:
        if not np.isfinite(i.upper):
            out.append(
                f"The {i.level:.0%} {i.kind} interval has no upper end: too many resamples have no finite estimate."
            )
        elif i.kind == "bca" and i.lower < observed + 1:
            out.append(f"The lower end of the {i.level:.0%} BCa interval is the number of people seen.")
    return out


def _warn_bootstrap(replicates: Floats) -> list[str]:
    lost = int(np.isinf(replicates).sum())
    if not lost:
        return []
    return [
        f"{lost:,} of {len(replicates):,} bootstrap tables have no finite estimate; they count as infinitely many "
        "people."
    ]


def to_json(result: Answer, *, show: bool) -> dict[str, Any]:
    """Return the answer in a stable form for JSON. For a refused estimate, `show` is False, and everything that would
    reveal the estimate is left out."""
    known = show and bool(np.isfinite(result.estimate))
    out: dict[str, Any] = {
        "observed": result.observed,
        "lists": list(result.lists),
        "method": result.method,
        "terms": list(result.terms) if show else [],
        "estimate": result.estimate if known else None,
        "intervals": [
            {"kind": i.kind, "level": i.level, "lower": _number(i.lower), "upper": _number(i.upper)}
            for i in result.intervals
        ]
        if known
        else [],
        "models": [
            {"terms": list(m.terms), "estimate": _number(m.estimate), "bic": _number(m.bic)} for m in result.models
        ]
        if known
        else [],
        "gates": [{"name": g.name, "passed": g.passed, "why": g.why} for g in result.gates],
        "warnings": list(result.warnings)
        if show
        else [text for text in result.warnings if text in ASSUMED or LEFT_OUT in text],
        "replicates": result.replicates,
        "acceleration": result.acceleration if known else None,
        "sensitivity": _sensitivity_json(result.sensitivity) if known and result.sensitivity else None,
    }
    if result.strata is not None:
        out["strata"] = {key: to_json(one, show=show) for key, one in result.strata.items()}
    return out


def _sensitivity_json(s: Sensitivity) -> dict[str, Any]:
    def row(v: Variant) -> dict[str, Any]:
        ends = v.interval
        return {
            "label": v.label,
            "observed": v.observed,
            "estimate": _number(v.estimate),
            "lower": _number(ends.lower) if ends else None,
            "upper": _number(ends.upper) if ends else None,
        }

    linkage = s.linkage and {
        "estimate": _number(s.linkage.estimate),
        "lower": _number(s.linkage.lower),
        "upper": _number(s.linkage.upper),
    }
    return {"without": [row(v) for v in s.without], "methods": [row(v) for v in s.methods], "linkage": linkage}


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
