"""Measure how good a linkage is when the truth is known."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.statlib.link.fellegi_sunter import Floats

BINS = (0.0, 0.05, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0)


class Score(NamedTuple):
    """Precision, recall, and F1 of the links at or above a threshold."""

    threshold: float
    precision: float
    recall: float
    f1: float


class Bin(NamedTuple):
    """One calibration bin: the number of links with a probability from `low` to `high`, their mean probability, and the
    share of them that are true."""

    low: float
    high: float
    links: int
    mean: float
    true: float


def score(probability: Floats, true: NDArray[np.bool_], matches: int, threshold: float) -> Score:
    """Score the links at one threshold. `matches` is the number of true pairs."""
    taken = probability >= threshold
    hits = int(true[taken].sum())
    precision, recall = hits / max(int(taken.sum()), 1), hits / max(matches, 1)
    return Score(threshold, precision, recall, 2 * hits / max(int(taken.sum()) + matches, 1))


def best(probability: Floats, true: NDArray[np.bool_], matches: int) -> Score:
    """Return the score at the threshold with the highest F1. Only someone who knows the truth can choose this
    threshold."""
    order = np.argsort(-probability, kind="stable")
    ends = np.flatnonzero(np.diff(probability[order], append=-1.0))
    hits = np.cumsum(true[order])[ends]
    f1 = 2 * hits / (ends + 1 + matches)
    return score(probability, true, matches, float(probability[order][ends[int(np.argmax(f1))]]))


def calibration(probability: Floats, true: NDArray[np.bool_]) -> list[Bin]:
    """Return the predicted and true shares of matches in each probability bin."""
    bins = []
    for low, high in pairwise(BINS):
        inside = (probability >= low) & ((probability < high) | (high == BINS[-1]))
        if inside.any():
            bins.append(
                Bin(low, high, int(inside.sum()), float(probability[inside].mean()), float(true[inside].mean()))
            )
    return bins
