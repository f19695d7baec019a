"""A database that is lost or full in the middle of a request gives a clear page, and nothing is half-saved."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from accord.people import services
from tests.region import World


def test_a_lost_database_is_said_plainly(fresh_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = fresh_world.client("alma")

    def fails_after_writing(**_: object) -> None:
        raise OperationalError("no space left on device")

    monkeypatch.setattr(services, "_index", lambda *_: fails_after_writing())
    page = client.post("/people/new/", {"used": "Marisol"})
    assert page.status_code == 503
    assert b"cannot reach our records" in page.content and b"no space left" not in page.content
    with fresh_world.owner() as owner:
        assert owner.execute("select count(*) from sharing_person").fetchone() == (0,)
