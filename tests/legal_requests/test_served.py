"""A legal request reaches the hub (acceptance line 62): forwarded sealed, read by the officers of the agencies it
names and by no one else."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from accord.core.errors import Conflict, Hidden, Refused
from accord.demo.riverbend import ZONE
from accord.legal_requests import served
from accord.legal_requests.workflows import FORWARDED
from accord.ui.words import day
from accord.vault import sealing
from tests.region import World
from tests.steps.addresses import ask
from tests.steps.hub import DUE, REFERENCE, SAYS, SENDER, form
from tests.steps.membership import arrive, invite, join_page
from tests.steps.pages import alert_words
from tests.steps.tasks import told
from tests.steps.worker import later, run

SECRET = ("Samira", "Quill", "Volkov", REFERENCE, DUE)


def forward_by_statement(
    web: psycopg.Connection,
    hub: uuid.UUID,
    paper: uuid.UUID,
    agency: uuid.UUID,
    process: str,
    sealed: bytes,
    version: int = 1,
) -> bool:
    """Forward a request by SQL, with the lines in both logs that belong to it. Returns whether the database took it."""
    me = web.execute("select accord.actor_agency()").fetchone()[0]
    lines = [(me, "paper-forwarded"), (agency, "paper-reached-agency")]
    events = [{"chain": str(chain), "action": line, "outcome": "done", "about": []} for chain, line in lines]
    call = (
        "select accord.exchange_take('legal-request', %s, %s, %s::uuid[], 'forward', 0, %s, '2026-11-01', %s::integer[], "
        "%s::bytea[], '{0}', '{\"\"}', %s)"
    )
    return web.execute(call, [hub, paper, [agency], process, [version], [sealed], json.dumps(events)]).fetchone()[0]


def address_of(world: World) -> str:
    """Return the address of the newest legal request at Harbor House."""
    with world.as_("adele") as adele:
        return f"/agency/letters/{served.received(actor=adele)[0].id}/"


@pytest.fixture(scope="module")
def passed_on(world: World) -> str:
    """Return the page of a legal request to Harbor House and Legal Aid, forwarded by the operator."""
    done = world.client("hal").post("/hub/letters/new/", form(world, "harbor", "legal"))
    assert done.status_code == 302, done.content.decode()
    return address_of(world)


@pytest.mark.line(62)
def test_the_officers_are_notified_and_read_it(world: World, passed_on: str) -> None:
    for user in ("adele", "aisha", "emil"):
        assert "A legal request is waiting" in alert_words(world.client(user).get("/")), user
    page = world.client("adele").get(passed_on)
    words = alert_words(page)
    assert page.status_code == 200 and all(text in words for text in (SAYS, SENDER, REFERENCE, DUE))
    assert "require you to hand anything over" in words and "No one is handling this yet" in words
    assert "signed by an attorney" in alert_words(world.client("adele").get("/agency/letters/"))


@pytest.mark.line(62)
def test_the_notice_names_no_one_and_only_officers_get_one(world: World, passed_on: str) -> None:
    notices = alert_words(world.client("adele").get("/notices/"))
    assert "A legal request is waiting" in notices and not any(text in notices for text in SECRET)
    for user in ("alma", "ben", "hal", "ines"):
        assert "A legal request is waiting" not in alert_words(world.client(user).get("/notices/")), user


@pytest.mark.line(62)
def test_no_one_else_opens_it(world: World, passed_on: str) -> None:
    """For an officer of another agency, the operator and a detective, it does not exist. For an advocate, the role
    does not include it."""
    for user in ("finn", "ben", "hal", "grace", "kim"):
        for method in ("get", "post"):
            assert getattr(world.client(user), method)(passed_on).status_code == 404, (user, method)
    nowhere = f"/agency/letters/{uuid.uuid4()}/"
    assert [world.client("alma").get(path).status_code for path in (passed_on, nowhere)] == [403, 403]
    for user in ("finn", "ben", "hal"):
        ids = passed_on.split("/")[3], nowhere.split("/")[3]
        assert ask(world, user, "get", passed_on, *ids) == ask(world, user, "get", nowhere, *ids), user
    with world.as_("finn") as finn, pytest.raises(Hidden):
        served.read(actor=finn, legal_request=uuid.UUID(passed_on.split("/")[3]))
    assert world.client().get(passed_on).status_code == 302
    with world.as_("alma") as alma, pytest.raises(Refused):
        served.received(actor=alma)


@pytest.mark.line(62)
def test_the_operator_reads_nothing_back(world: World, passed_on: str) -> None:
    hal = world.client("hal")
    page = hal.get("/hub/letters/")
    assert "Harbor House" in alert_words(page) and "Riverbend Legal Aid" in alert_words(page)
    for address in ("/", "/hub/", "/hub/letters/", "/hub/letters/new/", "/hub/log/", "/agency/letters/", "/notices/"):
        words = alert_words(hal.get(address))
        assert not any(text in words for text in SECRET), address
    with world.as_("hal") as actor:
        told = repr(served.forwarded(actor=actor))
    assert "attorney_subpoena" in told and not any(text in told for text in SECRET)
    for address in (f"/api/v1{passed_on}", "/api/v1/agency/letters/", "/api/v1/hub/letters/"):
        assert hal.get(address).status_code == 404


@pytest.mark.line(62)
def test_not_even_the_sealed_bytes_come_back_to_the_hub(world: World, passed_on: str) -> None:
    """A statement slipped into the operator's live session."""
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("hal").ticket])
        assert web.execute("select count(*) from exchange_step").fetchone() == (0,)
        assert web.execute("select count(*) from accord.exchange_states('legal-request')").fetchone()[0] >= 2
        columns = web.execute("select * from accord.exchange_states('legal-request') limit 1").description
    assert [column.name for column in columns] == ["exchange", "answerer", "topic", "day", "begun_at", "state"]
    with world.owner() as owner:
        dump = repr(owner.execute("select t::text from exchange_step t").fetchall())
    assert not any(text in dump or text.encode().hex() in dump for text in SECRET)


