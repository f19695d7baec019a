"""A second click, a retry after a lost answer, Back and save again: one record, and a message about it."""

from __future__ import annotations

import re
import threading
from typing import Any

from django.db import connection

from accord.access.codes import KINDS
from accord.people import queries as people
from tests.region import World
from tests.steps.addresses import takes_post, views
from tests.steps.api import Caller, connect
from tests.steps.records import open_record
from tests.steps.worker import run

# Forms that may be sent, and why sending them twice adds nothing. Add every new form here, or mark its view `creates`.
ADDS_NOTHING = {
    "changes what is there, and an old page's revision is refused": (
        *(
            "people:edit_name",
            "people:edit_age",
            "people:edit_contact",
            "casework:change_need",
            "casework:change_service",
            "casework:change_note",
            "casework:note_exploitation",
        ),
        *("casework:note_immigration", "casework:change_application", "releases:member", "screening:close_step"),
    ),
    "a new code instead of the one before; five in an hour": ("mail:address",),
    "a state that is reached once: the second is refused, or changes nothing": (
        *(
            "people:finish_task",
            "people:undo_task",
            "people:erase",
            "people:take_back_erasure",
            "people:hold",
            "people:reassign",
            "people:bar",
        ),
        *(
            "people:end_assignment",
            "people:step_back",
            "people:assign",
            "people:decline",
            "people:renewal",
            "signin:remove_passkey",
        ),
        *(
            "signin:sign_out_elsewhere",
            "signin:notices",
            "signin:drop_kept",
            "signin:language",
            "signin:sign_out",
            "signin:leave",
            "signin:keep",
        ),
        *(
            "membership:purpose",
            "membership:renew",
            "membership:give_keys",
            "membership:withdraw_invitation",
            "membership:colleague",
        ),
        *("membership:end_membership", "membership:sign_out_colleague", "membership:readmit", "membership:open_again"),
        *("membership:confirm_recovery", "membership:use_recovery", "systems:end", "legal_requests:served"),
        *("agencies:contact_line", "agencies:time_zone"),
        *("mail:confirm", "mail:stop"),
        *("drafts:discard", "answers:page"),
        *("agreements:sign_coalition", "agreements:review_coalition", "agreements:leave_coalition"),
        *("agreements:add_members", "agreements:check_keys", "agreements:close_request"),
        *("agreements:sign_agreement", "agreements:review_agreement", "agreements:leave_agreement"),
        *("releases:sign", "releases:not_asked", "releases:go_on", "releases:discard", "releases:official_end"),
        *(
            "legal_requests:close",
            "releases:same",
            "releases:part",
            "releases:withdraw",
            "numbers:count",
            "numbers:submit",
        ),
        *("numbers:reopen", "numbers:review"),
        *(
            "releases:theirs",
            "releases:back",
            "releases:back_passkey",
            "releases:finish",
            "releases:on_paper",
            "releases:sign_anew",
        ),
    ),
    "signing in, and what a code or passkey opens once": (
        *(
            "signin:sign_in",
            "signin:second_factor",
            "signin:enrol",
            "signin:change_passphrase",
            "signin:passkeys",
        ),
        *(
            "signin:passkey_options",
            "membership:act_for",
            "membership:join",
            "membership:join_account",
            "membership:join_with",
        ),
        *("membership:reset", "membership:reset_passphrase", "signin:new_recovery_codes"),
    ),
    "changes what is there: a second time finds it changed": (
        *("bodies:correct", "bodies:end", "bodies:end_seat", "bodies:name_representative"),
        *("questionnaires:publish", "questionnaires:retire", "questionnaires:discard"),
    ),
    "reads": ("people:find", "releases:accounting", "questionnaires:try_out"),
}


def test_every_form_is_saved_once_or_adds_nothing() -> None:
    forms = {name: view for name, view in views().items() if takes_post(view) and not name.startswith(("api:", "ui:"))}
    known = {name for names in ADDS_NOTHING.values() for name in names}
    creating = {name for name, view in forms.items() if getattr(view, "creates", False)}
    assert forms.keys() - known - creating == set(), "mark the view `creates`, or say here why it adds nothing"
    assert known & creating == set() and known <= forms.keys()
    assert len(creating) >= 20


def mark_of(page: Any) -> str:
    found = re.search(r'<main.*?name="once" value="([\w-]+)"', page.content.decode(), re.DOTALL)
    assert found, "the form has no mark"
    return found[1]


