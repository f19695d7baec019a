"""When not to show an estimate. The thresholds are judgement, not from a paper; the two model gates are theorems."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from accord.statlib.estimate.histories import Histories
from accord.statlib.estimate.loglinear import Model

FEWEST_LISTS = 3
FEWEST_ON_A_LIST = 20
FEWEST_SHARED = 10
PAIRS_THAT_SHARE = 2


@dataclass(frozen=True)
class Gate:
    """One condition: its name, whether it holds, and the figures behind the verdict."""

    name: str
    passed: bool
    why: str


def data_gates(histories: Histories) -> list[Gate]:
    """What the table itself must bear: lists, people on each, overlaps."""
    names, k = histories.lists, len(histories.lists)
    sizes = {name: histories.on_all([i]) for i, name in enumerate(names)}
    small = [f"{name} ({size})" for name, size in sizes.items() if size < FEWEST_ON_A_LIST]
    shared = {f"{names[i]}:{names[j]}": histories.on_all([i, j]) for i, j in itertools.combinations(range(k), 2)}
    enough = [pair for pair, people in shared.items() if people >= FEWEST_SHARED]
    most = max(shared.values(), default=0)
    return [
        Gate(
            "lists",
            k >= FEWEST_LISTS,
            f"{k} lists; with fewer than {FEWEST_LISTS} no model can tell dependence from people unseen",
        ),
        Gate(
            "list_sizes",
            not small,
            f"fewer than {FEWEST_ON_A_LIST} people on {', '.join(small)}; merge it or leave it out"
            if small
            else f"every list has at least {FEWEST_ON_A_LIST} people (smallest: {min(sizes.values())})",
        ),
        Gate(
            "overlaps",
            len(enough) >= PAIRS_THAT_SHARE,
            f"{len(enough)} pairs of lists share at least {FEWEST_SHARED} people; {PAIRS_THAT_SHARE} are needed "
            f"(largest overlap: {most})",
        ),
    ]


def model_gates(model: Model) -> list[Gate]:
    """A finite and unique maximum of the likelihood for the chosen model."""
    return [
        Gate(
            "existence",
            model.exists,
            "the likelihood has a finite maximum (Fienberg and Rinaldo 2012)"
            if model.exists
            else "the likelihood has no finite maximum: the overlaps are too sparse for this model",
        ),
        Gate(
            "identifiability",
            model.identifiable,
            "the observed histories determine every parameter"
            if model.identifiable
            else "the observed histories do not determine the number of people unseen",
        ),
    ]


def convergence_gate(mixed: bool, r_hat: float, effective: float) -> Gate:
    """Have the chains of a Bayesian method mixed?"""
    return Gate(
        "convergence",
        mixed,
        f"split R-hat {r_hat:.3f} (below 1.01 is asked) and {effective:.0f} effective draws (at least 400)",
    )


ASSUMED = (
    "Not checkable from the file: all lists must use the same definition, period and region.",
    "Not checkable from the file: a list that feeds another by referral makes the estimate too low.",
    "Not checkable from the file: nobody may enter or leave the population in the period, and each person must be as "
    "likely as any other of the same stratum to come onto a list.",
)