@pytest.mark.line(62)
def test_only_the_operator_passes_on_and_asks_what_became_of_it(world: World, passed_on: str) -> None:
    for user in ("adele", "ben", "grace"):
        assert world.client(user).get("/hub/letters/").status_code == 403
        assert world.client(user).post("/hub/letters/new/", form(world, "harbor")).status_code == 403
        with world.web() as web:
            web.execute("select set_config('accord.ticket', %s, false)", [world.session(user).ticket])
            assert web.execute("select count(*) from accord.exchange_states('legal-request')").fetchone() == (0,)
            legal = world.agencies["legal"]
            assert not forward_by_statement(web, world.agencies["hub"], uuid.uuid4(), legal, "warrant", b"x")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute("select accord.task_ask('handle-legal-request', %s, gen_random_uuid())", [[legal]])


@pytest.mark.line(62)
def test_commands_show_and_export_none_of_it(world: World, passed_on: str, tmp_path, capsys) -> None:
    """What the operator's commands print or write from the database contains nothing of it."""
    from accord.config import backup, verify

    files = tmp_path / "data", tmp_path / "keys"
    backup.back_up(*files, world.name)
    with world.owner() as owner:
        said = repr(verify.floor_differences(owner)) + capsys.readouterr().out
    for text in SECRET:
        assert text not in said
        assert all(text.encode() not in file.read_bytes() for file in files)


def test_opened_and_taken_on_is_all_that_the_hub_learns(fresh_world: World) -> None:
    world = fresh_world
    hal, adele = world.client("hal"), world.client("adele")
    assert "No legal requests yet" in alert_words(hal.get("/hub/letters/"))
    assert "No legal requests for us have reached the hub" in alert_words(adele.get("/agency/letters/"))
    assert hal.post("/hub/letters/new/", form(world, "harbor", process="judge_order")).status_code == 302
    path = address_of(world)
    assert "Not opened yet" in alert_words(hal.get("/hub/letters/"))
    words = alert_words(adele.get(path))
    assert "can require a response" in words and "require you to hand anything over" not in words
    assert "Opened" in alert_words(hal.get("/hub/letters/"))
    assert adele.post(path).status_code == 302
    assert "Adele is handling this" in alert_words(world.client("aisha").get(path))
    assert "Being handled" in alert_words(hal.get("/hub/letters/")) and "Adele" not in alert_words(
        hal.get("/hub/letters/")
    )
    assert world.client("aisha").post(path).status_code == 409
    log = alert_words(adele.get("/agency/log/"))
    assert (
        "Adele opened a legal request that reached the hub." in log
        and "Adele took responsibility for a legal request" in log
    )
    assert "Hal forwarded Harbor House a legal request that reached the hub." in alert_words(hal.get("/hub/log/"))
    assert not any(text in log + alert_words(hal.get("/hub/log/")) for text in SECRET)


TO_DO = "Open a legal request from the hub and decide who handles it."


