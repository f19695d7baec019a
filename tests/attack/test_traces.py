"""What a browser's history keeps of a page about a person: its address, its title, a file's name. None reveals the
case."""

from __future__ import annotations

import re
import uuid

import pytest

from accord.access.codes import KINDS
from accord.casework import services as casework
from accord.casework.codes import Application
from accord.core import clock
from accord.people import queries as people
from accord.releases.queries import releases_of
from accord.sharing import services as records
from tests.region import World
from tests.steps.addresses import address, routes
from tests.steps.records import handle, open_record, release_to
from tests.steps.signing import drafted
from tests.steps.traces import tells


def test_no_address_about_a_person_holds_a_case_word() -> None:
    ids = {"ref", "series", "assignment", "task", "legal_request"}
    pages = [route for route in routes() if not route.pattern.startswith("api/")]  # a program keeps no history
    about = [route for route in pages if ids & set(route.arguments)]
    assert len(about) > 30
    assert {route.pattern: found for route in about if (found := tells(re.sub("<.*?>", "", route.pattern)))} == {}


def walk(world: World) -> dict[str, uuid.UUID]:
    """Return someone who has every kind of page, and the ids that the addresses name."""
    known = open_record(world)
    release_to(world, known)
    with world.as_("alma") as alma:
        need = people.page(actor=alma, ref=known.ref, kinds=KINDS).items["needs"][0].series
        today = clock.today(alma.zone).isoformat()
        next_one = Application("t", "preparing", next_day=today, next_step="interview")
        filed = casework.add_application(actor=alma, ref=known.ref, application=next_one)
        release = releases_of(actor=alma, ref=known.ref)[1][0].series
    draft = uuid.UUID(drafted(world, world.client("alma"), known.ref).rsplit("/", 3)[1])
    return {"ref": known.ref, "need": need, "release": release, "draft": draft, "application": filed}


@pytest.mark.line(100)
@pytest.mark.parametrize("language", ["en", "es"])
def test_no_title_and_no_file_name_about_a_person_reveals_the_case(fresh_world: World, language: str) -> None:
    world = fresh_world
    ids = walk(world)
    with world.as_("adele") as adele:
        records.grant(actor=adele, ref=ids["ref"], membership=adele.membership, reason="Covers nights")
    seen_as = handle(world, "elena")
    looked, told = 0, {}
    for user, ref in (("alma", ids["ref"]), ("adele", ids["ref"]), ("elena", seen_as)):
        client = world.client(user)
        client.cookies["accord_language"] = language
        for route in routes():
            if not {"ref"} <= set(route.arguments) <= {"ref", "series"}:
                continue
            every = [ids[what] for what in ("need", "release", "draft", "application")]
            for series in every if "series" in route.arguments else [None]:
                answer = client.get(address(route, {"ref": ref, "series": series}))
                if answer.status_code != 200:
                    continue
                looked += 1
                said = answer.headers.get("Content-Disposition", "")
                if answer.headers["Content-Type"].startswith("text/html"):
                    said += "".join(re.findall(r"<title>(.*?)</title>", answer.content.decode(), re.DOTALL))
                if found := tells(said):
                    told[user, route.name] = (said, found)
    assert looked > 40
    assert told == {}
