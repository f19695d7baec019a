"""Agency B tries to learn something about agency A's people, a closed body in which A sits, or anything else that a
room hides (`tests/hidden`), through every route there is.

For every address and persona, the answer about someone who exists in another agency must equal the answer about
someone who does not exist: status, headers, body, the texts of the queries, and the shape of the log. The routes come
from the resolver, so a new one is included automatically; one with an unknown argument fails.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest

from accord.core import clock
from accord.numbers.queries import current_periods
from accord.releases import services as releases
from tests import hidden as rooms
from tests import region
from tests.hidden import Hidden
from tests.region import World
from tests.steps.addresses import NEVER_EXISTED, Route, about_people, address, ask, normal, routes
from tests.steps.records import open_record, release_to

OUTSIDERS = ("ben", "bea", "cora", "dana", "elena", "farah", "grace", "ines", "kim", "hal", "jo")
WRITERS = ("ben", "elena", "kim")  # one of each side; what a POST may do is decided before the method is checked
# What arguments that are not hidden name, as a page would.
OPEN = {"language": "en", "to": 1, "cell": "0-0-0", "page": 1, "revision": 1, "name": "file.pdf"}


def room_of(route: Route) -> str:
    """Return the room that an address belongs to. The API stands for all rooms."""
    name = route.name.split(":")[0]
    return "config" if name == "api" else name


def ids_for(route: Route, hidden: Hidden, world: World) -> dict[str, object]:
    """Return the value of each argument of a route for what exists."""
    partner = world.agencies["legal"]
    known = {**OPEN, "agency": partner, "partner": partner, "code": current_periods(today=clock.today("UTC"))[1].code}
    return {name: known.get(name) or hidden.id_of(name, room_of(route)) for name in route.arguments}


def _ids(asked: dict[str, object]) -> list[object]:
    return [value for value in asked.values() if isinstance(value, uuid.UUID)]


def test_each_argument_of_an_address_is_declared_and_each_hidden_one_is_made() -> None:
    """A page with an argument that no one has thought about would be compared by no one."""
    for route in about_people():
        for name in route.arguments:
            rooms.declaring(name, room_of(route))
    for room in rooms.hiding():
        assert rooms.file_of(room).WORDS, f"tests/hidden/{room.name}.py"


@pytest.mark.parametrize("user", OUTSIDERS)
def test_no_outsider_can_tell_an_existing_person_from_a_missing_one(world: World, hidden: Hidden, user: str) -> None:
    checked = 0
    for route in about_people():
        secret = rooms.arguments(room_of(route), route.arguments, user)
        if not secret:
            continue
        there = ids_for(route, hidden, world)
        nowhere = {name: NEVER_EXISTED if name in secret else there[name] for name in there}
        for method in ("get", "post") if user in WRITERS else ("get",):
            found = ask(world, user, method, address(route, there), *_ids(there))
            missing = ask(world, user, method, address(route, nowhere), *_ids(nowhere))
            assert found == missing, f"{user} {method} {route.pattern}"
            assert found.status not in (200, 500), f"{user} {method} {route.pattern}: {found.status}"
            checked += 1
    assert checked > 12


@pytest.fixture(scope="module")
def empty(world: World) -> Iterator[World]:
    """Yield a region without the person and the body, next to the one with them, which stays in use."""
    with region.copy_of_template("without the person") as empty:
        region.use(world.name)
        yield empty


@pytest.mark.parametrize("user", OUTSIDERS)
def test_lists_and_searches_are_the_same_without_the_person(
    world: World, hidden: Hidden, empty: World, user: str
) -> None:
    """Every address without an argument, requested by every outsider, in a region with the two and in one without."""
    with_person = _plain_answers(world, user)
    region.use(empty.name)
    try:
        without_person = _plain_answers(empty, user)
    finally:
        region.use(world.name)
    assert with_person.keys() == without_person.keys()
    for key, body in with_person.items():
        if key in rooms.listed():
            continue
        assert not [words for words in rooms.words() if words in body], key
        assert body == without_person[key] or key[1] in OWN_DOINGS, key


def _plain_answers(world: World, user: str) -> dict[tuple[str, str], str]:
    answers = {}
    client = world.client(user)
    for route in routes():
        if route.arguments or route.name.startswith("ui:") or route.name in LEAVES:
            continue
        world.keep_factor_fresh(user)
        response = client.get("/" + route.pattern)
        text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", normal(response.content.decode("utf-8", "replace")))
        answers[user, route.name] = f"{response.status_code} {text}"
    behind = client.get(f"/numbers/{current_periods(today=clock.today('UTC'))[1].code}/people/0-0-0/")
    answers[user, "behind a figure"] = f"{behind.status_code} {normal(behind.content.decode())}"
    found = client.post("/people/find/", {"name": "Samira Quill"})
    answers[user, "search"] = f"{found.status_code} {normal(found.content.decode())}".replace("Samira Quill", "NAME")
    return answers


LEAVES = frozenset({"signin:sign_out"})
# Six new words on every visit; and the outsider's own log, which shows what this file has requested before.
OWN_DOINGS = frozenset({"signin:change_passphrase", "membership:log", "membership:hub_log"})


def test_what_was_shared_and_ended_says_no_longer_and_nothing_more(fresh_world: World) -> None:
    """403 only for an agency that had a share in force; the same for a colleague who was never assigned."""
    world = fresh_world
    known = open_record(world)
    series = release_to(world, known)
    from tests.steps.records import handle

    ref = handle(world, "elena")
    with world.as_("alma") as alma:
        releases.withdraw(actor=alma, ref=known.ref, series=series, revision=2, how="oral", checked=True)
    for user, status in (("elena", 403), ("emil", 403), ("ben", 404), ("farah", 404)):
        answer = ask(world, user, "get", f"/people/{ref}/", ref)
        assert answer.status == status, user
        assert "Samira" not in answer.body and "Harbor" not in answer.body.replace("Working for", "")
    assert ask(world, "elena", "get", f"/people/{known.ref}/", known.ref).status == 404
