"""A purpose that this application does not know: refused when a share is made, and harmless to anyone who reads one."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from accord.core import clock
from accord.core.errors import Invalid
from accord.sharing import services as records
from accord.sharing.queries import PersonRef
from tests.region import World
from tests.steps.records import handle, open_record


def begin(world: World, known: PersonRef, *purposes: str) -> None:
    with world.as_("alma") as alma:
        now = clock.now()
        records.begin_shares(
            actor=alma,
            known=known,
            kinds=["identity.name"],
            recipient=world.agencies["legal"],
            purposes=purposes,
            starts_at=now,
            ends_at=now + timedelta(days=9),
            additions=False,
            basis="release",
            basis_id=uuid.uuid4(),
        )


def test_an_invented_purpose_begins_no_share(fresh_world: World) -> None:
    known = open_record(fresh_world)
    for purposes in ((), ("whatever",), ("legal_help", "whatever"), ("",)):
        with pytest.raises(Invalid):
            begin(fresh_world, known, *purposes)
    with fresh_world.owner() as owner:
        assert owner.execute("select count(*) from sharing_share").fetchone()[0] == 0


def test_a_giver_who_invents_one_breaks_no_page_of_the_reader(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a partner's own program would write it, bypassing every check: the reader's page opens and says what it
    knows."""
    world, known = fresh_world, open_record(fresh_world)
    monkeypatch.setattr(records, "PURPOSES", frozenset({"legal_help", "whatever"}))
    begin(world, known, "whatever", "legal_help")
    ref = handle(world, "elena")
    elena = world.client("elena")
    for path in (f"/people/{ref}/", f"/people/{ref}/why/", "/", "/people/", f"/api/v1/people/{ref}"):
        page = elena.get(path)
        assert page.status_code == 200, path
    assert "to provide legal help" in elena.get(f"/people/{ref}/").content.decode()
    assert world.client("alma").get(f"/people/{known.ref}/").status_code == 200
