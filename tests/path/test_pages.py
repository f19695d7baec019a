"""The first pages, through Django's client."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accord.accounts import services as accounts
from accord.core import clock
from accord.sharing import services as records
from tests.region import World
from tests.steps.records import SAID, handle, open_record, release_to
from tests.steps.signing import TERMS, days, terms_page


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
        "items/new/",
        "entries/new/",
        "notes/new/",
        "type/",
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


@pytest.mark.line(20)
def test_release_on_screen(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    alma, elena, adele = (world.client(user) for user in ("alma", "elena", "adele"))
    with world.as_("alma") as actor:
        today = clock.today(actor.zone)
    terms = {**TERMS, "recipient": str(world.agencies["legal"]), **days(today, today + timedelta(days=30))}
    new = terms_page(alma, known.ref)
    assert alma.get(new).status_code == 200
    too_long = alma.post(new, {**terms, **days(today, today + timedelta(days=400))})
    assert too_long.status_code == 422 and b"365" in too_long.content
    drafted = alma.post(new, terms)
    assert drafted.status_code == 302, drafted.content
    sign = drafted.headers["Location"]
    assert alma.get(sign).status_code == 200
    assert alma.get(sign.replace("sign/", "form.pdf")).content.startswith(b"%PDF")
    theirs = alma.post(sign, {"witness": "Alma"}).headers["Location"]
    assert alma.post(theirs, {"version": "1"}).status_code == 422
    signature = {"signature_typed": "Sam", "signature_i_sign": "yes"}
    signed = alma.post(theirs, {"version": "1", "statements": list(SAID), **signature})
    assert signed.status_code == 302, signed.content.decode()
    alma.post(theirs + "back/", {"code": accounts.current_code(state=world.session("alma"))})
    assert alma.post(sign.replace("sign/", "finish/"), {"ok": "yes"}).status_code == 302
    ref = handle(world, "elena")
    assert b"Samira Quill" in elena.get(f"/people/{ref}/").content
    page = sign.replace("sign/", "")
    assert alma.get(page).status_code == 200
    with world.as_("adele") as actor:
        records.grant(actor=actor, ref=known.ref, membership=actor.membership, reason="They asked for their history")
    accounting = adele.get(f"/people/{known.ref}/history/")
    assert b"Riverbend Legal Aid" in accounting.content and b"Elena" in accounting.content
    assert adele.get(f"/people/{known.ref}/history.pdf").content.startswith(b"%PDF")
    gone = alma.post(page + "stop/", {"asked": "spoken"})
    assert gone.status_code == 302, gone.content.decode()
    refused = elena.get(f"/people/{ref}/")
    assert refused.status_code == 403 and b"Samira" not in refused.content
    today_page = elena.get("/")
    assert b"no longer shared" in today_page.content
    assert b"writing" in alma.get("/").content
