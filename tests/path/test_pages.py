"""The first pages, through Django's client."""

from __future__ import annotations

from tests.path.test_services import handle, open_record, release_to
from tests.region import World


def test_sign_in_opens_the_first_page(fresh_world: World) -> None:
    client = fresh_world.client()
    assert client.get("/").status_code == 302
    page = client.get("/sign-in/")
    assert page.status_code == 200 and b"Leave this site" in page.content
    wrong = client.post("/sign-in/", {"user_name": "alma", "passphrase": "not this one at all"})
    assert wrong.status_code == 422
    client.post("/sign-in/", {"user_name": "alma", "passphrase": "river stones under the bridge"})
    second = client.get("/second-factor/")
    code = second.context["shown"]
    assert client.post("/second-factor/", {"code": code}).status_code == 302
    acting = client.get("/acting/")
    membership = acting.context["cards"][0][0].id
    assert client.post("/acting/", {"membership": str(membership)}).status_code == 302
    assert client.get("/").status_code == 200


def test_pages_of_a_person(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    alma, ben, elena = world.client("alma"), world.client("ben"), world.client("elena")
    for address in (
        "",
        "why/",
        "name/",
        "age/",
        "contact/",
        "needs/new/",
        "services/new/",
        "notes/new/",
        "exploitation/",
    ):
        page = alma.get(f"/people/{known.ref}/{address}")
        assert page.status_code == 200, (address, page.content[:300])
    assert b"Samira Quill" in alma.get("/people/").content
    hidden = ben.get(f"/people/{known.ref}/")
    assert hidden.status_code == 404
    release_to(world, known)
    ref = handle(world, "elena")
    assert b"Samira Quill" in elena.get(f"/people/{ref}/").content
    assert elena.get(f"/people/{ref}/why/").status_code == 200
