"""Lists disclose like pages: the people they show are in the owner's log, and their names count toward the pace."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import override_settings

from accord.casework import services as casework
from accord.casework.codes import Service
from accord.core import clock
from accord.core.errors import TooFast
from accord.numbers import queries, services
from accord.sharing import services as records
from accord.work import services as work
from tests.region import World
from tests.steps.api import staff
from tests.steps.pages import alert_words
from tests.steps.records import handle, log_of, open_record, release_to


def shared_twice(world: World) -> list:
    """Return two people of Harbor House, shared with Legal Aid on different terms and assigned to Elena."""
    known = [open_record(world), open_record(world, "Noor Vale")]
    for one, kinds in zip(known, (("identity.name", "contact.safe"), ("identity.name",)), strict=True):
        release_to(world, one, kinds=kinds)
        handle(world, "elena")
    return known


@pytest.mark.line(101, 105)
@pytest.mark.parametrize("door", ["/people/", "/", "api"])
def test_people_on_a_partners_list_are_in_the_owners_log_and_history(fresh_world: World, door: str) -> None:
    world = fresh_world
    known = shared_twice(world)
    assert not log_of(world, "adele", "read-by-partner")
    if door == "api":
        assert {row["name"] for row in staff(world, "elena").get("/people").json()["people"]} == {
            "Samira Quill",
            "Noor Vale",
        }
    else:
        assert "Samira Quill" in alert_words(world.client("elena").get(door))
    (line,) = log_of(world, "adele", "read-by-partner")
    assert (line.by, line.partner) == ("Elena", "Riverbend Legal Aid")
    world.client("adele").post(
        f"/people/{known[1].ref}/team/", {"membership": str(world.memberships["adele"]), "reason": "They asked"}
    )
    accounting = alert_words(world.client("adele").get(f"/people/{known[1].ref}/history/"))
    shown = accounting[accounting.index("viewed it") :]
    assert "viewed it (Elena)" in accounting
    assert "safe contact" not in shown.split("release")[0].lower()  # that was opened for the other person only


@pytest.mark.line(101)
def test_names_in_a_task_list_are_in_the_log(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    with world.as_("alma") as alma:
        work.add_task(actor=alma, about=known.person, code="tell_person", days=3)
    assert "Samira Quill" in alert_words(world.client("alma").get("/"))
    assert log_of(world, "adele", "listed-my-tasks")


@pytest.mark.line(101, 105)
@pytest.mark.parametrize("form", ["notes/new", "entries/new", "items/new", "type"])
def test_a_form_that_did_not_go_through_shows_the_person_and_is_logged_too(fresh_world: World, form: str) -> None:
    world, known = fresh_world, open_record(fresh_world)
    release_to(world, known, kinds=("identity.name", "services", "needs", "notes.case", "exploitation"))
    before = len(log_of(world, "adele", "read"))
    page = world.client("alma").post(f"/people/{known.ref}/{form}/", {"nothing": "1"})
    assert page.status_code == 422 and "Samira Quill" in alert_words(page)
    assert len(log_of(world, "adele", "read")) == before + 1
    refused = world.client("elena").post(f"/people/{handle(world, 'elena')}/{form}/", {"nothing": "1"})
    assert refused.status_code == 403 and "Samira Quill" not in alert_words(refused)


@pytest.mark.line(80)
def test_forms_that_did_not_go_through_count_toward_the_pace(fresh_world: World) -> None:
    world = fresh_world
    refs = [open_record(world, name).ref for name in ("Ada Quill", "Ben Okafor", "Cyd Marlowe")]
    with override_settings(ACCORD_PEOPLE_PER_HOUR=2):
        sent = [world.client("alma").post(f"/people/{ref}/notes/new/", {"nothing": "1"}).status_code for ref in refs]
    assert sent == [422, 422, 429]


@pytest.mark.line(80)
def test_names_found_by_searching_count_toward_the_pace(fresh_world: World) -> None:
    world = fresh_world
    names = ["Ada Quill", "Ben Okafor", "Cyd Marlowe", "Dov Winter"]
    for name in names:
        open_record(world, name)
    intake = world.client("aisha")
    with override_settings(ACCORD_NAMES_PER_HOUR=3):
        assert [intake.post("/people/find/", {"name": name}).status_code for name in names] == [200, 200, 200, 429]
        assert intake.post("/people/find/", {"name": names[0]}).status_code == 200  # seen already
        assert b"unusually large number of records" in world.client("adele").get("/notices/").content
        world.move(hours=1, minutes=1)
        world.sessions.clear()
        assert world.client("aisha").post("/people/find/", {"name": names[3]}).status_code == 200


@pytest.mark.line(80)
@pytest.mark.parametrize(("user", "limit"), [("aisha", "ACCORD_NAMES_PER_HOUR"), ("alma", "ACCORD_PEOPLE_PER_HOUR")])
def test_parallel_requests_do_not_slip_past_the_pace(fresh_world: World, user: str, limit: str) -> None:
    world, names = fresh_world, ["Ada Quill", "Ben Okafor", "Cyd Marlowe", "Dov Winter", "Eli Zorn", "Fay Noor"]
    refs = dict(zip(names, [open_record(world, name).ref for name in names], strict=True))
    world.session(user)
    start = threading.Barrier(len(names))

    def ask(name: str) -> int:
        browser = world.client(user)
        start.wait()
        try:
            found = user == "aisha"
            page = browser.post("/people/find/", {"name": name}) if found else browser.get(f"/people/{refs[name]}/")
            return page.status_code
        finally:
            connections.close_all()

    with override_settings(**{limit: 2}), ThreadPoolExecutor(len(names)) as at_once:
        assert sorted(at_once.map(ask, names)) == [200, 200, 429, 429, 429, 429]


@pytest.mark.line(80)
def test_lists_of_the_agency_count_too(fresh_world: World) -> None:
    world = fresh_world
    for name in ("Ada Quill", "Ben Okafor", "Cyd Marlowe"):
        open_record(world, name)
    with override_settings(ACCORD_LISTED_PER_HOUR=2):
        assert world.client("adele").get("/people/all/").status_code == 429


@pytest.mark.line(79)
def test_a_barred_colleague_reads_no_name_behind_a_figure(fresh_world: World) -> None:
    world, known, other = fresh_world, open_record(fresh_world), open_record(fresh_world, "Noor Vale")
    with world.as_("alma") as alma:
        today = clock.today(alma.zone)
        for one in (known, other):
            casework.add_service(actor=alma, ref=one.ref, service=Service("housing", today.isoformat()))
    with world.as_("adele") as adele:
        for one in (known, other):
            records.assign(actor=adele, ref=one.ref, membership=world.memberships["aisha"])
        records.bar(actor=adele, ref=known.ref, membership=world.memberships["aisha"])
    period = queries.current_periods(today=today)[0]
    with world.as_("aisha") as aisha:
        services.count(actor=aisha, period=period)
        found = queries.behind(actor=aisha, period=period, keys=("*", "*", "*"))
    assert [name for _ref, name in found.people] == ["Noor Vale"] and found.others == 1
    with override_settings(ACCORD_LISTED_PER_HOUR=0), world.as_("aisha") as aisha, pytest.raises(TooFast):
        queries.behind(actor=aisha, period=period, keys=("*", "*", "*"))