def my_people(world: World, user: str = "alma") -> list[str]:
    with world.as_(user) as actor:
        return sorted(card.name for card in people.my_people(actor=actor))


def test_two_clicks_open_one_record(fresh_world: World) -> None:
    world, client = fresh_world, fresh_world.client("alma")
    form = {"used": "Ines Quill", "once": mark_of(client.get("/people/new/"))}
    first = client.post("/people/new/", form)
    second = client.post("/people/new/", form)
    assert first.status_code == second.status_code == 302
    assert second.headers["Location"] == first.headers["Location"] + "?saved=1"
    assert "This was already saved." in client.get(second.headers["Location"]).content.decode()
    assert "This was already saved." not in client.get(first.headers["Location"]).content.decode()
    assert my_people(world).count("Ines Quill") == 1


def test_two_clicks_at_the_same_moment_open_one_record(fresh_world: World) -> None:
    world = fresh_world
    form = {"used": "Ines Quill", "once": mark_of(world.client("alma").get("/people/new/"))}
    clients, answers = [world.client("alma") for _ in range(4)], []

    def click(client: Any) -> None:
        answers.append(client.post("/people/new/", form))
        connection.close()

    threads = [threading.Thread(target=click, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.headers["Location"].removesuffix("?saved=1") for answer in answers}) == 1
    assert my_people(world).count("Ines Quill") == 1


def test_back_and_save_again_asks_first(fresh_world: World) -> None:
    world, client = fresh_world, fresh_world.client("alma")
    known = open_record(world)
    path = f"/people/{known.ref}/notes/new/"
    for number in range(2):
        page = client.get(path)
        answer = client.post(path, {"text": "Called the landlord.", "once": mark_of(page)})
        assert answer.status_code == (302, 409)[number]
    words = answer.content.decode()
    assert "You already saved this" in words and f"/people/{known.ref}/" in words

    def notes() -> int:
        with world.as_("alma") as alma:
            return len(people.page(actor=alma, ref=known.ref, kinds=KINDS).items.get("notes.case", ()))

    assert notes() == 1
    # There are two: the page sends the same again, and says so.
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', words))
    assert client.post(path, kept).status_code == 302
    assert notes() == 2
    # A different entry from the same page is a new entry.
    mark = mark_of(client.get(path))
    for text in ("One", "Two"):
        assert client.post(path, {"text": text, "once": mark}).status_code == 302
    assert notes() == 4


def test_a_form_that_was_only_opened_is_not_saved_yet(world: World) -> None:
    """A name that no one has is searched for twice within the hour, and the form is opened each time."""
    client = world.client("alma")
    for _time in range(2):
        found = client.post("/people/find/", {"name": "Nour Quill"})
        opened = client.post("/people/new/", {"prefill": "Nour Quill", "once": mark_of(found)})
        assert opened.status_code == 200 and 'value="Nour Quill"' in opened.content.decode()


def test_an_empty_name_to_fill_in_makes_no_second_record(world: World) -> None:
    client = world.client("alma")
    form = {"used": "Nour Quill", "prefill": "", "once": mark_of(client.get("/people/new/"))}
    first, second = (client.post("/people/new/", form).headers["Location"] for _time in range(2))
    assert second == f"{first}?saved=1"


def test_a_refused_form_may_be_sent_again(world: World) -> None:
    client = world.client("alma")
    mark = mark_of(client.get("/people/new/"))
    assert client.post("/people/new/", {"used": "", "once": mark}).status_code == 422
    assert client.post("/people/new/", {"used": "Nour Quill", "once": mark}).status_code == 302


def test_a_second_invitation_shows_no_code_and_makes_none(fresh_world: World) -> None:
    client = fresh_world.client("adele")
    form = {"name": "Sol", "roles": ["advocate"], "once": mark_of(client.get("/agency/invite/"))}
    assert len(client.post("/agency/invite/", form).context["parts"]) == 4
    again = client.post("/agency/invite/", form)
    assert again.headers["Location"] == "/agency/?saved=code"
    told = client.get("/agency/?saved=code").content.decode()
    assert "This was already created and shown once." in told and "already saved" not in told
    names = [row["name"] for row in client.get("/agency/").context["invitations"]]
    assert names.count("Sol") == 1


