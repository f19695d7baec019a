"""Five methods that turn one table into one number, each with an interval that takes the method's choices as given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.special import ndtri

from accord.statlib.estimate.bayes import Posterior, bayes_threshold
from accord.statlib.estimate.bootstrap import Estimator, fixed_estimator, stepwise_estimator, wald_aic_estimator
from accord.statlib.estimate.gates import Gate, convergence_gate, data_gates, model_gates
from accord.statlib.estimate.histories import Histories
from accord.statlib.estimate.loglinear import Design, Model, design, fit_model
from accord.statlib.estimate.profile import profile
from accord.statlib.estimate.selection import all_models, overlap_tail, stepwise, wald_aic

THRESHOLD = {"stepwise": 0.02, "wald-aic": 0.05}
REPLICATES = {"stepwise": 10_000, "wald-aic": 2_000, "bic": 10_000, "independence": 10_000, "bayes": 0}


@dataclass(frozen=True)
class Settings:
    """The caller's choices. The defaults for `p` and `replicates` depend on the method. `order` is the largest number
    of lists in a term of the BIC search. `top` is how many of the best models by BIC each bootstrap table chooses
    from."""

    method: str = "stepwise"
    p: float | None = None
    replicates: int | None = None
    levels: tuple[float, ...] = (0.95, 0.80)
    seed: int = 1
    order: int = 2
    top: int = 10

    @property
    def threshold(self) -> float:
        """Return the p at which the selection stops."""
        return THRESHOLD.get(self.method, 0.0) if self.p is None else self.p

    @property
    def bootstraps(self) -> int:
        """Return how many replicates to draw: none for a Bayesian method, which has a posterior instead."""
        return 0 if self.method == "bayes" or self.replicates == 0 else self.replicates or REPLICATES[self.method]


@dataclass(frozen=True)
class Interval:
    """An interval for N, in people. An infinite upper end means that the data give no upper limit."""

    kind: str
    level: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Point:
    """One method's answer for one table. `estimate` is infinite if the method has no estimate. `poisson` is the
    estimate that the bootstrap repeats. It differs from `estimate` only for wald-aic, which uses the mode of the
    profile likelihood as its estimate."""

    histories: Histories
    method: str
    terms: tuple[int, ...]
    estimate: float
    poisson: float
    intervals: tuple[Interval, ...]
    gates: tuple[Gate, ...]
    model: Model | None = None
    estimator: Estimator | None = None
    posterior: Posterior | None = None
    warnings: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Return whether every gate passed."""
        return all(gate.passed for gate in self.gates)

    @property
    def finite(self) -> bool:
        """Return whether there is an estimate to show."""
        return bool(np.isfinite(self.estimate))


def estimate(histories: Histories, settings: Settings) -> Point:
    """Return one estimate from the method in `settings`, with gates and conditional intervals but without the
    bootstrap."""
    return METHODS[settings.method](histories, settings)


def _by_stepwise(histories: Histories, settings: Settings) -> Point:
    d = design(len(histories.lists))
    chosen = stepwise(d, histories.counts.astype(float)[None], p=settings.threshold)
    model = fit_model(d, histories.counts, chosen.terms(d, 0))
    point = _log_linear(histories, settings, model, stepwise_estimator(d, settings.threshold))
    return replace(point, warnings=(*point.warnings, *_passed_over(histories, settings, model)))


def _passed_over(histories: Histories, settings: Settings, model: Model) -> list[str]:
    """Warn about pairs that the search would have added but could not, because the pairs' parameters have no finite
    maximum."""
    if not model.admissible:
        return []
    d = design(len(histories.lists))
    outside = [place for place in d.pairs if int(d.terms[place]) not in model.terms]
    tails = [
        overlap_tail(float(histories.counts @ d.x[:, place]), float(model.mu @ d.x[:, place])) for place in outside
    ]
    return [
        f"{name_term(histories, int(d.terms[place]))}: their overlap does not fit the model, and adding the pair leaves no "
        "finite estimate; check whether one of the lists feeds the other."
        for place, tail in zip(outside, tails, strict=True)
        if tail < settings.threshold
    ]


def _by_independence(histories: Histories, settings: Settings) -> Point:
    d = design(len(histories.lists))
    model = fit_model(d, histories.counts, ())
    return _log_linear(histories, settings, model, fixed_estimator(d, _rows(d, [()])))


def _by_bic(histories: Histories, settings: Settings) -> Point:
    k = len(histories.lists)
    d = design(k, min(settings.order, k))
    ranked = all_models(histories.counts, k, d.order)
    model = fit_model(d, histories.counts, ranked.terms(d, 0))
    return _log_linear(histories, settings, model, fixed_estimator(d, ranked.in_model[: settings.top]))


def _by_wald_aic(histories: Histories, settings: Settings) -> Point:
    d = design(len(histories.lists))
    chosen = wald_aic(d, histories.counts.astype(float)[None], p=settings.threshold)
    model = fit_model(d, histories.counts, chosen.terms(d, 0))
    point = _log_linear(histories, settings, model, wald_aic_estimator(d, settings.threshold))
    if not point.finite:
        return point
    curve = profile(d, histories.counts, model, settings.levels)
    profiles = tuple(Interval("profile", *ends) for ends in curve.intervals)
    return Point(
        histories,
        point.method,
        point.terms,
        curve.mode,
        point.poisson,
        profiles + point.intervals,
        point.gates,
        model,
        point.estimator,
        None,
        point.warnings,
    )


def _by_bayes(histories: Histories, settings: Settings) -> Point:
    d = design(len(histories.lists))
    posterior = bayes_threshold(d, histories.counts, np.random.default_rng([settings.seed, 2]))
    gate = convergence_gate(posterior.mixed, posterior.r_hat, posterior.effective)
    intervals = tuple(Interval("credible", level, *posterior.interval(level)) for level in settings.levels)
    return Point(
        histories,
        "bayes",
        posterior.terms,
        posterior.median,
        posterior.median,
        intervals,
        (*data_gates(histories), gate),
        posterior=posterior,
    )


def _log_linear(histories: Histories, settings: Settings, model: Model, estimator: Estimator) -> Point:
    """Return the model's estimate and Wald intervals. The ends of an interval are n + n0 exp(+- z se), on the log scale
    of n0, given the model."""
    intervals = []
    unseen = model.estimate - model.observed
    for level in settings.levels if model.admissible else ():
        factor = float(np.exp(ndtri((1 + level) / 2) * model.standard_error))
        intervals.append(Interval("wald", level, model.observed + unseen / factor, model.observed + unseen * factor))
    warnings = tuple(
        f"{name_term(histories, term)}: no one is on both lists, so the model assumes that no one can be "
        "(the term is at minus infinity)."
        for term in model.at_minus_infinity
    )
    gates = (*data_gates(histories), *model_gates(model))
    return Point(
        histories,
        settings.method,
        model.terms,
        model.estimate,
        model.estimate,
        tuple(intervals),
        gates,
        model,
        estimator,
        None,
        warnings,
    )


def _rows(d: Design, models: list[tuple[int, ...]]) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    return np.array([np.isin(d.terms, terms) | (np.bitwise_count(d.terms) < 2) for terms in models])


def name_term(histories: Histories, mask: int) -> str:
    """Return a term as "A:B"."""
    return ":".join(name for i, name in enumerate(histories.lists) if mask >> i & 1)


METHODS: dict[str, Callable[[Histories, Settings], Point]] = {
    "stepwise": _by_stepwise,
    "wald-aic": _by_wald_aic,
    "bic": _by_bic,
    "bayes": _by_bayes,
    "independence": _by_independence,
}
