"""The path through the services: one person helped by two agencies, and no one else learns of it."""

from __future__ import annotations

import pytest

from accord.access.codes import KINDS
from accord.core.errors import Hidden, NoLonger, Refused
from accord.people import queries as people_queries
from accord.releases import services as releases
from accord.sharing import queries as sharing
from tests.region import World
from tests.steps.records import handle, open_record, release_to


def test_the_path(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    with world.as_("ben") as ben, pytest.raises(Hidden):
        sharing.find(actor=ben, ref=known.ref)
    series = release_to(world, known)
    seen_as = handle(world, "elena")
    with world.as_("elena") as elena:
        page = people_queries.page(actor=elena, ref=seen_as, kinds=KINDS)
        assert page.name == "Samira Quill"
        assert set(page.items) == {"identity.name", "contact.safe", "needs"}
        assert page.contact.address == "555-0142"
    with world.as_("elena") as elena, pytest.raises(Hidden):
        sharing.find(actor=elena, ref=known.ref)
    with world.as_("emil") as emil, pytest.raises(Refused):
        people_queries.page(actor=emil, ref=seen_as, kinds=KINDS)
    with world.as_("alma") as alma:
        releases.withdraw(actor=alma, ref=known.ref, series=series, revision=2, how="oral", checked=True)
    with world.as_("elena") as elena, pytest.raises(NoLonger):
        people_queries.page(actor=elena, ref=seen_as, kinds=KINDS)