def test_it_is_a_task_for_every_officer_until_one_takes_it_on(fresh_world: World) -> None:
    world = fresh_world
    assert world.client("hal").post("/hub/letters/new/", form(world, "harbor")).status_code == 302
    path = address_of(world)
    for user, has in (("adele", True), ("aisha", True), ("alma", False), ("emil", False), ("hal", False)):
        today = alert_words(world.client(user).get("/"))
        assert (TO_DO in today and path in today) is has, user
    with world.owner() as owner:
        task, due_on = owner.execute("select id, due_on from work_task where code = 'handle-legal-request'").fetchone()
    assert due_on == world.today() + timedelta(days=3)
    assert world.client("aisha").post(f"/tasks/{task}/done/").status_code == 409  # it closes with its matter
    assert world.client("alma").post(f"/tasks/{task}/done/").status_code == 404
    world.client("adele").get(path)
    assert TO_DO in alert_words(world.client("adele").get("/"))  # opened, but no one handles it
    assert world.client("aisha").post(path).status_code == 302
    for user in ("adele", "aisha"):
        assert TO_DO not in alert_words(world.client(user).get("/")), user


def test_the_operator_is_told_once_when_no_one_takes_it_on(fresh_world: World) -> None:
    world = fresh_world
    world.client("hal").post("/hub/letters/new/", form(world, "harbor", "legal"))
    with world.as_("emil") as emil:
        served.take_on(actor=emil, legal_request=served.received(actor=emil)[0].id)
    later(world, days=3)
    run(world, "tasks_escalate")
    assert told(world, "legal-request-not-handled") == []
    assert "Due today" in alert_words(world.client("adele").get("/"))
    later(world, days=1)
    for _ in range(2):
        run(world, "tasks_escalate")
    assert told(world, "legal-request-not-handled") == ["hal"] and told(world) == []
    notices = alert_words(world.client("hal").get("/notices/"))
    assert "No one is handling a legal request that you forwarded." in notices and "/hub/letters/" in notices
    assert "Harbor" not in notices and not any(text in notices for text in SECRET)
    with world.as_("adele") as adele:
        served.take_on(actor=adele, legal_request=served.received(actor=adele)[0].id)
    assert TO_DO not in alert_words(world.client("aisha").get("/"))


def test_no_one_else_gives_the_officers_a_task_or_takes_it_away(fresh_world: World) -> None:
    """A statement slipped into a live session asks for no task, and closes none of another agency."""
    world, harbor = fresh_world, fresh_world.agencies["harbor"]
    world.client("hal").post("/hub/letters/new/", form(world, "harbor"))
    paper = address_of(world).split("/")[3]
    for user in ("ben", "hal"):
        with world.web() as web:
            web.execute("select set_config('accord.ticket', %s, false)", [world.session(user).ticket])
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute("select accord.task_ask('handle-legal-request', %s::uuid[], %s)", [[harbor], uuid.uuid4()])
            web.execute("select accord.task_close('handle-legal-request', null, %s, null)", [paper])
    with world.owner() as owner:
        counts = owner.execute("select count(*), count(done_at) from work_task where matter = %s", [paper])
        assert counts.fetchone() == (1, 0)


def test_an_officer_whose_yearly_promise_lapsed_renews_it_first(fresh_world: World) -> None:
    world = fresh_world
    world.client("hal").post("/hub/letters/new/", form(world, "harbor"))
    path = address_of(world)
    with world.owner() as owner:
        owner.execute("update membership_membership set trained_until = '2020-01-01' where name = 'Adele'")
    assert world.client("adele").get(path).headers["Location"] == "/renew/"


def test_a_new_officer_opens_an_old_legal_request(fresh_world: World) -> None:
    world = fresh_world
    world.client("hal").post("/hub/letters/new/", form(world, "harbor"))
    path, nour = address_of(world), world.client()
    join_page(nour, invite(world, "adele", roles=("officer",)), "nour")
    arrive(nour)
    world.client("adele").post("/agency/keys/")
    assert SAYS in alert_words(nour.get(path))


def test_a_changed_row_does_not_open(fresh_world: World) -> None:
    """Its kind and its day are bound into the seal: a subpoena can't be turned into an order later."""
    world = fresh_world
    world.client("hal").post("/hub/letters/new/", form(world, "harbor"))
    with world.owner() as owner:
        owner.execute("update exchange_step set topic = 'judge_order'")
    page = world.client("adele").get(address_of(world))
    assert page.status_code == 403 and "was changed in transit" in alert_words(page) and SAYS not in alert_words(page)


