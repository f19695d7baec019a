"""When an agreement is in force: one function, asked for now and for a later moment."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from accord.agreements.queries import agreements_in_force, permitted_kinds
from accord.core import clock
from accord.sharing import floor
from tests.region import World


@pytest.mark.parametrize(
    ("days_late", "ahead", "now", "then"),
    [
        (-40, 0, True, True),
        (-40, 69, True, True),
        (-40, 71, True, False),
        (29, 0, True, True),
        (29, 2, True, False),
        (31, 0, False, False),
    ],
)
def test_an_agreement_holds_for_thirty_days_after_its_review_is_due(
    world: World, days_late: int, ahead: int, now: bool, then: bool
) -> None:
    """Now, and at a moment that many days ahead; a past moment counts as now."""
    with world.owner() as owner:
        owner.execute(
            "update agreements_agreement set review_due_at = accord.now() - make_interval(days => %s)", [days_late]
        )
    way = (world.agencies["harbor"], world.agencies["legal"], "needs")
    with world.as_("alma") as alma:
        moment = clock.now() + timedelta(days=ahead)
        assert ("needs" in permitted_kinds(actor=alma, partner=way[1])) is now
        assert (agreements_in_force({way}) == {way}) is now
        assert (agreements_in_force({way}, until=moment) == {way}) is then
        assert (agreements_in_force({way}, until=moment - timedelta(days=900)) == {way}) is now


def test_the_agreement_condition_is_written_once() -> None:
    """A change of what `in force` means can't reach the floor's policies and miss the start of a share."""
    joined = r"from agreements_permit p\s+join agreements_agreement"
    assert len(re.findall(joined, "\n".join(floor.functions()))) == 1
