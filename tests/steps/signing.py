"""Steps to sign a release on screen, for staff and for the person who holds the device."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

from django.test import Client

from accord.accounts import services as accounts
from accord.accounts import sessions
from accord.core import clock
from accord.demo.riverbend import PLACES
from accord.people import services as people
from accord.people.codes import Birth, PersonName
from accord.releases import suspension
from accord.releases.entries import CircleMember
from tests.region import World
from tests.steps.records import SAID

TERMS = {
    "kinds": ["identity.name", "contact.safe", "needs"],
    "purposes": ["legal_help"],
    "text_language": "es",
    "reads": "es",
    "how": "prepare",
}


def terms_page(client, ref, partner="Riverbend Legal Aid"):
    """Return the address of the terms page for this partner, from the list of partners."""
    page = client.get(f"/people/{ref}/forms/new/").content.decode()
    return re.search(rf'href="([^"]*/forms/new/\d+/)">{partner}<', page)[1]


def days(start, last):
    return {"until": "other"} | {
        f"{name}_{i}": part
        for name, day in (("start", start), ("last_day", last))
        for i, part in enumerate((day.day, day.month, day.year))
    }


BEFORE = {"witness": "Alma"}


NAMES = {place.key: place.name for place in PLACES}


SIGNED = {
    "version": "1",
    "statements": list(SAID),
    **{f"{who}_typed": name for who, name in (("signature", "Sam"), ("second", "Marta"))},
    **{f"{who}_i_sign": "yes" for who in ("signature", "second")},
}


def person(world: World, years: int) -> UUID:
    with world.as_("alma") as alma:
        name, birth = PersonName(used="Samira Quill"), Birth(years=str(years))
        return people.open_record(actor=alma, name=name, birth=birth).ref


def around(world: World, ref: UUID, name: str, capacity: str, *flags: str, court_paper: str = "") -> str:
    with world.as_("alma") as alma:
        member = CircleMember(name, capacity, ("es",), court_paper, flags)
        return str(suspension.record_member(actor=alma, ref=ref, member=member))


def drafted(world: World, client: Client, ref: UUID, partner: str = "legal", **terms: object) -> str:
    """Create a draft and return the address of its signing page."""
    with world.as_("alma") as actor:
        today = clock.today(actor.zone)
    base = {**TERMS, "recipient": str(world.agencies[partner]), **days(today, today + timedelta(days=30))}
    response = client.post(terms_page(client, ref, NAMES[partner]), {**base, **terms})
    assert response.status_code == 302, response.content.decode()
    return response.headers["Location"]


def outcome(world: World, client: Client, address: str, **before: object) -> str:
    """Sign on the device and return the result: active, not finished, or which form (staff's or theirs) came back."""
    prepared = client.post(address, {**BEFORE, **before})
    if prepared.status_code == 422:
        return "form"
    theirs = prepared.headers["Location"]
    signed = client.post(theirs, SIGNED)
    sessions.take_back(world.session("alma"))
    if signed.status_code == 422:
        return "their form"
    assert signed.headers["Location"] == theirs, signed.content.decode()
    return finished(client, address)


def finished(client: Client, address: str) -> str:
    """Do the staff's last step and return the result."""
    response = client.post(address.replace("sign/", "finish/"), {"ok": "yes"})
    return {302: "active", 422: "not finished"}[response.status_code]


def handed(world: World, **terms: object) -> tuple[Client, UUID, str, str]:
    """Hand a browser to a survivor. Returns the client, the person, the staff's signing page, and the only address that
    still works."""
    alma = world.client("alma")
    ref = person(world, 30)
    address = drafted(world, alma, ref, **terms)
    return alma, ref, address, alma.post(address, BEFORE).headers["Location"]


def code(world: World) -> str:
    """Return the code that Alma's authenticator app shows."""
    return accounts.current_code(state=world.session("alma"))
