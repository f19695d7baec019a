"""The agency's own log: a sentence for every action, and never a person's name."""

from __future__ import annotations

import ast
from pathlib import Path

import accord
from accord.audit.presenters import SENTENCES
from tests.agencies.steps import alert_words
from tests.path.test_services import open_record, release_to
from tests.region import World

SOURCE = Path(accord.__file__).parent


def logged_actions() -> set[str]:
    """Return the action of every `actor.log("...")` and `trail.add(chain, "...")` in the source, and of helpers that
    add two."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "_log_across":
                found |= {node.args[2].value, f"{node.args[2].value}-by-agency"}
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "_tell":
                found.add(node.args[1].value)
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            place = {"log": 0, "add": 1}.get(node.func.attr)
            if place is None or len(node.args) <= place or (place == 1 and "trail" not in ast.unparse(node.func)):
                continue
            said = node.args[place]
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                found.add(said.value)
    return found


def test_every_action_has_a_sentence_and_every_sentence_an_action() -> None:
    actions = logged_actions()
    assert len(actions) > 25
    assert actions - set(SENTENCES) == set(), "give these a sentence in accord/audit/presenters.py"
    assert set(SENTENCES) - actions == set()


def test_it_says_who_did_what_and_names_no_person(world: World) -> None:
    known = open_record(world)
    release_to(world, known)
    adele = world.client("adele")
    text = alert_words(adele.get("/agency/log/"))
    assert "Alma opened a new record." in text and "Alma started sharing information with Riverbend Legal Aid." in text
    assert "Samira" not in text and "Quill" not in text and str(known.ref) not in text


def test_filters_and_paging(world: World) -> None:
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
    first = adele.get("/agency/log/")
    assert len(first.context["rows"]) == 50 and first.context["older"]
    second = adele.get(first.context["older"])
    assert second.status_code == 200 and second.context["newest"]
    assert [row.title for row in second.context["rows"]] != [row.title for row in first.context["rows"]]
    assert adele.get("/agency/log/?before=nonsense&only=everything").status_code == 200


def test_only_officers_and_supervisors_read_it(world: World) -> None:
    for user, status in (("adele", 200), ("aisha", 200), ("emil", 200), ("alma", 403), ("hal", 200)):
        assert world.client(user).get("/agency/log/").status_code == status, user
    assert "Alma" not in alert_words(world.client("emil").get("/agency/log/"))
