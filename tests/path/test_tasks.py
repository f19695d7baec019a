"""A task marked as done can be undone; a legal deadline ends only with its matter."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from accord.casework import services as casework
from accord.casework.codes import Application
from accord.core import clock
from accord.legal_requests import disclosures
from accord.legal_requests.entries import Disclosure
from accord.people import tasks
from accord.sharing.queries import PersonRef
from accord.work import services as work
from tests.region import World
from tests.steps.records import open_record


def task(world: World, known: PersonRef, code: str = "tell_person") -> tasks.Todo:
    """Add a task for Alma."""
    with world.as_("alma") as alma:
        work.add_task(actor=alma, about=known.person, code=code, days=2)
        return next(row for row in tasks.my_tasks(actor=alma) if row.person == known.person)


def codes(world: World, known: PersonRef) -> list[str]:
    with world.as_("alma") as alma:
        return [row.code for row in tasks.my_tasks(actor=alma) if row.person == known.person]


def test_done_says_what_was_done_and_undo_reverts_it(world: World) -> None:
    known, alma = open_record(world), world.client("alma")
    row = task(world, known)
    done = alma.post(f"/tasks/{row.id}/done/")
    assert done.status_code == 302 and codes(world, known) == []
    page = alma.get(done.headers["Location"]).content.decode()
    message = page.split('class="usa-alert ')[1].split("</form>")[0]
    assert "Samira Quill" in message and "data-takes-focus" in message and "autofocus" in message
    assert f'action="/tasks/{row.id}/undo/"' in message
    back = alma.post(f"/tasks/{row.id}/undo/")
    assert back.status_code == 302 and codes(world, known) == ["tell_person"]
    assert "Back on your list" in alma.get(back.headers["Location"]).content.decode()
    assert alma.post(f"/tasks/{row.id}/undo/").status_code == 404


def test_what_was_done_lately_is_listed_for_a_month(fresh_world: World) -> None:
    world = fresh_world
    known, alma = open_record(world), world.client("alma")
    row = task(world, known)
    alma.post(f"/tasks/{row.id}/done/")
    assert f"/tasks/{row.id}/undo/" in alma.get("/tasks/done/").content.decode()
    assert "Recently completed" in alma.get("/").content.decode()
    for user in ("aisha", "adele", "elena"):
        assert str(row.id) not in world.client(user).get("/tasks/done/").content.decode()
        assert world.client(user).post(f"/tasks/{row.id}/undo/").status_code == 404
    assert alma.get("/?done=moon").status_code == 200
    world.move(days=31)
    world.sessions.clear()
    alma = world.client("alma")
    assert str(row.id) not in alma.get("/tasks/done/").content.decode()
    assert alma.post(f"/tasks/{row.id}/undo/").status_code == 404


def test_the_log_keeps_both(world: World) -> None:
    row = task(world, open_record(world))
    alma = world.client("alma")
    alma.post(f"/tasks/{row.id}/done/")
    alma.post(f"/tasks/{row.id}/undo/")
    page = world.client("adele").get("/agency/log/").content.decode()
    assert page.index("marked a task as not done") < page.index("marked a task as done")


def test_the_database_lets_no_one_else_undo_it(world: World) -> None:
    row = task(world, open_record(world))
    world.client("alma").post(f"/tasks/{row.id}/done/")
    undo = "update work_task set done_at = null, done_by = null where id = %s"
    for user, changed in (("aisha", 0), ("elena", 0), ("alma", 1)):
        with world.web() as web:
            web.execute("select set_config('accord.ticket', %s, false)", [world.session(user).ticket])
            assert web.execute(undo, [row.id]).rowcount == changed, user
    forged = "update work_task set done_at = now(), done_by = %s where id = %s"
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("aisha").ticket])
        assert web.execute(forged, [world.memberships["alma"], row.id]).rowcount == 0
    with world.web() as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("alma").ticket])
        web.execute(forged, [world.memberships["aisha"], row.id])


def legal_request(world: World, known: PersonRef, due_in: int | None = 5) -> str:
    """Record a subpoena. Returns the address of its page."""
    with world.as_("alma") as alma:
        today = clock.today(alma.zone)
        due_on = (today + timedelta(days=due_in)).isoformat() if due_in is not None else ""
        came = Disclosure(
            process="attorney_subpoena", sender="Volkov", received_on=today.isoformat(), due_on=due_on, says="All"
        )
        series = disclosures.log_request(actor=alma, ref=known.ref, disclosure=came)
    return f"/people/{known.ref}/letters/{series}/"


def step(world: World, url: str, what: str) -> int:
    with world.as_("alma") as alma:
        today = clock.today(alma.zone)
    sent = {"step": what, "on_0": str(today.day), "on_1": str(today.month), "on_2": str(today.year)}
    return world.client("alma").post(f"{url}step/", sent).status_code


def test_a_legal_deadline_ends_only_with_its_request(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    alma = world.client("alma")
    first, second = legal_request(world, known), legal_request(world, known)
    with world.as_("alma") as actor:
        rows = tasks.my_tasks(actor=actor)
    today = alma.get("/").content.decode()
    assert {url_of(row) for row in rows} == {first, second}
    for row in rows:
        url = url_of(row)
        assert f"/tasks/{row.id}/done/" not in today and f'href="{url}"' in today
        assert alma.post(f"/tasks/{row.id}/done/").status_code == 409
    assert codes(world, known) == ["answer_legal_request", "answer_legal_request"]
    page = alma.get(f"/people/{known.ref}/").content.decode()
    assert page.count("response due") == 2
    assert step(world, first, "objected") == 302
    assert codes(world, known) == ["answer_legal_request", "answer_legal_request"]
    assert step(world, first, "nothing") == 302
    with world.as_("alma") as actor:
        [left] = tasks.my_tasks(actor=actor)
    assert str(left.matter) in second
    assert alma.get("/tasks/done/").content.decode().count("/undo/") == 0


def url_of(row: tasks.Todo) -> str:
    return f"/people/{row.person}/letters/{row.matter}/"


def test_a_legal_request_without_a_due_date_says_so(world: World) -> None:
    known = open_record(world)
    legal_request(world, known, due_in=None)
    assert "no due date given" in world.client("alma").get(f"/people/{known.ref}/").content.decode()


def test_an_immigration_deadline_ends_with_its_date(fresh_world: World) -> None:
    """Two dates on one day are two deadlines: dealing with one leaves the other."""
    world = fresh_world
    known, alma = open_record(world), world.client("alma")
    with world.as_("alma") as actor:
        day = (clock.today(actor.zone) + timedelta(days=9)).isoformat()
        dated = Application("t", "preparing", "", day, "file")
        one, _two = (casework.add_application(actor=actor, ref=known.ref, application=dated) for _ in range(2))
        rows = tasks.my_tasks(actor=actor)
    assert [row.code for row in rows] == ["her_date", "her_date"]
    assert alma.post(f"/tasks/{rows[0].id}/done/").status_code == 409
    with world.as_("alma") as actor:
        filed = Application("t", "filed", "", "", "")
        casework.change_application(actor=actor, ref=known.ref, series=one, revision=1, application=filed)
    assert codes(world, known) == ["her_date"]
