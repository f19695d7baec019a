"""A task for everyone in a role: each sees it, one does it, and a supervisor sees it when it stays overdue."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from accord.core import rooms
from accord.core.rooms import Escalation, Room, Task
from accord.people import tasks
from accord.work import services as work
from accord.work import terms
from tests.region import World
from tests.steps.pages import alert_words
from tests.steps.records import open_record
from tests.steps.releases import later
from tests.steps.tasks import told
from tests.steps.worker import run

WORDS = "Check the house phone."


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    """Let a room declare a task for intake, as a room of the product would."""
    before = rooms.rooms()
    task = Task(WORDS, page="people:all", role="intake", warns=2, escalates=Escalation(2, ("supervisor",)))
    rooms.fill([*before, Room("house", "who looks after the house?", tasks={"check-phone": task})])
    yield
    rooms.fill(before)


@pytest.fixture
def world(fresh_world: World) -> World:
    """Return a world where Alma and Aisha do intake, and the database knows the terms of the task."""
    with fresh_world.owner() as owner:
        owner.execute(terms.task_terms())
        owner.execute("update membership_membership set roles = roles || '{intake}' where name = 'Aisha'")
    return fresh_world


def add(world: World, days: int = 2, about: uuid.UUID | None = None) -> uuid.UUID:
    with world.as_("alma") as alma:
        work.add_task(actor=alma, code="check-phone", days=days, about=about)
        (task,) = (todo.id for todo in tasks.my_tasks(actor=alma) if todo.code == "check-phone")
    return task


def has(world: World, *users: str) -> list[bool]:
    return [WORDS in alert_words(world.client(user).get("/")).split("Your team")[0] for user in users]


def test_each_in_the_role_sees_it_and_one_does_it_for_all(world: World) -> None:
    task = add(world)
    assert has(world, "alma", "aisha", "adele", "elena") == [True, True, False, False]
    assert "Due soon" in alert_words(world.client("aisha").get("/"))
    for user in ("adele", "elena"):
        assert world.client(user).post(f"/tasks/{task}/done/").status_code == 404, user
    assert world.client("aisha").post(f"/tasks/{task}/done/").status_code == 302
    assert has(world, "alma", "aisha") == [False, False]
    assert world.client("alma").post(f"/tasks/{task}/done/").status_code == 302  # Aisha was a moment earlier
    assert world.client("alma").post(f"/tasks/{task}/undo/").status_code == 404
    assert "Undo" in alert_words(world.client("aisha").get("/tasks/done/"))
    assert world.client("aisha").post(f"/tasks/{task}/undo/").status_code == 302
    assert has(world, "alma", "aisha") == [True, True]
    log = alert_words(world.client("adele").get("/agency/log/"))
    assert log.count("marked a task as done") == 1 and "Alma marked" not in log


def test_one_about_a_person_is_named_to_those_who_may_know(world: World) -> None:
    known = open_record(world)
    add(world, about=known.person)
    page = alert_words(world.client("alma").get("/"))
    assert "Samira Quill" in page and WORDS in page
    other = alert_words(world.client("aisha").get("/"))
    assert WORDS in other and "Samira" not in other


def test_a_supervisor_sees_it_when_it_stays_overdue(world: World) -> None:
    add(world, days=0)
    later(world, days=1)
    run(world, "tasks_escalate")
    assert has(world, "adele") == [False] and told(world) == []
    later(world, days=1)
    run(world, "tasks_escalate")
    to_do = alert_words(world.client("adele").get("/")).split("Your team")[0]
    assert WORDS in to_do and "Assigned to intake" in to_do
    assert told(world) == ["adele"]
    assert "also shown to: supervisor" in alert_words(world.client("alma").get("/"))
