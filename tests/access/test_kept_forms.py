"""A form sent on a dead session: it is sealed, offered again after sign-in, and gone when used or after a day."""

from __future__ import annotations

import base64
import html
import re

import pytest
from django import forms
from django.test import Client

from accord.accounts import kept_forms
from accord.accounts.sessions import COOKIE
from accord.demo.riverbend import PASSPHRASE
from accord.ui.fields import CodeInput
from tests.region import World
from tests.steps.pages import alert_words
from tests.steps.records import open_record
from tests.steps.worker import run

TYPED = 'She said: "not before Thursday" & asked for Mrs. Quine <tomorrow>\nSecond line ~ Wq8ZplVx'


NOT_SECRET = {"name"}  # of a new passkey: asked next to the button that makes one


def sign_in_again(client: Client, world: World, user: str = "alma"):
    """Sign in through the pages, in the same browser. Returns where that leads."""
    client.post("/sign-in/?kept=1", {"user_name": user, "passphrase": PASSPHRASE})
    page = client.get("/second-factor/")
    client.post("/second-factor/", {"code": page.context["shown"]})
    return client.post("/acting/", {"membership": str(world.memberships[user])}).headers["Location"]


@pytest.fixture
def typed(fresh_world: World):
    """Return a world where Alma typed a note for so long that the session ended before it was sent."""
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
        return owner.execute("select count(*) from accounts_keptform").fetchone()[0]


def fields(page) -> dict[str, str]:
    """Return names and values of the page's own form, as a browser would send them again."""
    text = page.content.decode()
    (form,) = re.findall(
        r'<form method="post" class="form"[^>]*>.*?</form>', text, re.S
    )  # sent to the page's own address
    found = dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>', form, re.S))
    found |= dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', form))
    return {name: html.unescape(value) for name, value in found.items()}


def test_what_was_typed_is_offered_again_and_deleted_when_used(typed) -> None:
    world, client, address = typed
    assert "What you wrote was encrypted and kept" in alert_words(client.get("/sign-in/?kept=1"))
    assert sign_in_again(client, world) == "/kept/"
    (link,) = [f"{one.path}?kept={one.id}" for one in client.get("/kept/").context["kept_forms"]]
    assert link.startswith(address)
    page = client.get(link)
    assert page.status_code == 200 and fields(page)["text"] == TYPED
    assert "This is what you wrote before" in alert_words(page)
    assert rows(world) == 1  # looking does not use anything up
    refused = client.post(link, {"text": ""})
    assert refused.status_code == 422 and rows(world) == 1
    saved = client.post(link, {"text": fields(page)["text"]})
    assert saved.status_code == 302 and rows(world) == 0
    assert "not before Thursday" in alert_words(client.get(saved.headers["Location"]))
    assert client.get("/kept/").context["kept_forms"] == []


def test_it_is_readable_nowhere(typed) -> None:
    world, _client, _address = typed
    with world.owner() as owner:
        tables = owner.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        marks = ["Wq8ZplVx", b"Wq8ZplVx".hex(), base64.b64encode(b"Thursday").decode()[:8], b"/notes/".hex()]
        for (table,) in tables:
            for mark in marks:
                found = owner.execute(f"select 1 from {table} t where t::text like %s limit 1", [f"%{mark}%"])
                assert found.fetchone() is None, (table, mark)
    assert rows(world) == 1


def test_it_belongs_to_one_account_at_one_agency(typed) -> None:
    world, client, _address = typed
    sign_in_again(client, world)
    (kept,) = client.get("/kept/").context["kept_forms"]
    for other in ("aisha", "adele", "ben"):
        assert world.client(other).get("/kept/").context["kept_forms"] == []
        assert world.client(other).post(f"/kept/{kept.id}/drop/").status_code == 302
    assert rows(world) == 1
    assert client.post(f"/kept/{kept.id}/drop/").status_code == 302 and rows(world) == 0


def test_after_a_day_it_is_gone(typed) -> None:
    world, client, _address = typed
    world.move(hours=25)
    assert sign_in_again(client, world) == "/"
    run(world, "kept_forms_sweep")
    assert rows(world) == 0