def test_a_button_alone_on_a_new_page_is_pressed_on_purpose(fresh_world: World) -> None:
    client, colleague = fresh_world.client("adele"), fresh_world.memberships["alma"]
    path = f"/agency/colleagues/{colleague}/reset/"
    first, second = ({"once": mark_of(client.get(path))} for _page in range(2))
    code = client.post(path, first).context["code"]
    assert client.post(path, first).headers["Location"].endswith("?saved=code")  # a second click
    again = client.post(path, second)  # the slip with the code was lost
    assert again.status_code == 200 and again.context["code"] != code


def test_a_code_that_is_asked_for_again_was_made_and_not_saved(fresh_world: World) -> None:
    client, colleague = fresh_world.client("adele"), fresh_world.memberships["alma"]
    path = f"/agency/colleagues/{colleague}/reset/"
    code = client.post(path, {"factor": "on", "once": mark_of(client.get(path))}).context["code"]
    asked = client.post(path, {"factor": "on", "once": mark_of(client.get(path))})
    words = " ".join(asked.content.decode().split())
    assert asked.status_code == 409 and "You already created this" in words and "Create a new one" in words
    assert "saved" not in words.split("<main")[1].split("</main>")[0].lower()
    sure = client.post(path, {"factor": "on", "once": mark_of(client.get(path)), "once_again": "1"})
    assert sure.status_code == 200 and sure.context["code"] != code


def test_it_is_deleted_after_a_day_and_reveals_nothing_on_disk(fresh_world: World) -> None:
    world, client = fresh_world, fresh_world.client("alma")
    mark = mark_of(client.get("/people/new/"))
    ref = client.post("/people/new/", {"used": "Ines Quill", "once": mark}).headers["Location"]
    with world.owner() as owner:
        rows = owner.execute("select mark, said, sealed from accounts_once").fetchall()
        stored = b"".join(bytes(part) for row in rows for part in row)
    assert len(rows) == 1 and ref.encode() not in stored and mark.encode() not in stored
    world.move(hours=24, minutes=1)  # a day of hours, also when the clocks change
    world.sessions.clear()
    other = world.client("alma")
    other.post("/people/new/", {"used": "Somebody Else", "once": mark_of(other.get("/people/new/"))})
    run(world, "once_sweep")
    with world.owner() as owner:
        assert owner.execute("select count(*) from accounts_once").fetchone() == (1,)


# Programs ---------------------------------------------------------------------------------------------------------


def call(caller: Caller, path: str, body: Any, key: str) -> Any:
    headers = {**caller.headers, "Idempotency-Key": key}
    return caller.client.post("/api/v1" + path, body, content_type="application/json", headers=headers)


def test_a_retry_gets_the_first_answer(fresh_world: World) -> None:
    world = fresh_world
    caller, other = Caller(connect(world)), Caller(connect(world, name="Another"))
    person = {"name": {"used": "Ines Quill"}}
    first, second = call(caller, "/people", person, "k1"), call(caller, "/people", person, "k1")
    assert first.status_code == second.status_code == 201 and first.json() == second.json()
    changed = call(caller, "/people", {"name": {"used": "Nour"}}, "k1")
    assert changed.status_code == 422 and changed.json()["code"] == "key_used"
    elsewhere = call(caller, f"/people/{first.json()['ref']}/entries", person, "k1")
    assert elsewhere.status_code == 422 and elsewhere.json()["code"] == "key_used"
    assert call(other, "/people", person, "k1").json() != first.json()  # a key belongs to one client
    assert call(caller, "/people", person, "k2").json() != first.json()
    world.move(hours=24, minutes=1)  # a day of hours, also when the clocks change
    assert call(caller, "/people", person, "k1").json() != first.json()


def test_a_refused_call_may_be_sent_again_with_its_key(world: World) -> None:
    caller = Caller(connect(world))
    assert call(caller, "/people", {"name": {}}, "k").status_code == 422
    assert call(caller, "/people", {"name": {"used": "Ines"}}, "k").status_code == 201
    assert call(caller, "/people", {"name": {"used": "Ines"}}, "x" * 201).status_code == 422


def test_the_key_is_documented_where_something_is_added(world: World) -> None:
    paths = world.client().get("/api/openapi.json").json()["paths"]
    takes = {
        path
        for path, one in paths.items()
        for said in one.get("post", {}).get("parameters", ())
        if said["in"] == "header"
    }
    assert takes == {path for path, one in paths.items() if "post" in one} - {"/api/v1/people/search"}
