"""The API's operations, by a system and by a colleague's session: the same queries, services and decision as the
pages."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accord.access.codes import KINDS
from accord.accounts.sessions import COOKIE
from accord.core import clock
from accord.people import queries as people
from accord.people import tasks
from accord.sharing import services as records
from tests.region import World
from tests.steps.api import Caller, connect, id_of, staff
from tests.steps.membership import later
from tests.steps.records import handle, open_record, release_to

NEED = {"type": "need", "fields": {"category": "housing", "urgency": "now", "words": "", "status": "open"}}


def terms(world: World, **other: Any) -> dict[str, Any]:
    with world.as_("alma") as alma:
        today = clock.today(alma.zone)
    asked = {
        "recipient": str(world.agencies["legal"]),
        "kinds": ["identity.name", "needs"],
        "purposes": ["legal_help"],
        "start": today.isoformat(),
        "last_day": (today + timedelta(days=10)).isoformat(),
        "person_languages": ["en"],
    }
    return asked | other


def test_a_colleague_works_with_the_people_assigned_to_them(world: World) -> None:
    alma = staff(world, "alma")
    opened = alma.post(
        "/people",
        {
            "name": {"used": "Ines Quill"},
            "birth": {"years": "24"},
            "safe_contact": {"method": "text", "address": "555-0111"},
        },
    )
    assert opened.status_code == 201
    ref = opened.json()["ref"]
    assert ref in {line["ref"] for line in alma.get("/people").json()["people"]}
    [found] = alma.post("/people/search", {"name": "ines quill"}).json()["people"]
    assert found == {"ref": ref, "name": "Ines Quill", "kept_by": ["Alma"], "yours": True, "match": "whole"}
    place = alma.post(f"/people/{ref}/entries", NEED).json()
    read = alma.get(f"/people/{ref}").json()
    assert read["own"] and read["agency"] == "Harbor House"
    assert {entry["type"] for entry in read["entries"]} == {"name", "birth", "safe_contact", "need"}
    [need] = [entry for entry in read["entries"] if entry["type"] == "need"]
    assert (need["series"], need["revision"]) == (place["series"], 1)
    changed = {"type": "need", "revision": 1, "fields": {**NEED["fields"], "status": "met"}}
    assert alma.post(f"/people/{ref}/entries/{place['series']}", changed).json() == {**place, "revision": 2}
    with world.as_("alma") as actor:
        page = people.page(actor=actor, ref=uuid.UUID(ref), kinds=KINDS)
        assert page.items["needs"][0].payload.status == "met" and page.age == 24


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        ("name", {"used": "A"}, {"used": ""}),
        ("name", {"used": "A", "pronouns": "she"}, {"used": "A" * 121}),
        ("birth", {"date": "2001-02-03"}, {"date": "3 February"}),
        ("birth", {"years": "19"}, {"years": "many"}),
        ("safe_contact", {"method": "call"}, {"method": "pigeon"}),
        ("need", {"category": "legal_civil", "urgency": "week"}, {"category": "gold", "urgency": "week"}),
        ("need", {"category": "housing", "urgency": "now"}, {"category": "housing", "urgency": "now", "status": "?"}),
        ("service", {"category": "housing", "day": "2026-11-01"}, {"category": "housing", "day": "soon"}),
        ("exploitation", {"type": "labour"}, {"type": "story"}),
        ("case_note", {"text": "Called."}, {"text": ""}),
        ("need", {"category": "housing", "urgency": "now"}, {"category": "housing", "urgency": "now", "more": "x"}),
    ],
)
def test_every_type_is_checked_as_its_form_checks_it(
    world: World, type_: str, good: dict[str, str], bad: dict[str, str]
) -> None:
    alma, known = staff(world, "alma"), open_record(world)
    assert alma.post(f"/people/{known.ref}/entries", {"type": type_, "fields": good}).status_code == 201
    refused = alma.post(f"/people/{known.ref}/entries", {"type": type_, "fields": bad})
    assert refused.status_code == 422 and refused.json()["fields"], refused.content
    for internal in ("release", "grant_reason"):
        assert alma.post(f"/people/{known.ref}/entries", {"type": internal, "fields": {}}).status_code == 422


def test_who_was_slower_gets_both_texts(world: World) -> None:
    alma, known = staff(world, "alma"), open_record(world)
    place = alma.post(f"/people/{known.ref}/entries", NEED).json()
    address = f"/people/{known.ref}/entries/{place['series']}"
    one, other = (
        {**NEED, "revision": 1, "fields": {**NEED["fields"], "words": words}} for words in ("first", "second")
    )
    assert alma.post(address, one).status_code == 200
    lost = alma.post(address, other)
    assert lost.status_code == 409 and lost.json()["code"] == "lost_race"
    assert lost.json()["yours"]["words"] == "second" and lost.json()["theirs"]["words"] == "first"
    assert lost.json()["revision"] == 2
    assert alma.post(f"/people/{known.ref}/entries/{uuid.uuid4()}", one).status_code == 404
    name = {"type": "name", "revision": 2, "fields": {"used": "X", "others": "", "pronouns": ""}}
    assert alma.post(address, name).status_code == 404  # a series is of one kind for good


def test_a_system_that_is_slower_learns_nothing_of_the_other_text(world: World) -> None:
    token = connect(world)
    caller = Caller(token)
    ref = caller.post("/people", {"name": {"used": "Mira"}}).json()["ref"]
    place = caller.post(f"/people/{ref}/entries", NEED).json()
    address = f"/people/{ref}/entries/{place['series']}"
    secret = {**NEED, "revision": 1, "fields": {**NEED["fields"], "words": "no one else reads this"}}
    assert caller.post(address, secret).status_code == 200
    lost = caller.post(address, {**NEED, "revision": 1})
    assert lost.status_code == 409 and lost.json()["theirs"] is None and b"no one else" not in lost.content


@pytest.mark.line(17)
def test_only_what_was_released_is_in_the_payload(fresh_world: World) -> None:
    """A release of needs only: the entries are needs, without anything else, any id of the person, or any series."""
    world = fresh_world
    known = open_record(world)
    release_to(world, known, kinds=("needs",))
    ref = handle(world, "elena")
    token = connect(
        world, "elena", roles=("machine_reader",), writes=(), reads=("needs", "identity.name"), purpose="legal_help"
    )
    with world.as_("emil") as emil:
        membership = id_of(world, token)
        records.assign(actor=emil, ref=ref, membership=membership)
    for caller in (staff(world, "elena"), Caller(token)):
        answer = caller.get(f"/people/{ref}")
        body = answer.json()
        assert {entry["kind"] for entry in body["entries"]} == {"needs"}
        assert all(entry["series"] is None and entry["revision"] is None for entry in body["entries"])
        text = answer.content.decode()
        for hidden in (str(known.ref), "Samira", "555-0142", "Alma"):
            assert hidden not in text
        verdicts = {row["kind"]: row for row in caller.get(f"/people/{ref}/why").json()}
        assert verdicts["needs"]["allowed"] and not verdicts["identity.name"]["allowed"]
        assert str(known.ref) not in caller.get(f"/people/{ref}/why").content.decode()


@pytest.mark.line(50)
def test_what_was_shared_is_neither_changed_nor_passed_on(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    elena, ref = staff(world, "elena"), handle(world, "elena")
    assert elena.post(f"/people/{ref}/entries", NEED).json()["code"] == "onward"
    assert elena.post(f"/people/{ref}/releases", terms(world)).status_code in (403, 422)
    assert elena.get(f"/people/{ref}/releases").status_code == 403


def test_releases_are_drafted_and_ended_and_never_begun(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    signed = release_to(world, known)
    alma = staff(world, "alma")
    drafted = alma.post(f"/people/{known.ref}/releases", terms(world))
    assert drafted.status_code == 201, drafted.content
    series = drafted.json()["series"]
    rows = {row["series"]: row for row in alma.get(f"/people/{known.ref}/releases").json()}
    assert rows[series]["state"] == "draft" and rows[str(signed)]["state"] == "active"
    one = alma.get(f"/people/{known.ref}/releases/{series}").json()
    assert one["recipient_name"] == "Riverbend Legal Aid" and one["kinds"] == ["identity.name", "needs"]
    refused = alma.post(f"/people/{known.ref}/releases/{series}/activate")
    assert refused.status_code == 403 and refused.json()["code"] == "signature_needed"
    assert alma.get(f"/people/{known.ref}/releases/{series}").json()["state"] == "draft"
    unsure = {"revision": 2, "how": "oral", "checked": False}
    rests = alma.post(f"/people/{known.ref}/releases/{signed}/withdraw", unsure)
    assert rests.json() == {"series": str(signed), "state": "suspended"}
    revision = alma.get(f"/people/{known.ref}/releases/{signed}").json()["revision"]
    sure = {"revision": revision, "how": "oral", "checked": True}
    ended = alma.post(f"/people/{known.ref}/releases/{signed}/withdraw", sure)
    assert ended.json() == {"series": str(signed), "state": "withdrawn"}
    assert alma.get(f"/people/{known.ref}/releases/{signed}").json()["state"] == "withdrawn"


@pytest.mark.parametrize(
    "wrong",
    [
        {"recipient": str(uuid.uuid4())},
        {"kinds": ["everything"]},
        {"kinds": []},
        {"purposes": ["statistics"]},
        {"purposes": ["gossip"]},
        {"last_day": "2000-01-01"},
        {"last_day": None},
        {"last_day": "2099-01-01"},
        {"person_languages": ["xx"]},
        {"more": 1},
    ],
)
def test_a_draft_is_checked_as_the_form_checks_it(world: World, wrong: dict[str, Any]) -> None:
    known = open_record(world)
    refused = staff(world, "alma").post(f"/people/{known.ref}/releases", terms(world, **wrong))
    assert refused.status_code == 422 and refused.json()["fields"], refused.content


def test_a_system_drafts_and_withdraws_and_cannot_begin(fresh_world: World) -> None:
    """It has no key for releases unless it may read them. The written follow-up goes to a colleague."""
    world = fresh_world
    known = open_record(world)
    signed = release_to(world, known)
    roles = ("machine_writer", "machine_reader", "machine_releases")
    token = connect(world, "aisha", roles=roles, reads=("releases", "identity.name", "identity.birth", "needs"))
    with world.as_("adele") as adele:
        membership = id_of(world, token)
        records.assign(actor=adele, ref=known.ref, membership=membership)
    caller = Caller(token)
    drafted = caller.post(f"/people/{known.ref}/releases", terms(world))
    assert drafted.status_code == 201, drafted.content
    series = drafted.json()["series"]
    begun = caller.post(f"/people/{known.ref}/releases/{series}/activate")
    assert begun.status_code == 403 and begun.json()["code"] == "signature_needed"
    ended = caller.post(
        f"/people/{known.ref}/releases/{signed}/withdraw", {"revision": 2, "how": "oral", "checked": True}
    )
    assert ended.status_code == 200, ended.content
    with world.as_("alma") as alma:
        assert [task.code for task in tasks.my_tasks(actor=alma)] == ["get_it_in_writing"]
    gone = staff(world, "elena").get(f"/people/{known.ref}")
    assert gone.status_code == 404


def test_a_cookie_comes_with_a_forms_token(world: World) -> None:
    """Another site's page can't make a colleague's browser write. A system's token needs no form token and takes no
    cookie."""
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.cookies[COOKIE] = world.client("alma").cookies[COOKIE].value
    body = json.dumps({"name": {"used": "Forged"}})
    forged = browser.post("/api/v1/people", body, content_type="application/json")
    assert forged.status_code == 403 and forged.json()["code"] == "csrf"
    page = browser.get("/people/new/")
    token = page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    sent = browser.post("/api/v1/people", body, content_type="application/json", headers={"X-CSRFToken": token})
    assert sent.status_code == 201
    with_wrong = browser.post(
        "/api/v1/people", body, content_type="application/json", headers={"Authorization": "Bearer accord_nothing"}
    )
    assert with_wrong.status_code == 401  # the cookie sent with it is ignored


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_nothing_but_json_is_taken(world: World, content_type: str) -> None:
    caller = Caller(connect(world))
    sent = caller.client.generic(
        "POST", "/api/v1/people", b'{"name": {"used": "A"}}', content_type=content_type, headers=caller.headers
    )
    assert sent.status_code == 415 and sent.json()["code"] == "not_json"
    unreadable = caller.client.generic(
        "POST", "/api/v1/people", b"{", content_type="application/json", headers=caller.headers
    )
    assert unreadable.status_code == 422 and unreadable.json()["code"] == "unreadable"


def test_an_error_repeats_nothing_that_was_sent(world: World) -> None:
    alma, known = staff(world, "alma"), open_record(world)
    for body in (
        {"type": "need", "fields": {"category": "Quillsecret", "urgency": "now"}},
        {"type": "Quillsecret", "fields": {}},
        {"type": "need", "fields": {"Quillsecret": "now"}},
        {"Quillsecret": 1},
        {"type": "need", "fields": {"category": {"Quillsecret": 1}}},
    ):
        refused = alma.post(f"/people/{known.ref}/entries", body)
        assert refused.status_code == 422
        assert "Quillsecret" not in json.dumps({**refused.json(), "fields": list(refused.json()["fields"].values())})


def test_the_description_is_open_and_obeys_our_policy(world: World) -> None:
    anonymous = world.client()
    page, document = anonymous.get("/api/"), anonymous.get("/api/openapi.json").json()
    assert page.status_code == 200 and "default-src 'none'" in page.headers["Content-Security-Policy"]
    text = page.content.decode()
    main = text.split("<main")[1].split("</main>")[0]
    assert "http" not in main and "<script" not in main and "style=" not in main
    for path, methods in document["paths"].items():
        assert path.startswith("/api/v1/") and path in text
        for told in methods.values():
            assert told["summary"] and told["description"] and "404" in told["responses"]
    assert anonymous.get("/api/v1/people").status_code == 401
    assert anonymous.put("/api/v1/people").status_code == 405
    assert anonymous.get("/api/v1/nothing").json()["code"] == "not_found"


@pytest.mark.line(91)
def test_lapsed_training_closes_content_here_too(fresh_world: World) -> None:
    known = open_record(fresh_world)
    later(fresh_world, days=370)
    refused = staff(fresh_world, "alma").get(f"/people/{known.ref}")
    assert refused.status_code == 403 and refused.json()["code"] == "training"
