"""Random histories: what `decide` allows, the database shows and the key opens; nothing else opens.

Two thousand in `make prove`, some in `make test`; and five planted faults, each found within seconds.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.histories.history import Step, history, prepare
from tests.region import World

NUMBER = st.integers(0, 11)
ACTIONS = st.sampled_from(
    [
        "write",
        "write",
        "write",
        "begin",
        "begin",
        "begin",
        "withdraw",
        "suspend",
        "lift",
        "agree",
        "leave",
        "move",
        "move",
        "move",
        "tie",
        "tie",
        "sweep",
        "renew",
    ]
)
STEPS = st.lists(st.tuples(ACTIONS, NUMBER, NUMBER, NUMBER), min_size=6, max_size=14)
LOOSE = settings(
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@pytest.fixture(scope="module", autouse=True)
def prepared(world: World) -> None:
    prepare(world)


def live(world: World, taken: list[Step]) -> None:
    """One history: compared after each step with whoever the step may have changed something for."""
    with history(world) as run:
        for step in taken:
            run.take(step)
            run.check()


@settings(LOOSE, max_examples=12, derandomize=True)
@given(taken=STEPS)
def test_decision_database_and_key_agree(world: World, taken: list[Step]) -> None:
    live(world, taken)


@pytest.mark.prove
@settings(LOOSE, max_examples=2000)
@given(taken=STEPS)
def test_two_thousand_histories(world: World, taken: list[Step]) -> None:
    live(world, taken)
