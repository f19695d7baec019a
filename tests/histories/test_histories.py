"""Random histories: what `decide` allows, the database shows and the key opens; nothing else opens.

Two thousand in `make prove`, some in `make test`; and five planted faults, each found within seconds.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accord.sharing import floor, opening, rules
from accord.vault import sealing
from tests import region
from tests.histories.history import STAFF, Step, history, prepare
from tests.region import World

NUMBER = st.integers(0, 11)
ACTIONS = st.sampled_from(
    [
        *(["write"] * 2 + ["begin"] * 4 + ["move"] * 3 + ["assign"] * 2 + ["suspend"]),
        *("withdraw", "suspend", "lift", "agree", "leave", "sweep", "renew"),
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
    """Run one history: compared after each step with two colleagues in turn, at the end with everyone. Histories have
    every length, so everyone is also compared after each kind of step."""
    with history(world) as run:
        try:
            for number, step in enumerate(taken):
                run.take(step)
                run.check((STAFF[number % len(STAFF)], ("elena", "farah", "emil")[number % 3]))
            run.check()
        except AssertionError as error:
            raise AssertionError(f"{error}, after the steps {taken[: number + 1]}") from error


@settings(LOOSE, max_examples=10, derandomize=True)
@given(taken=STEPS)
def test_decision_database_and_key_agree(world: World, taken: list[Step]) -> None:
    live(world, taken)


@pytest.mark.prove
@pytest.mark.parametrize("shard", range(8))
def test_two_thousand_histories(world: World, proved: Callable[[str, int], None], shard: int) -> None:
    """In eight parts, so that all processors take part; each run draws new histories."""

    @settings(LOOSE, max_examples=250)
    @given(taken=STEPS)
    def agree(taken: list[Step]) -> None:
        live(world, taken)

    agree()
    proved("random histories: decision, database and key agree", 250)


# Planted faults ---------------------------------------------------------------------------------------------------


def walked_past(*_anything: object) -> None:
    """Check role, training, kind, assignment and bar, and lose the answer (this was in the code once)."""


real_state = rules.share_state


def blind_to_suspension(terms: rules.Terms, agreed: bool, now: datetime) -> str:
    """Treat a suspended share as active."""
    return real_state(dataclasses.replace(terms, suspended_at=None), agreed, now)


def loose_terms(share: object, owner: UUID, person: UUID, epoch: int, version: int) -> bytes:
    """Leave the terms out of the key."""
    return sealing.bind("share key", owner.hex, person.hex, epoch, version)


@contextmanager
def changed_sql(world: World, change: str) -> Iterator[None]:
    """Yield the database as someone's mistake would leave it; repaired afterward."""
    with world.owner() as owner:
        owner.execute(change)
    yield
    with world.owner() as owner:
        for statement in floor.statements():
            owner.execute(statement.encode())
        owner.execute(region.TEST_CLOCK)


RESTS = "and (s.suspended_at is null or s.suspended_at > (select accord.now())) "
assert RESTS in floor.RECIPIENT_SEES["sharing_sharekey"]
LOOSE_FLOOR = floor.RECIPIENT_SEES["sharing_sharekey"].replace(RESTS, "")
STILL_CLOCK = region.TEST_CLOCK.replace("select now() + (select shift from accord.test_clock)", "select now()")


@contextmanager
def planted(fault: str, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Yield one fault in the application; the model does not know of it."""
    with monkeypatch.context() as patch, ExitStack() as stack:
        if fault == "rule: a refusal is walked past":
            patch.setattr(rules, "_refusal", walked_past)
        elif fault == "rule: suspension is overlooked":
            patch.setattr(rules, "share_state", blind_to_suspension)
        elif fault == "floor: suspension is overlooked":
            policy = f"alter policy reads on sharing_sharekey using (owner = {floor._ME} or ({LOOSE_FLOOR}))"
            stack.enter_context(changed_sql(world, policy))
        elif fault == "key: terms are not bound":
            patch.setattr(opening, "share_info", loose_terms)
        elif fault == "clock: stopped":
            stack.enter_context(changed_sql(world, STILL_CLOCK))
        yield


FAULTS = (
    "rule: a refusal is walked past",
    "rule: suspension is overlooked",
    "floor: suspension is overlooked",
    "key: terms are not bound",
    "clock: stopped",
)


# Something is shared with two partners at the start, so that a fault shows within seconds.
SHARED: list[Step] = [("begin", 0, 0, 1), ("begin", 1, 2, 1), ("assign", 1, 2, 0)]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch, proved: Callable[[str, int], None], fault: str
) -> None:
    lived = []

    @settings(LOOSE, max_examples=60, derandomize=True)
    @given(taken=STEPS)
    def search(taken: list[Step]) -> None:
        lived.append(taken)
        live(world, [*SHARED, *taken])

    began = time.process_time()
    with planted(fault, world, monkeypatch), pytest.raises((AssertionError, StopIteration)):
        search()
    seconds = time.process_time() - began
    proved(f"planted fault found after {len(lived)} histories, {seconds:.1f} s of processor time: {fault}", 1)
