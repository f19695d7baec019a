"""An overdue task is told to the roles that it names: once, to those who may know, and without saying what it is
about."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from accord.legal_requests.codes import TASK_WORDS, Task
from accord.people import caseload
from accord.releases import suspension
from accord.sharing import services as records
from tests.region import World
from tests.steps.pages import alert_words
from tests.steps.records import open_record
from tests.steps.releases import supervise
from tests.steps.tasks import add, escalated, told
from tests.steps.worker import do, killed_at, later, run


def overdue(
    world: World, days: int = 1, code: str = "answer_legal_request", name: str = "Samira Quill", assignee: str = "alma"
):
    """Add a task about someone that was due so many days ago. Returns the record and the task."""
    known = open_record(world, name)
    due_on = world.today() - timedelta(days=days)
    return known, add(world, code, due_on=due_on, about=known.person, assignee=assignee)


def test_killed_before_each_statement_it_is_told_once(fresh_world: World) -> None:
    world = fresh_world
    _known, task = overdue(world)
    statement = 0
    while killed_at(world, statement, lambda: do("tasks_escalate")):
        statement += 1
        assert told(world) == (["adele", "aisha"] if escalated(world, task) else []), "half of it was kept"
    assert statement >= 2 and told(world) == ["adele", "aisha"]
    for user in ("adele", "aisha"):
        world.client(user).post("/notices/")  # read: nothing but the mark keeps a second one away
    for _ in range(2):
        run(world, "tasks_escalate")
    assert told(world) == ["adele", "aisha"]


def test_the_notice_names_no_one_and_todays_list_says_the_rest(fresh_world: World) -> None:
    world = fresh_world
    known, _task = overdue(world, days=2)
    to_do = alert_words(world.client("adele").get("/")).split("Your team")[0]
    assert TASK_WORDS[Task.ANSWER] in to_do and "assigned to Alma" in to_do
    assert "Overdue" in to_do and f"/people/{known.ref}/team/" in to_do and "Samira" not in to_do
    assert "also shown to: supervisor, privacy officer" in alert_words(world.client("alma").get("/"))
    assert told(world) == []  # no worker has run
    run(world, "tasks_escalate")
    notices = alert_words(world.client("adele").get("/notices/"))
    assert "A task at your agency is overdue." in notices
    assert not any(text in notices for text in ("Samira", "Alma", "legal request", str(known.ref)))
    for other in ("alma", "elena", "bea", "hal"):
        assert "is overdue" not in alert_words(world.client(other).get("/notices/")), other


def test_no_second_notice_until_the_first_is_read(fresh_world: World) -> None:
    world = fresh_world
    overdue(world)
    run(world, "tasks_escalate")
    overdue(world, name="Noor Vale")
    run(world, "tasks_escalate")
    assert told(world) == ["adele", "aisha"]
    world.client("adele").post("/notices/")
    overdue(world, name="Maren Holt")
    run(world, "tasks_escalate")
    assert told(world) == ["adele", "adele", "aisha"]


def test_not_before_its_day_not_when_done_and_not_what_does_not_escalate(fresh_world: World) -> None:
    world = fresh_world
    _known, waiting = overdue(world, days=2, code="tell_person")
    _known, never = overdue(world, days=90, code="get_it_in_writing")
    _known, done = overdue(world, days=9)
    with world.owner() as owner:
        owner.execute("update work_task set done_at = accord.now() where id = %s", [done])
    run(world, "tasks_escalate")
    assert told(world) == []
    later(world, days=1)
    run(world, "tasks_escalate")
    assert [escalated(world, task) for task in (waiting, never, done)] == [True, False, False]
    assert told(world) == ["adele"]


@pytest.mark.line(79)
def test_who_is_barred_from_a_person_is_not_told_and_sees_nothing(fresh_world: World) -> None:
    """Nor someone who is barred from the other record of the same person."""
    world = fresh_world
    first, _task = overdue(world)
    second, _task = overdue(world, name="Samira Q")
    supervise(world, first, second)
    with world.as_("adele") as adele:
        suspension.join(actor=adele, ref=first.ref, other=second.ref)
    for user, known in (("aisha", second), ("adele", first)):
        with world.as_("adele") as adele:
            records.bar(actor=adele, ref=known.ref, membership=world.memberships[user])
    run(world, "tasks_escalate")
    assert told(world) == []
    with world.as_("adele") as adele:
        assert caseload.pending(actor=adele) == []


def test_a_colleague_is_not_told_of_their_own_task(fresh_world: World) -> None:
    world = fresh_world
    overdue(world, assignee="adele")
    run(world, "tasks_escalate")
    assert told(world) == ["aisha"]


def test_only_the_worker_escalates_and_sweeps(world: World) -> None:
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("adele").ticket])
        for statement in (
            "select accord.tasks_escalate()",
            "select accord.tasks_sweep()",
            "select accord.task_terms()",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(statement)
