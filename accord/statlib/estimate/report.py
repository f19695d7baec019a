"""The report page. A statistician should be willing to sign it, and a task force should be able to read it. Its lines
are at most 100 columns wide."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

from accord.statlib.estimate.analysis import Answer, Variant
from accord.statlib.estimate.gates import LEFT_OUT, Gate
from accord.statlib.estimate.methods import Interval

WIDTH = 100
MODELS_SHOWN = 12
METHOD_TEXT = {
    "stepwise": "log-linear, pairs added by the Poisson tails of their overlaps (Chan, Silverman and Vincent 2021)",
    "wald-aic": "the 2014 UK procedure: lowest AIC, stop by Wald p, profile likelihood (Bales et al. 2015)",
    "bic": "the best of all hierarchical log-linear models by BIC (Silverman, Chan and Vincent 2024)",
    "bayes": "Bayesian thresholding with proper priors (Silverman 2020)",
    "independence": "log-linear model with all lists independent (a baseline, rarely believable)",
}
KIND_TEXT = {
    "bca": "BCa bootstrap, includes the choice of the model",
    "percentile": "percentile bootstrap, includes the choice of the model",
    "wald": "Wald, takes the model as given: too short",
    "profile": "profile likelihood, takes the model as given: too short",
    "credible": "credible, takes the thresholded model as given",
}
NOT_TO_CONCLUDE = (
    "That this many people were counted. Only those seen were; the others are a model of who was not seen.",
    "That the range contains the truth with the stated probability. It does so only if the model is right, and in "
    "simulations of such tables some intervals contain it less often (docs/explanation/numbers-estimate.md).",
    "That a change between years is real when the ranges overlap, or when a list joined, left or changed definition.",
    "Anything about a named person, a single agency's clients or a group that was not estimated on its own.",
)


def first_page(result: Answer, sizes: Sequence[int], source: str) -> str:
    """Return the part of the page that is known before the bootstrap: the lists, the people seen, the method, and the
    estimate. The text ends in a newline."""
    lists = ", ".join(f"{name} {size:,}" for name, size in zip(result.lists, sizes, strict=True))
    lines = [
        *_wrap(f"HOW MANY PEOPLE, SEEN AND UNSEEN: {source}"),
        "",
        *_wrap(f"Lists     {lists}", 10),
        *_wrap(f"Method    {METHOD_TEXT[result.method]}", 10),
        "",
        f"Seen      {result.observed:,} different people on at least one list",
    ]
    if math.isfinite(result.estimate):
        lines.append(f"Estimated {_round(result.estimate)} people in all, seen and unseen ({result.estimate:,.1f})")
    else:
        lines.append("Estimated none: the likelihood has no finite, unique maximum")
    if result.terms:
        lines += _wrap(f"Model     lists and the pairs {', '.join(result.terms)}", 10)
    return "\n".join([*lines, ""])


def refusal(result: Answer) -> str:
    """Return the page for a refused estimate. The page gives the reason and suggests what would help."""
    lines = [
        f"Seen      {result.observed:,} different people on at least one list",
        "",
        "NO ESTIMATE IS SHOWN, because one would mislead:",
        *_gates(result.gates, failed_only=True),
        *(line for text in result.warnings if LEFT_OUT in text for line in _wrap(f"  note    {text}", 10)),
        "",
        *_wrap(
            "Merge or leave out small lists (--merge, --lists), use a longer period, or publish the number seen "
            "alone. --despite-gates computes the estimate anyway, for study."
        ),
    ]
    return "\n".join([*lines, ""])


def rest_of_page(result: Answer) -> str:
    """Return the rest of the page: intervals, models, changes that affect the answer, gates, warnings, and conclusions
    to avoid."""
    lines = ["", "INTERVALS", *_intervals(result.intervals), *_drawn(result)]
    if result.models:
        lines += ["", "MODELS THAT FIT ABOUT AS WELL (within 10 BIC of the best)", *_models(result)]
    if result.sensitivity:
        lines += ["", "WHAT CHANGES THE ANSWER", *_variants([*result.sensitivity.without, *result.sensitivity.methods])]
        if result.sensitivity.linkage:
            pooled = result.sensitivity.linkage
            lines.append(_row("with linkage error", "", _round(pooled.estimate), _range(pooled.lower, pooled.upper)))
    lines += ["", "GATES", *_gates(result.gates), "", "WARNINGS"]
    lines += [line for text in result.warnings for line in _wrap(f"- {text}", 2)]
    lines += ["", "WHAT NOT TO CONCLUDE", *(line for text in NOT_TO_CONCLUDE for line in _wrap(f"- {text}", 2))]
    return "\n".join([*lines, ""])


def strata_table(result: Answer) -> str:
    """Return a table with one line for each stratum, or an empty string if there are no strata."""
    if result.strata is None:
        return ""
    rows = [_row("stratum", "seen", "estimate", "interval")]
    for key, one in result.strata.items():
        interval = one.intervals[0] if one.intervals else None
        rows.append(
            _row(
                key[:30],
                f"{one.observed:,}",
                _round(one.estimate),
                _range(interval.lower, interval.upper) if interval else "",
            )
        )
    return "\n".join(["", "STRATA", *rows, ""])


def _intervals(intervals: Sequence[Interval]) -> list[str]:
    return [f"  {i.level:5.0%}  {_range(i.lower, i.upper):<26} {KIND_TEXT[i.kind]}" for i in intervals]


def _drawn(result: Answer) -> list[str]:
    if result.acceleration is None:
        return []
    return _wrap(
        f"  {result.replicates:,} resamples of the people seen, the model chosen again in each; "
        f"BCa acceleration {result.acceleration:.4f}.",
        2,
    )


def _models(result: Answer) -> list[str]:
    best = result.models[0].bic
    lines = []
    for model in result.models[:MODELS_SHOWN]:
        name = ", ".join(model.terms) or "lists only"
        mark = "*" if set(model.terms) == set(result.terms) else " "
        head = f" {mark} BIC +{model.bic - best:4.1f} {_round(model.estimate):>10}  "
        lines += textwrap.wrap(name, WIDTH, initial_indent=head, subsequent_indent=" " * len(head))
    if len(result.models) > MODELS_SHOWN:
        sizes = [model.estimate for model in result.models]
        lines.append(
            f"   and {len(result.models) - MODELS_SHOWN} more; all together from {_round(min(sizes))} to "
            f"{_round(max(sizes))} (all are in --json)"
        )
    if any(set(model.terms) == set(result.terms) for model in result.models[:MODELS_SHOWN]):
        lines.append("   * the model above")
    return lines


def _variants(variants: Sequence[Variant]) -> list[str]:
    rows = [_row("changed", "seen", "estimate", "interval, given the model")]
    return rows + [
        _row(
            v.label,
            f"{v.observed:,}",
            _round(v.estimate),
            _range(v.interval.lower, v.interval.upper) if v.interval else "",
        )
        for v in variants
    ]


def _gates(gates: Sequence[Gate], *, failed_only: bool = False) -> list[str]:
    return [
        line
        for gate in gates
        if not (failed_only and gate.passed)
        for line in _wrap(f"  {'passed' if gate.passed else 'FAILED'}  {gate.name}: {gate.why}", 10)
    ]


def _row(label: str, seen: str, estimate: str, interval: str) -> str:
    return f"  {label:<30} {seen:>9} {estimate:>11}   {interval}".rstrip()


def _range(lower: float, upper: float) -> str:
    return f"{_round(lower)} to {_round(upper)}"


def _round(value: float) -> str:
    """Round an uncertain figure to three significant digits: 11,313 becomes 11,300."""
    if not math.isfinite(value):
        return "no limit"
    digits = max(0, len(str(int(value))) - 3)
    return f"{round(value, -digits):,.0f}"


def _wrap(text: str, indent: int = 0) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=" " * indent) or [""]