NOT_OURS = ['{"says": 7}', '{"due_on": "soon"}', '{"to": "x"}', "[]", "{", '"text"']


def test_the_officers_pages_open_no_matter_what_came(fresh_world: World) -> None:
    """A statement slipped into the operator's session forwards what no page could make."""
    world, harbor = fresh_world, fresh_world.agencies["harbor"]
    adele, hal = world.client("adele"), world.client("hal")
    with world.owner() as owner:
        newest = (
            "select version, public from vault_ringkey where owner = %s and code = %s order by version desc limit 1"
        )
        version, public = owner.execute(newest, [harbor, FORWARDED.ring_key]).fetchone()
    for text in ("", *NOT_OURS):
        request = uuid.uuid4()
        bound = sealing.bind("served paper", harbor.hex, request.hex, "moon", "2026-11-01", version)
        sealed = sealing.seal_to(bytes(public), text.encode(), bound) if text else b"junk"
        with world.web() as web:
            web.execute("select set_config('accord.ticket', %s, false)", [world.session("hal").ticket])
            assert forward_by_statement(web, world.agencies["hub"], request, harbor, "moon", sealed, version)
        page = adele.get(f"/agency/letters/{request}/")
        assert page.status_code == 403 and "was changed in transit" in alert_words(page), text
    for listed in (adele.get("/agency/letters/"), hal.get("/hub/letters/")):
        assert listed.status_code == 200 and "Can&#x27;t be read" in alert_words(listed)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"process": ""}, "process"),
        ({"came_on_2": "2030", "due_on_2": "2031"}, "came_on"),
        ({"due_on_2": "2020"}, "due_on"),
        ({"agencies": []}, "agencies"),
        ({"request_says": " "}, "request_says"),
    ],
)
def test_a_wrong_form_comes_back_whole(world: World, change: dict[str, Any], field: str) -> None:
    page = world.client("hal").post("/hub/letters/new/", form(world, "harbor", **change))
    assert page.status_code == 422 and list(page.context["form"].errors) == [field]


def test_nothing_is_forwarded_to_the_hub_itself(world: World) -> None:
    page = world.client("hal").post("/hub/letters/new/", form(world, "hub"))
    assert page.status_code == 422 and "agencies" in page.context["form"].errors


def test_taken_on_once(world: World, passed_on: str) -> None:
    with world.as_("emil") as emil:
        request = served.received(actor=emil)[0].id
        served.take_on(actor=emil, legal_request=request)
    with world.as_("elena") as elena, pytest.raises(Conflict):
        served.take_on(actor=elena, legal_request=request)


def test_a_legal_request_is_deleted_a_year_after_it_was_taken_on(fresh_world: World) -> None:
    """By the worker, and no one can read it even before that. A request that no one took on stays, no matter how old."""
    world = fresh_world
    adele = world.client("adele")
    world.client("hal").post("/hub/letters/new/", form(world, "harbor", "legal"))
    path = address_of(world)
    assert "One year after someone starts handling this" in alert_words(adele.get(path))
    adele.post(path)
    with world.owner() as owner:
        taken = owner.execute("select at from exchange_step where action = 'take_on'").fetchone()[0]
    last, said = (taken + served.KEPT).astimezone(ZoneInfo(ZONE)).date(), alert_words(adele.get(path))
    assert day(last) in said and "One year after someone" not in said
    for days, status in ((served.KEPT.days - 1, 200), (served.KEPT.days + 1, 404)):
        with world.owner() as owner:
            owner.execute("update exchange_step set at = at - interval '900 days' where action <> 'take_on'")
            back = "accord.now() - make_interval(days => %s)"
            owner.execute(f"update exchange_step set at = {back} where action = 'take_on'", [days])
            owner.execute(f"update work_task set done_at = {back} where done_at is not null", [days])
        assert adele.get(path).status_code == status, days
        run(world, "exchanges_sweep", "tasks_sweep")
        with world.owner() as owner:
            kept = owner.execute("select count(*) from exchange_step where action = 'take_on'").fetchone()[0]
            left = owner.execute("select count(*) from work_task where matter = %s", [path.split("/")[3]]).fetchone()
        assert kept == (1 if status == 200 else 0), days
        assert left == ((2,) if status == 200 else (1,)), days
    with world.as_("emil") as emil:
        assert len(served.received(actor=emil)) == 1  # Legal Aid has not taken it on
