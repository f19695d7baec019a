"""A list longer than one page: a program gets everyone exactly once."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from accord.people import queries as people
from tests.region import World
from tests.steps.api import Caller, connect
from tests.steps.records import handle, open_record, release_to


def everybody(caller: Caller) -> list[str]:
    """Follow `next` to the end."""
    return _on(caller, caller.get("/people").json())


def _on(caller: Caller, answer: dict[str, Any]) -> list[str]:
    found = [line["ref"] for line in answer["people"]]
    for _page in range(9):
        if answer["next"] is None:
            return found
        answer = caller.get(f"/people?after={answer['next']}").json()
        assert len(answer["people"]) <= people.PAGE
        found += [line["ref"] for line in answer["people"]]
    raise AssertionError("no end")


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "PAGE", 2)


def test_everyone_is_on_exactly_one_page(fresh_world: World, pages_of_two: None) -> None:
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    shared = str(handle(world, "elena"))
    own = [str(open_record(world, name, "elena").ref) for name in ("Ada", "Bea", "Cleo")]
    elena = Caller(client=world.client("elena"))
    assert sorted(everybody(elena)) == sorted([*own, shared])
    token = connect(world, "elena", roles=("machine_writer", "machine_reader"), reads=("identity.name",))
    machine = Caller(token)
    brought = {machine.post("/people", {"name": {"used": name}}).json()["ref"] for name in ("Dee", "Eve", "Fay")}
    assert set(everybody(machine)) == brought  # its own people and no one else's


def test_people_added_and_removed_meanwhile_hide_no_one(fresh_world: World, pages_of_two: None) -> None:
    world = fresh_world
    stay = {str(open_record(world, f"Person {number}").ref) for number in range(4)}
    alma = Caller(client=world.client("alma"))
    first = alma.get("/people").json()
    new = {str(open_record(world, f"New {number}").ref) for number in range(3)}
    gone = first["people"][0]["ref"]
    with world.owner() as owner:
        owner.execute("update sharing_assignment set ended_at = at where about = %s", [gone])
    seen = _on(alma, first)
    assert len(seen) == len(set(seen)) and stay <= set(seen) <= stay | new


def test_a_place_in_the_list_reveals_nothing_about_anyone(fresh_world: World) -> None:
    """`after` names a place. Whose ref it is, or whether it is anyone's, changes nothing."""
    world = fresh_world
    known = open_record(world)
    elena = Caller(client=world.client("elena"))
    beside = uuid.UUID(int=known.ref.int ^ 1)
    assert elena.get(f"/people?after={known.ref}").content == elena.get(f"/people?after={beside}").content
    for odd in ("²", "", "-1", "9" * 40, "x" * 3000):
        answer = elena.client.get("/api/v1/people", {"after": odd})
        assert answer.status_code == 422 and list(answer.json()["fields"]) == ["after"], odd
