"""Riverbend's forms: who uses which, and how many versions there are."""

from __future__ import annotations

from accord.demo import forms
from accord.questionnaires import queries
from tests.region import World


def test_agencies_of_the_demo_use_shipped_and_brought_forms(fresh_world: World) -> None:
    forms.publish(fresh_world)  # type: ignore[arg-type]  # a world acts as its personas, as a region does
    found = {}
    for user in ("adele", "finn", "emil"):
        with fresh_world.as_(user) as actor:
            for card in queries.forms(actor=actor):
                assert not [one for version in card.versions for one in (*version.problems, *version.warnings)]
                found[actor.agency_name, card.title] = (card.kind, [str(one.state) for one in card.versions])
    assert found == {
        ("Harbor House", "Adult screening"): ("screening", ["published"]),
        ("Harbor House", "Needs assessment"): ("needs", ["published"]),
        ("County Hospital", "Clinic check"): ("health", ["published"]),
        ("Riverbend Legal Aid", "First visit"): ("needs", ["published", "replaced"]),
    }
