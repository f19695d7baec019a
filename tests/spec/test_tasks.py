"""The clock of a task, and who reads it: as the tables of the manual say, in Python and in the database."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import psycopg
import pytest

from accord.core import rooms
from accord.people import tasks
from accord.work import rules
from tests.region import World, local
from tests.steps.membership import later
from tests.steps.records import open_record
from tests.steps.tasks import add, escalated
from tests.steps.worker import run

from .tables import Row, cases, rows


@cases("tasks.md", "The state on a day")
def test_a_state_follows_from_dates(row: Row) -> None:
    today = date(2026, 3, 8)
    state = rules.state(
        due_on=today + timedelta(days=int(row["due"])),
        today=today,
        warns=int(row["warns"]),
        escalates=int(row["escalates"]) if row["escalates"] else None,
        done=row["done"] == "yes",
    )
    assert state == row["state"]


@pytest.fixture(scope="module")
def person(world: World) -> uuid.UUID:
    return open_record(world).person


@cases("tasks.md", "The day is the agency's own")
def test_the_worker_and_the_page_count_the_days_of_the_agency(world: World, person: uuid.UUID, row: Row) -> None:
    with world.owner() as owner:
        owner.execute("update agencies_agency set zone = %s", [row["zone"]])
    later(world)
    world.move_to(local(row["moment"], row["zone"]))
    later(world)
    task = add(world, row["code"], due_on=date.fromisoformat(row["due"]), about=person)
    with world.as_("alma") as alma:
        (shown,) = (todo for todo in tasks.my_tasks(actor=alma) if todo.id == task)
    run(world, "tasks_escalate")
    assert (shown.state, escalated(world, task)) == (row["state"], row["state"] == "escalated")


def test_the_rooms_declare_what_the_table_says() -> None:
    declared = {}
    for code, task in rooms.tasks().items():
        to = task.escalates
        told = f"{'asker: ' if to.asker else ''}{', '.join(to.roles)}" if to else ""
        declared[code] = (task.role or "one", str(task.warns), str(to.days) if to else "", told)
    table = rows("tasks.md", "Which tasks warn and escalate")
    assert declared == {row["case"]: (row["for"], row["warns"], row["escalates"], row["to"]) for row in table}


@cases("tasks.md", "Who reads a task, and who marks it as done")
def test_the_floor_shows_a_task_to_those_of_the_table(world: World, row: Row) -> None:
    of = {"assignee": "alma"} if row["for"] == "alma" else {"role": row["for"]}
    task = add(world, "tell_person", due_on=world.today(), about=uuid.uuid4(), **of)
    with world.owner() as owner:
        owner.execute(
            "update membership_membership set roles = %s where id = %s",
            [row.list("roles"), world.memberships[row["reader"]]],
        )
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session(row["reader"]).ticket])
        read = web.execute("select count(*) from work_task where id = %s", [task]).fetchone() == (1,)
        finish = "update work_task set done_at = accord.now(), done_by = accord.actor_membership() where id = %s"
        finished = web.execute(finish, [task]).rowcount == 1
    assert (read, finished) == (row["reads"] == "yes", row["finishes"] == "yes")


@pytest.mark.parametrize(
    ("column", "value"),
    [("role", "'officer'"), ("assignee", "null"), ("asked_by", "owner"), ("escalated_at", "accord.now()")],
)
def test_a_statement_adds_no_task_past_the_floor(world: World, column: str, value: str) -> None:
    """For one or for a role, and never with what only named functions write."""
    added = {
        "owner": "accord.actor_agency()",
        "id": "gen_random_uuid()",
        "code": "'tell_person'",
        "due_on": "'2030-01-01'",
    }
    added |= {"about": "gen_random_uuid()", "assignee": "accord.actor_membership()", column: value}
    if value == "owner":
        added[column] = "accord.actor_agency()"
    with world.web() as web, pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege)):
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("alma").ticket])
        web.execute(f"insert into work_task ({', '.join(added)}) values ({', '.join(added.values())})")
