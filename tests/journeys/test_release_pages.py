"""The pages of a release's life, checked by axe and viewed, in both languages."""

from __future__ import annotations

import base64

import pytest

from accord.accounts import sessions
from accord.accounts.sessions import COOKIE
from tests.journeys.conftest import Walk, seats
from tests.region import World
from tests.steps.signing import BEFORE, SIGNED, around, drafted, outcome, person

pytestmark = pytest.mark.journey


@pytest.mark.prove
@seats(daily="phone")
@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_releases_life(walk: Walk, fresh_world: World, lang: str) -> None:
    world, client = fresh_world, fresh_world.client("alma")
    ref = person(world, 15)
    mother = around(world, ref, "Marta Quill-Hazelwick", "parent")
    other = drafted(world, client, ref)
    address = drafted(world, client, ref).replace("sign/", "")
    assert outcome(world, client, address + "sign/", second=mother) == "active"
    client.post(other, {**BEFORE, "second": mother})
    client.post(f"{other.replace('sign/', 'form/es/')}", SIGNED)
    sessions.take_back(world.session("alma"))
    harm = {
        "name": "Marta Quill-Hazelwick",
        "capacity": "parent",
        "flags": ["trafficker"],
        "basis": "the person's own words",
    }
    client.post(f"/people/{ref}/others/{mother}/", harm)
    supervisor = world.client("adele")
    supervisor.post(f"/people/{ref}/team/", {"membership": str(world.memberships["adele"]), "reason": "Covers tonight"})
    pages = {
        "alma": {
            "rests": address,
            "withdraw": address + "stop/",
            "again": address + "sign/",
            "signed": other.replace("sign/", ""),
            "finish": other.replace("sign/", "finish/"),
            "on-paper": drafted(world, client, ref).replace("sign/", "on-file/"),
            "circle": f"/people/{ref}/others/",
            "member": f"/people/{ref}/others/{mother}/",
            "step-back": f"/people/{ref}/step-back/",
        },
        "adele": {
            "team": f"/people/{ref}/team/",
            "all": "/people/all/",
            "same": f"/people/{ref}/same/",
            "accounting": f"/people/{ref}/history/",
        },
    }
    for user, shown in pages.items():
        page = walk.page()
        secret = base64.urlsafe_b64encode(world.session(user).secret).decode()
        for name, value in ((COOKIE, secret), ("accord_language", lang)):
            page.context.add_cookies([{"name": name, "value": value, "url": walk.server.url}])
        for name, where in shown.items():
            page.goto(where)
            walk.look(page, f"{lang}-{name}")
