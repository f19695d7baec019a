"""A form that was sent on a dead session: sealed, offered again after sign-in, gone when used or after a day."""

from __future__ import annotations

import base64
import html
import re

import pytest
from django.test import Client

from accord.accounts.sessions import COOKIE
from accord.demo.riverbend import PASSPHRASE
from tests.agencies.steps import alert_words
from tests.path.test_services import open_record
from tests.region import World

TYPED = 'She said: "not before Thursday" & asked for Mrs. Quine <tomorrow>\nSecond line ~ Wq8ZplVx'


def sign_in_again(client: Client, world: World, user: str = "alma"):
    """By the pages, in the same browser. Where one lands."""
    client.post("/sign-in/?kept=1", {"user_name": user, "passphrase": PASSPHRASE})
    page = client.get("/second-factor/")
    client.post("/second-factor/", {"code": page.context["shown"]})
    return client.post("/acting/", {"membership": str(world.memberships[user])}).headers["Location"]


@pytest.fixture
def typed(fresh_world: World):
    """Alma has typed a note for so long that her session ended before she sent it."""
    world = fresh_world
    known = open_record(world)
    client = world.client("alma")
    address = f"/people/{known.ref}/notes/new/"
    assert client.get(address).status_code == 200
    world.move(minutes=31)
    sent = client.post(address, {"text": TYPED, "csrfmiddlewaretoken": "x"})
    assert sent.headers["Location"] == "/sign-in/?kept=1"
    return world, client, address


def rows(world: World) -> int:
    with world.owner() as owner:
        return owner.execute("select count(*) from accounts_draft").fetchone()[0]


def fields(page) -> dict[str, str]:
    """Names and values of the page's own form, as a browser would send them again."""
    text = page.content.decode()
    (form,) = re.findall(
        r'<form method="post" class="form"[^>]*>.*?</form>', text, re.S
    )  # sent to the page's own address
    found = dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>', form, re.S))
    found |= dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', form))
    return {name: html.unescape(value) for name, value in found.items()}


def test_what_was_typed_is_there_again_and_goes_when_it_is_used(typed) -> None:
    world, client, address = typed
    assert "waits for you" in alert_words(client.get("/sign-in/?kept=1"))
    assert sign_in_again(client, world) == "/kept/"
    (link,) = [f"{one.path}?kept={one.id}" for one in client.get("/kept/").context["drafts"]]
    assert link.startswith(address)
    page = client.get(link)
    assert page.status_code == 200 and fields(page)["text"] == TYPED
    assert "This is what you wrote before" in alert_words(page)
    assert rows(world) == 1  # looking uses nothing up
    refused = client.post(link, {"text": ""})
    assert refused.status_code == 422 and rows(world) == 1
    saved = client.post(link, {"text": fields(page)["text"]})
    assert saved.status_code == 302 and rows(world) == 0
    assert "not before Thursday" in alert_words(client.get(saved.headers["Location"]))
    assert client.get("/kept/").context["drafts"] == []


def test_it_stands_nowhere_in_the_clear(typed) -> None:
    world, _client, _address = typed
    with world.owner() as owner:
        tables = owner.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        marks = ["Wq8ZplVx", b"Wq8ZplVx".hex(), base64.b64encode(b"Thursday").decode()[:8], b"/notes/".hex()]
        for (table,) in tables:
            for mark in marks:
                found = owner.execute(f"select 1 from {table} t where t::text like %s limit 1", [f"%{mark}%"])
                assert found.fetchone() is None, (table, mark)
    assert rows(world) == 1


def test_it_is_hers_alone_and_for_the_agency_that_she_acted_for(typed) -> None:
    world, client, _address = typed
    sign_in_again(client, world)
    (kept,) = client.get("/kept/").context["drafts"]
    for other in ("aisha", "adele", "ben"):
        assert world.client(other).get("/kept/").context["drafts"] == []
        assert world.client(other).post(f"/kept/{kept.id}/drop/").status_code == 302
    assert rows(world) == 1
    assert client.post(f"/kept/{kept.id}/drop/").status_code == 302 and rows(world) == 0


