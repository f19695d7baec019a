"""Gates that determine whether an estimate may be shown. The thresholds are our own judgment and do not come from a
paper. The two model gates are based on theorems."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from accord.statlib.estimate.histories import Histories
from accord.statlib.estimate.loglinear import Model, design, fit_model
from accord.statlib.estimate.selection import fit_all

FEWEST_LISTS = 3
FEWEST_ON_A_LIST = 20
FEWEST_SHARED = 10
PAIRS_THAT_SHARE = 2


@dataclass(frozen=True)
class Gate:
    """One condition: its name, whether it passed, and the figures that explain the result."""

    name: str
    passed: bool
    why: str


def data_gates(histories: Histories) -> list[Gate]:
    """Return the gates for the table itself: the number of lists, the people on each list, the overlaps, and whether
    the lists are separate sources."""
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
        separate_gate(histories),
    ]


def separate_gate(histories: Histories) -> Gate:
    """Check that every list is a separate source. No list may be a copy of another list or part of another list. The
    dependence between two such lists has no limit, so the pair's parameter has no finite maximum. A model search would
    skip the one pair that matters and let other pairs take its place."""
    pairs = list(itertools.combinations(range(len(histories.lists)), 2))
    found = [text for pair in pairs if (text := _inside(histories, *pair))]
    # a copy also makes the parameters of other pairs infinite; the copy is what must be fixed
    found = found or [_without_end(histories, *pair) for pair in _endless(histories, pairs)]
    return Gate(
        "separate_lists",
        not found,
        "; ".join(found) if found else "no list is a copy or a part of another",
    )


def _inside(histories: Histories, i: int, j: int) -> str:
    """If one of two lists contains everyone on the other, return a sentence that says so and suggests what to do.
    Otherwise, return an empty string."""
    both, on_i, on_j = histories.on_all([i, j]), histories.on_all([i]), histories.on_all([j])
    part, whole = (histories.lists[at] for at in ((i, j) if on_i <= on_j else (j, i)))
    if not both or both < min(on_i, on_j):
        return ""
    if on_i == on_j:
        return f"{histories.lists[i]} and {histories.lists[j]} hold the same {both} people; {_remedy(histories, i, j)}"
    return f"everyone on {part} ({both}) is on {whole} too, so one feeds the other; {_remedy(histories, i, j)}"


def _without_end(histories: Histories, i: int, j: int) -> str:
    one, other = histories.lists[i], histories.lists[j]
    both = histories.on_all([i, j])
    return (
        f"how {one} and {other} depend on each other has no finite estimate ({both} people on both); "
        f"{_remedy(histories, i, j)}"
    )


def _remedy(histories: Histories, i: int, j: int) -> str:
    return f"make them one list (--merge {histories.lists[i]}+{histories.lists[j]}) or leave one out"


def _endless(histories: Histories, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pairs of lists that share people but whose parameter has no finite maximum when no other pair is in
    the model."""
    pairs = [pair for pair in pairs if histories.on_all(pair)]
    if not pairs:
        return []
    d = design(len(histories.lists))
    terms = [1 << i | 1 << j for i, j in pairs]
    in_model = np.array([np.isin(d.terms, term) | (np.bitwise_count(d.terms) < 2) for term in terms])
    fits, _ = fit_all(d, np.tile(histories.counts.astype(float), (len(terms), 1)), in_model)
    doubtful = [place for place in range(len(pairs)) if not fits.converged[place]]
    return [pairs[place] for place in doubtful if not fit_model(d, histories.counts, (terms[place],)).exists]


def model_gates(model: Model) -> list[Gate]:
    """Check that the chosen model's likelihood has a finite and unique maximum."""
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
    """Check that the chains of a Bayesian method have mixed."""
    return Gate(
        "convergence",
        mixed,
        f"split R-hat {r_hat:.3f} (below 1.01 is asked) and {effective:.0f} effective draws (at least 400)",
    )


ASSUMED = (
    "Not checkable from the file: all lists must use the same definition, period and region.",
    "Not checkable from the file: a list that feeds another by referral makes the estimate too low.",
    "Not checkable from the file: no one may enter or leave the population in the period, and each person must be as "
    "likely as any other of the same stratum to be on a list.",
)

LEFT_OUT = "so this list is left out there"


def left_out(name: str, stratum: str) -> str:
    """Return a warning that a list is left out of one stratum."""
    return f"No one in {stratum} is on {name}, {LEFT_OUT}."