def test_nothing_is_kept_without_a_session_or_after_its_membership_ended(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    address = f"/people/{known.ref}/notes/new/"
    stranger = world.client()
    assert stranger.post(address, {"text": TYPED}).headers["Location"] == "/sign-in/"
    stranger.cookies[COOKIE] = base64.urlsafe_b64encode(bytes(32)).decode()
    assert stranger.post(address, {"text": TYPED}).headers["Location"] == "/sign-in/"
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
    sent["recovery_words"] = "abacus abdomen"
    assert client.post(f"/agency/colleagues/{member}/", sent).headers["Location"] == "/sign-in/?kept=1"
    assert client.post("/account/passphrase/", {"old": "a", "passphrase": "b"}).headers["Location"] == "/sign-in/"
    sign_in_again(client, world, "adele")
    (kept,) = client.get("/kept/").context["kept_forms"]
    assert kept.fields == {"roles": ["advocate"]}


def test_boxes_choices_and_dates_come_back_as_they_were(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    client = world.client("alma")
    address = f"/people/{known.ref}/items/new/"
    shown = client.get(address)
    world.move(minutes=31)
    category, urgency = "housing", "now"
    client.post(address, {"daily": [category], "urgency": urgency, "words": 'a "room"'})
    sign_in_again(client, world)
    (kept,) = client.get("/kept/").context["kept_forms"]
    page = client.get(f"{address}?kept={kept.id}").content.decode()
    checked = set(re.findall(r'<input[^>]*value="(\w+)"[^>]* checked', page))
    selected = set(re.findall(r'<option[^>]*value="(\w+)"[^>]* selected', page))
    assert {category, urgency} <= checked | selected and len(checked) + len(selected) == 2, (checked, selected)
    assert "a &quot;room&quot;" in page and page.count("<form") == shown.content.decode().count("<form")


def test_a_day_comes_back_as_typed_even_if_it_does_not_exist(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    client = world.client("alma")
    address = f"/people/{known.ref}/entries/new/"
    client.get(address)
    world.move(minutes=31)
    client.post(address, {"day_0": "31", "day_1": "2", "day_2": "2026"})
    sign_in_again(client, world)
    (kept,) = client.get("/kept/").context["kept_forms"]
    page = client.get(f"{address}?kept={kept.id}").content.decode()
    typed = dict(re.findall(r'<input[^>]*name="(day_[012])"[^>]*value="([^"]*)"', page))
    month = re.search(r'name="day_1".*?<option value="(\d+)" selected', page, re.S)
    typed["day_1"] = month[1] if month else None
    assert [typed.get(f"day_{part}") for part in range(3)] == ["31", "2", "2026"]


def test_only_the_five_newest_are_kept_and_nothing_huge(typed) -> None:
    world, client, address = typed
    for number in range(7):
        client.post(address, {"text": f"again {number}"})
    assert rows(world) == 5
    assert client.post(address, {"text": "x" * 260_000}).headers["Location"] == "/sign-in/"
    assert rows(world) == 5


# Signed out in another window, locked, left -------------------------------------------------------------------------


@pytest.fixture
def writing(fresh_world: World):
    """Return a world where Alma has a note's page open, in a browser that checks form tokens as a real one does."""
    known = open_record(fresh_world)
    client = Client(enforce_csrf_checks=True)
    client.cookies[COOKIE] = base64.urlsafe_b64encode(fresh_world.session("alma").secret).decode()
    address = f"/people/{known.ref}/notes/new/"
    page = fields(client.get(address))
    assert page["kept_for"] and page["csrfmiddlewaretoken"]
    return fresh_world, client, address, {**page, "text": TYPED}


def signs_out(client: Client, typed: dict[str, str], path: str = "/sign-out/") -> None:
    """Sign out in another window. The browser then forgets all our cookies, as the answer tells it to."""
    answer = client.post(path, {"csrfmiddlewaretoken": typed["csrfmiddlewaretoken"]})
    assert "cookies" in answer.headers["Clear-Site-Data"]
    client.cookies.clear()


def kept_titles(client: Client) -> list[str]:
    return [one.title for one in client.get("/kept/").context["kept_forms"]]


def test_after_sign_out_in_another_window_what_is_saved_is_kept_and_the_reason_is_given(writing) -> None:
    world, client, address, typed = writing
    signs_out(client, typed)
    answer = client.post(address, typed)
    assert answer.headers["Location"] == "/sign-in/?kept=1&why=out"
    said = alert_words(client.get(answer.headers["Location"]))
    assert "You signed out in another window." in said and "What you wrote was kept" in said
    again = world.client()
    assert sign_in_again(again, world) == "/kept/"
    assert kept_titles(again) == ["A note · Samira Quill"]
    (kept,) = again.get("/kept/").context["kept_forms"]
    assert fields(again.get(f"{kept.path}?kept={kept.id}"))["text"] == TYPED


def test_after_sign_in_in_another_window_the_page_comes_back_with_what_was_typed(writing) -> None:
    world, client, address, typed = writing
    signs_out(client, typed)
    world.sessions.clear()
    client.cookies[COOKIE] = base64.urlsafe_b64encode(world.session("alma").secret).decode()
    answer = client.post(address, typed)
    assert answer.headers["Location"].startswith(f"{address}?kept=")
    assert fields(client.get(answer.headers["Location"]))["text"] == TYPED


def test_signed_in_as_another_colleague_it_is_kept_for_its_writer_alone(writing) -> None:
    world, client, address, typed = writing
    signs_out(client, typed)
    client.cookies[COOKIE] = base64.urlsafe_b64encode(world.session("adele").secret).decode()
    answer = client.post(address, typed)
    assert answer.status_code == 403 and "What you wrote was kept" in alert_words(answer)
    assert kept_titles(world.client("adele")) == []
    world.sessions.clear()
    assert kept_titles(world.client("alma")) == ["A note · Samira Quill"]


@pytest.mark.parametrize("path", ["/leave/", "/sign-out/"])
def test_who_leaves_is_signed_out(writing, path: str) -> None:
    world, client, address, typed = writing
    mine = client.cookies[COOKIE].value
    signs_out(client, typed, path)
    client.cookies[COOKIE] = mine  # as if the browser had ignored the answer
    assert client.get(address).headers["Location"] == "/sign-in/"
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("alma").ticket])
        assert web.execute("select accord.actor_account()").fetchone() == (None,)
    with world.owner() as owner:
        left = owner.execute("select ticket_hash, state from accounts_session where ended_at is not null").fetchall()
    assert left == [(None, b"")]


def test_leaving_keeps_what_was_typed_and_leads_elsewhere_without_script(writing) -> None:
    world, client, address, typed = writing
    answer = client.post("/leave/", {**typed, "kept_path": address})
    assert answer.status_code == 200 and 'content="0;url=https://www.weather.gov/"' in answer.content.decode()
    assert rows(world) == 1
    client.cookies.clear()
    assert 'content="0;url=' in client.post("/leave/", typed).content.decode()  # the second click goes there too


def test_before_a_page_locks_its_script_has_what_was_typed_kept(writing) -> None:
    world, client, address, typed = writing
    world.move(minutes=31)
    answer = client.post("/kept/keep/", {**typed, "kept_path": address})
    assert answer.status_code == 200 and rows(world) == 1
    said = alert_words(client.get("/sign-in/?locked=1&kept=1"))
    assert (
        "The page was locked after 30 minutes without activity." in said
        and "What you wrote was encrypted and kept" in said
    )
    assert "This page was locked" in alert_words(client.get("/sign-in/?locked=1"))
    assert "There's nothing unsaved here" in alert_words(world.client("adele").get("/kept/"))


def test_another_window_that_kept_the_session_alive_continues(writing) -> None:
    _world, client, _address, _typed = writing
    assert client.get("/sign-in/?locked=1").headers["Location"] == "/"
    assert client.get("/sign-in/?locked=1&kept=1").headers["Location"] == "/kept/"


@pytest.mark.parametrize(
    "path", ["/account/passphrase/", "/sign-in/", "/agency/recovery/use", "https://example.org/", "/nothing/", "//x/"]
)
def test_nothing_is_kept_from_sign_in_pages_or_other_sites(writing, path: str) -> None:
    world, client, _address, typed = writing
    assert client.post("/kept/keep/", {**typed, "kept_path": path}).status_code == 204
    assert rows(world) == 0


def test_the_idle_notice_promises_only_what_is_kept(writing) -> None:
    _world, client, address, _typed = writing
    kept, lost = "What you wrote is encrypted and saved", "sent must be entered again"
    for path, promise, other in ((address, kept, lost), ("/account/passphrase/", lost, kept)):
        page = client.get(path).content.decode()
        assert promise in page and other not in page, path


def test_a_mark_that_is_not_ours_keeps_nothing(writing) -> None:
    world, client, address, typed = writing
    signs_out(client, typed)
    forged = typed["kept_for"][:-6] + "AAAA=="
    assert client.post(address, {**typed, "kept_for": forged}).status_code == 403
    assert rows(world) == 0


def test_an_officer_who_signs_a_lost_device_out_leaves_nothing_to_be_typed_into(writing) -> None:
    world, client, address, typed = writing
    with world.as_("adele"):
        world.client("adele").post(f"/agency/colleagues/{world.memberships['alma']}/sign-out/", {})
    with world.owner() as owner:
        owner.execute(
            "delete from accounts_session where account = (select id from accounts_account where user_name = 'alma')"
        )
    assert client.post(address, typed).headers["Location"] == "/sign-in/"
    assert rows(world) == 0


def test_no_field_that_opens_something_is_ever_kept() -> None:
    """Every form of the application: fields that hide their characters, ask for a code, or are rendered as such."""
    for form in all_forms(forms.BaseForm):
        for name, field in form.base_fields.items():
            asks = isinstance(field.widget, (forms.PasswordInput, CodeInput)) or "one-time-code" in str(
                field.widget.attrs
            )
            if (asks or re.search("passphrase|passkey|code$|recovery_words", name)) and name not in NOT_SECRET:
                assert name in kept_forms.SECRETS, (form, name)


def all_forms(kind) -> list[type]:
    return [one for each in kind.__subclasses__() for one in (each, *all_forms(each)) if hasattr(one, "base_fields")]