def test_after_a_day_it_is_gone(typed) -> None:
    world, client, _address = typed
    world.move(hours=25)
    assert sign_in_again(client, world) == "/"
    assert rows(world) == 0


def test_nothing_is_kept_without_a_session_that_had_ended_by_itself(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    address = f"/people/{known.ref}/notes/new/"
    stranger = world.client()
    assert stranger.post(address, {"text": TYPED}).headers["Location"] == "/sign-in/"
    stranger.cookies[COOKIE] = base64.urlsafe_b64encode(bytes(32)).decode()
    assert stranger.post(address, {"text": TYPED}).headers["Location"] == "/sign-in/"
    out = world.client("alma")
    cookie = out.cookies[COOKIE].value
    out.post("/sign-out/")
    out.cookies[COOKIE] = cookie
    assert out.post(address, {"text": TYPED}).headers["Location"] == "/sign-in/"  # she signed out: the row is gone
    world.sessions.pop("alma")
    gone = world.client("alma")
    assert world.client("adele").post(f"/agency/colleagues/{world.memberships['alma']}/end/").status_code == 302
    assert gone.post(address, {"text": TYPED}).headers["Location"] == "/sign-in/"
    assert rows(world) == 0


def test_passphrases_and_codes_are_never_kept(fresh_world: World) -> None:
    world = fresh_world
    client = world.client("adele")
    world.move(minutes=31)
    member = world.memberships["alma"]
    sent = {"roles": ["advocate"], "step_up_code": "123456", "passphrase": "river stones", "code": "1"}
    sent["paper_words"] = "abacus abdomen"
    assert client.post(f"/agency/colleagues/{member}/", sent).headers["Location"] == "/sign-in/?kept=1"
    assert client.post("/account/passphrase/", {"old": "a", "passphrase": "b"}).headers["Location"] == "/sign-in/"
    sign_in_again(client, world, "adele")
    (kept,) = client.get("/kept/").context["drafts"]
    assert kept.fields == {"roles": ["advocate"]}


def test_boxes_choices_and_dates_come_back_as_they_were(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    client = world.client("alma")
    address = f"/people/{known.ref}/items/new/"
    shown = client.get(address)
    world.move(minutes=31)
    category, urgency = "housing", "now"
    client.post(address, {"category": category, "urgency": urgency, "words": 'a "room"'})
    sign_in_again(client, world)
    (kept,) = client.get("/kept/").context["drafts"]
    page = client.get(f"{address}?kept={kept.id}").content.decode()
    checked = set(re.findall(r'<input[^>]*value="(\w+)"[^>]* checked', page))
    selected = set(re.findall(r'<option[^>]*value="(\w+)"[^>]* selected', page))
    assert {category, urgency} <= checked | selected and len(checked) + len(selected) == 2, (checked, selected)
    assert "a &quot;room&quot;" in page and page.count("<form") == shown.content.decode().count("<form")


def test_a_day_comes_back_as_it_was_typed_even_where_there_is_no_such_day(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    client = world.client("alma")
    address = f"/people/{known.ref}/entries/new/"
    client.get(address)
    world.move(minutes=31)
    client.post(address, {"day_0": "31", "day_1": "2", "day_2": "2026"})
    sign_in_again(client, world)
    (kept,) = client.get("/kept/").context["drafts"]
    page = client.get(f"{address}?kept={kept.id}").content.decode()
    typed = dict(re.findall(r'<input[^>]*name="(day_[012])"[^>]*value="([^"]*)"', page))
    assert [typed.get(f"day_{part}") for part in range(3)] == ["31", "2", "2026"]


def test_only_the_five_newest_are_kept_and_nothing_huge(typed) -> None:
    world, client, address = typed
    for number in range(7):
        client.post(address, {"text": f"again {number}"})
    assert rows(world) == 5
    assert client.post(address, {"text": "x" * 260_000}).headers["Location"] == "/sign-in/"
    assert rows(world) == 5
