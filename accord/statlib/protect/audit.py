"""Audit a finished table by attacking it from scratch, with both linear programs for each primary cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accord.statlib.protect.attack import Attack, Prover
from accord.statlib.protect.table import Mask


@dataclass(frozen=True)
class Audit:
    """The number of primary cells that were attacked, and the ones that an attacker can narrow down too far."""

    cells: int
    found: tuple[int, ...]

    @property
    def exposed(self) -> int:
        """Return how many primary cells are exposed."""
        return len(self.found)


def audit(attacks: Sequence[Attack], primary: Mask, hidden: Mask, seed: int = 0) -> Audit:
    """Attack every primary cell when exactly the cells in `hidden` are hidden. A primary cell that is shown is always
    exposed."""
    found = set(np.flatnonzero(primary & ~hidden).tolist())
    for attack in attacks:
        prover = Prover(attack, seed + 1)
        found |= {attack.goals[goal][0] for goal in prover.unproved(hidden)}
    return Audit(int(primary.sum()), tuple(sorted(found)))
