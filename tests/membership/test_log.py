"""The agency's own log: a sentence for every action, and never a person's name."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import accord
from accord.audit.queries import REFUSALS
from accord.core import rooms
from accord.membership import log_views, reviewing
from tests.region import World
from tests.steps.pages import alert_words
from tests.steps.records import handle, open_record, release_to
from tools.docs import every_workflow

SOURCE = Path(accord.__file__).parent


def logged_actions() -> dict[str, str]:
    """Return the action of every `actor.log("...")` and `trail.add(chain, "...")` in the source, of helpers that add
    two, and of the workflows, with the room that logs it."""
    found = {move.log: room for room, workflow in every_workflow() for move in workflow.moves if move.log}
    for each in rooms.rooms():
        turns = [turn for named in each.exchanges for turn in each.exchange(named).turns.values()]
        found |= {turn.tells: each.name for turn in turns if turn.tells}
    for path in SOURCE.rglob("*.py"):
        room = path.relative_to(SOURCE).parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "_log_and_notify":
                found[node.args[1].value] = room
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "_note_at":
                found[node.args[2].value] = room
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            place = {"log": 0, "add": 1}.get(node.func.attr)
            if place is None or len(node.args) <= place or (place == 1 and "trail" not in ast.unparse(node.func)):
                continue
            said = node.args[place]
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                found[said.value] = room
    return found


def test_every_action_has_a_sentence_in_its_room_and_every_sentence_an_action() -> None:
    said = {code: room.name for room in rooms.rooms() for code in room.log}
    assert len(said) > 25
    assert logged_actions() == said, "the `log` of each room's room.py"


def test_it_says_who_did_what_and_names_no_person(world: World) -> None:
    known = open_record(world)
    release_to(world, known)
    adele = world.client("adele")
    text = alert_words(adele.get("/agency/log/"))
    assert "Alma opened a new record." in text and "Alma started sharing information with Riverbend Legal Aid." in text
    assert "Samira" not in text and "Quill" not in text and str(known.ref) not in text


def test_a_denied_form_is_named_in_words(world: World) -> None:
    assert world.client("alma").post("/people/new/", {"used": ""}).status_code == 422
    words = alert_words(world.client("adele").get("/agency/log/"))
    assert "A new record" in words and "people:new" not in words


def test_filters_and_paging(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    known = open_record(world)
    alma, adele = world.client("alma"), world.client("adele")
    alma.get(f"/people/{known.ref}/")
    alma.get("/agency/invite/")
    alma.get("/people/7b1f9d5e-54b5-4d3c-9c55-0a8f0f3f6c11/")
    reading = alert_words(adele.get("/agency/log/?only=reading"))
    assert "Alma read a record." in reading and "opened a new record" not in reading
    refused = alert_words(adele.get("/agency/log/?only=refusals"))
    assert (
        "their role doesn&#x27;t include" in refused
        and "isn&#x27;t available to them" in refused
        and "read a" not in refused
    )
    with world.as_("alma") as actor:
        for _ in range(60):
            actor.log("searched")
    monkeypatch.setattr(log_views, "PAGE", 50)
    first = adele.get("/agency/log/")
    assert sum(group.count for group in first.context["groups"]) == 50 and first.context["older"]
    second = adele.get(first.context["older"])
    assert second.status_code == 200 and second.context["newest"]
    assert [group.rows for group in second.context["groups"]] != [group.rows for group in first.context["groups"]]
    assert adele.get("/agency/log/?before=nonsense&only=everything&who=me&when=ever").status_code == 200


def test_one_act_many_times_is_one_line_of_an_hour(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    client = world.client("elena")
    shared = handle(world, "elena")
    for _ in range(3):
        client.get(f"/people/{shared}/")
    world.move(minutes=65)
    with world.as_("aisha") as aisha:
        aisha.log("searched")
    groups = world.client("adele").get("/agency/log/?only=reading").context["groups"]
    assert [group.folded for group in groups] == [place >= reviewing.OPEN for place in range(len(groups))]
    aisha, elena = groups[0], next(group for group in groups if group.who == "Elena (Riverbend Legal Aid)")
    assert (aisha.who, aisha.count, [row.title for row in aisha.rows]) == ("Aisha", 1, ["Aisha searched by name."])
    assert re.fullmatch(r"\w+\.? \d+, \d{4}, \d+:00 [ap]\.m\. to \d+:00 [ap]\.m\.", aisha.when)
    looked = next(row for row in elena.rows if "read what we share" in row.title and "time" in row.aside)
    assert looked.aside.split(",")[0].split(" ")[1] == "times" and "about 1 person" in looked.detail
    assert "contact" not in looked.detail.replace("safe contact", "") and "tell" not in looked.detail


def test_filters_by_colleague_day_and_kind_of_act(fresh_world: World) -> None:
    world = fresh_world
    open_record(world)
    open_record(world, "Maren Holt", user="aisha")
    world.move(days=1)
    world.sessions.clear()
    adele, today = world.client("adele"), "Adele signed in."

    def shown(**asked: str) -> set[str]:
        groups = adele.get("/agency/log/", asked).context["groups"]
        return {row.title for group in groups for row in group.rows}

    assert "Aisha opened a new record." in shown() and today in shown()
    aisha = str(world.memberships["aisha"])
    assert shown(who=aisha, only="records") == {"Aisha opened a new record.", "Aisha added to or changed a record."}
    assert shown(when="today") and "Aisha opened a new record." not in shown(when="today")
    assert "Aisha opened a new record." in shown(when="yesterday") and today not in shown(
        when="yesterday", only="records"
    )
    assert "Aisha opened a new record." in shown(when="week", who=aisha)
    assert shown(who=str(world.memberships["elena"])) == shown()  # no colleague here: not a filter
    assert f'value="{world.memberships["elena"]}"' not in adele.get("/agency/log/").content.decode()


def test_every_kind_of_act_is_a_filter() -> None:
    assert {*rooms.Act, "", REFUSALS} == set(reviewing.ONLY)
    assert {line.act for line in rooms.log_lines().values()} == set(rooms.Act)


def test_only_officers_and_supervisors_read_it(world: World) -> None:
    for user, status in (("adele", 200), ("aisha", 200), ("emil", 200), ("alma", 403), ("hal", 200)):
        assert world.client(user).get("/agency/log/").status_code == status, user
    assert "Alma" not in alert_words(world.client("emil").get("/agency/log/"))


def test_the_hub_has_one_log_in_its_menu_and_says_what_it_is_for(world: World) -> None:
    hal = world.client("hal")
    assert 'href="/agency/log/"' not in hal.get("/agency/").content.decode()
    page = alert_words(hal.get("/hub/log/"))
    assert "Each agency has its own audit log" in page and 'href="/hub/log/"' in page
    assert 'href="/agency/log/"' in world.client("adele").get("/agency/").content.decode()
    assert "Who did what at Harbor House" in alert_words(world.client("adele").get("/agency/log/"))
