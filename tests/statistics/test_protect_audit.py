"""Random tables of two to four dimensions survive an audit written twice; a planted fault does not."""

from __future__ import annotations

import numpy as np
import pytest

from accord.statlib.protect import Rules, protect
from accord.statlib.protect.audit import audit
from accord.statlib.protect.release import stand
from accord.statlib.protect.table import build
from tests.statistics.protect_second_audit import exposed
from tests.steps.tables import random_table


def attack_twice(seed: int) -> bool:
    """Protect a random table and audit it both ways; then show one secondary cell. Returns whether both audits found
    that."""
    leaves, by, groups, threshold = random_table(seed)
    release = protect(leaves, by, threshold, hierarchies=groups, limit_seconds=0.06, seed=seed)
    truth = {leaf.keys: leaf.count for leaf in leaves}
    assert release.audit.exposed == 0
    cells = release.as_json()["cells"]
    assert exposed(cells, truth, by, threshold, groups) == set()
    spare = [place for place, cell in enumerate(release.cells) if cell.status == "secondary"]
    if not spare:
        return False
    fault = spare[seed % len(spare)]
    table = build(leaves, by, groups)
    cells[fault].update(value=int(table.value[fault]), status="published")
    marked, _, attacks = stand(table, Rules(threshold=threshold), [], {})
    hidden = np.array([cell["value"] is None for cell in cells])
    first = {table.keys(cell) for cell in audit(attacks, marked.cells, hidden).found}
    second = exposed(cells, truth, by, threshold, groups)
    assert first == second
    return bool(second)


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_random_tables_pass_both_audits_and_a_planted_fault_fails_both(first):
    assert sum(attack_twice(seed) for seed in range(first, first + 50)) >= 5


@pytest.mark.prove
@pytest.mark.parametrize("first", range(1_000, 11_000, 500))
def test_ten_thousand_tables_pass_both_audits(first):
    assert sum(attack_twice(seed) for seed in range(first, first + 500)) > 50
