"""An update from a version before tasks had a room of their own: open ones, done ones and legal requests come along."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.core.management import call_command

from accord.config import install
from accord.legal_requests import codes as legal
from accord.releases.codes import TASK_WORDS, Task
from tests import region
from tests.region import World
from tests.steps.hub import form
from tests.steps.pages import alert_words
from tests.steps.records import open_record


def test_an_update_moves_tasks_with_their_history(fresh_world: World) -> None:
    world = fresh_world
    known, done = open_record(world), uuid.uuid4()
    world.client("hal").post("/hub/letters/new/", form(world, "harbor"))
    with install.owner_alias(NAME=world.name):
        for app, before in (("people", "0003"), ("work", "zero")):
            call_command("migrate", app, before, database="owner", verbosity=0)
    alma = world.memberships["alma"]
    row = [world.agencies["harbor"], known.person, alma, world.today() - timedelta(days=1)]
    with world.owner() as owner:
        add = "insert into people_task (owner, id, person, code, assignee, due_on, done_at, done_by) values "
        owner.execute(add + "(%s, gen_random_uuid(), %s, 'tell_her', %s, %s, null, null)", row)
        owner.execute(
            add + "(%s, %s, %s, 'get_it_in_writing', %s, %s, accord.now(), %s)", [row[0], done, *row[1:], alma]
        )
    with region.time_goes_on(world):
        install.migrate(NAME=world.name)
    world.sessions.clear()
    client = world.client("alma")
    assert legal.TASK_WORDS[legal.Task.TELL_PERSON] in alert_words(client.get("/"))
    assert f"/tasks/{done}/undo/" in alert_words(client.get("/tasks/done/"))
    assert client.post(f"/tasks/{done}/undo/").status_code == 302
    assert TASK_WORDS[Task.GET_IT_IN_WRITING] in alert_words(client.get("/"))
    to_do = alert_words(world.client("adele").get("/"))
    assert "Open a legal request from the hub and decide who handles it." in to_do and "in 3 days" in to_do
