"""Today by role: what needs an answer is a task, and an overview says only what the role may know."""

from __future__ import annotations

import json
import os
import re
import uuid
from datetime import date, timedelta

import pytest

from accord.access import today
from accord.agreements import queries as partners
from accord.agreements import services as signing
from accord.config import today as machine
from accord.core import clock
from accord.demo.riverbend import PERSONAS
from accord.legal_requests import served
from accord.membership import services as membership
from accord.people import caseload
from accord.sharing import keeping
from accord.sharing import services as records
from accord.sharing.codes import record_number
from accord.work import services as work
from tests.region import World
from tests.steps.membership import later
from tests.steps.pages import alert_words
from tests.steps.records import open_record, release_to

CAUGHT_UP = "You're all caught up."


def words(world: World, user: str) -> str:
    return alert_words(world.client(user).get("/")).replace("&#x27;", "'")


def draft(world: World, one: str = "harbor", other: str = "cps", days: int = 10) -> uuid.UUID:
    """Draft an agreement that no one has signed."""
    with world.as_("grace") as grace:
        begins = clock.now() + timedelta(days=days)
        line = (world.agencies[one], world.agencies[other], "needs")
        return signing.draft_agreement(actor=grace, title="Harbor House and CPS", starts_at=begins, permits=[line])


def test_a_supervisor_sees_the_team_in_counts_and_without_a_name(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    release_to(world, known, days=65)
    left = open_record(world, "Maren Holt", user="aisha")
    with world.as_("alma") as alma:
        work.add_task(actor=alma, about=known.person, code="answer_legal_request", days=3)
    later(world, days=62)
    with world.as_("adele") as adele:
        (assignment,) = records.assignments.assignments_of(actor=adele, ref=left.ref)
        records.end_assignment(actor=adele, ref=left.ref, assignment=assignment.id)
        records.grant(actor=adele, ref=known.ref, membership=world.memberships["aisha"], reason="Night shift")
    page = words(world, "adele")
    number = f"Record {record_number(known.person)} · assigned to Alma"
    for said in (
        *("Your team", "1 client", "1 overdue", number, f'href="/people/{known.ref}/team/"'),
        *(
            "1 legal request is open",
            "1 record is unassigned",
            "Confirm 1 safe contact again",
            "been updated for 60 days",
            "1 release ends within",
        ),
    ):
        assert said in page, said
    assert "Samira Quill" not in page and "Maren Holt" not in page  # Adele is assigned to neither of them
    assert "1 legal request is open" in words(world, "aisha") and "Your team" not in words(world, "aisha")
    for other in ("emil", "grace", "hal", "kim", "bea"):
        assert record_number(known.person) not in words(world, other)
        assert "legal request is open" not in words(world, other)


def test_a_barred_colleague_counts_nothing_of_the_person(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    with world.as_("alma") as alma:
        work.add_task(actor=alma, about=known.person, code="answer_legal_request", days=0)
    with world.as_("adele") as adele:
        assert (caseload.team(actor=adele)[0].people, caseload.legal_requests(actor=adele)[0]) == (1, 1)
        records.bar(actor=adele, ref=known.ref, membership=adele.membership)
    with world.as_("adele") as adele:
        found = (caseload.team(actor=adele), caseload.pending(actor=adele), caseload.legal_requests(actor=adele)[0])
    assert found == ([], [], 0)


def test_what_needs_an_answer_is_a_task_and_not_a_notice_alone(fresh_world: World) -> None:
    world = fresh_world
    assert CAUGHT_UP in words(world, "adele") and CAUGHT_UP in words(world, "deb")
    agreement = draft(world)
    with world.as_("hal") as hal:
        asked = {"process": "warrant", "came_on": clock.today(hal.zone), "agencies": [world.agencies["harbor"]]}
        request = served.forward(actor=hal, **asked, content=served.Content(says="Everything"))
    known = open_record(world)
    with world.as_("aisha") as aisha:
        keeping.ask_erasure(actor=aisha, ref=known.ref, reason="mistake", number=record_number(known.person))
    page = words(world, "adele")
    for said in (
        f'href="/agreements/{agreement}/sign/">Sign the agreement “Harbor House and CPS”',
        f'href="/agency/letters/{request}/">Open a legal request from the hub and decide who handles it.',
        'href="/people/removals/">Confirm or decline 1 erasure',
    ):
        assert said in page, said
    assert CAUGHT_UP not in page and CAUGHT_UP not in words(world, "deb")
    assert "Confirm or decline" not in words(world, "aisha")  # the person who requested it does not confirm it
    assert "Sign the agreement" not in words(world, "elena") and "Sign the agreement" not in words(world, "alma")
    with world.as_("adele") as adele:
        signing.sign_agreement(actor=adele, agreement=agreement)
    assert "Sign the agreement" not in words(world, "adele")
    assert "Waiting for Child Protection to sign" in words(world, "grace")


def test_a_yearly_review_is_due_and_late(fresh_world: World) -> None:
    world = fresh_world
    later(world, days=290)
    with world.as_("adele") as adele:
        card = next(one for one in partners.agreements(actor=adele) if one.party(world.agencies["legal"]))
    title = f"Confirm the yearly review of “{card.title}”"
    assert title in words(world, "adele") and "Overdue" not in words(world, "grace").split("Agencies")[0]
    later(world, days=30)
    assert f"{title}</a>" in words(world, "adele") and "Overdue" in words(world, "adele")
    with world.as_("adele") as adele:
        signing.review_agreement(actor=adele, agreement=card.id)
    assert title not in words(world, "adele")
    assert "Waiting for Riverbend Legal Aid to confirm" in words(world, "grace")


OVERVIEWS = {
    "grace": ("Agreements", "Every agency has a privacy officer.", "Published totals"),
    "hal": (
        "Server",
        "Accord 0.1.0",
        "PostgreSQL",
        "GB free",
        "Every legal request that you forwarded was opened.",
    ),
    "ines": ("Totals missing for", "Harbor House", "Survivors' Circle", "Overdue"),
    "ivan": ("Totals missing for", "Overdue"),
    "kim": ("Published totals", "Next: ", "Not published yet"),
}
NOT_THEIRS = {"grace": ("Totals missing", "Server"), "kim": ("Harbor House", "Agreements"), "hal": ("Totals",)}


@pytest.mark.parametrize("user", OVERVIEWS)
def test_a_day_without_people_shows_the_matters_of_the_role(fresh_world: World, user: str) -> None:
    world = fresh_world
    today = world.today()
    over = min(day for n in range(1, 4) if (day := date(today.year + n, 12, 15)) >= today + timedelta(days=365))
    later(world, days=(over - today).days)  # no agency has submitted its totals for the half-year that ended in June
    page = words(world, user)
    main = page[page.index("<main") :]
    assert [said for said in OVERVIEWS[user] if said not in main] == []
    assert [said for said in NOT_THEIRS.get(user, ()) if said in main] == []
    assert "Your team" not in main and "My clients" not in main


SEARCH = re.compile(r'<form[^>]*method="post" action="/people/find/"[^>]*role="search">(.*?)</form>', re.DOTALL)


def test_who_may_search_by_name_finds_the_search_on_today(world: World) -> None:
    with_it, without = set(), set()
    for persona in PERSONAS:
        client = world.client(persona.user)
        forms = SEARCH.findall(client.get("/").content.decode())
        assert bool(forms) == (client.get("/people/find/").status_code == 200), persona.user
        (with_it if forms else without).add(persona.user)
    assert {"alma", "adele", "aisha", "elena", "ben"} <= with_it and {"hal", "grace", "ines", "kim"} <= without


def test_the_search_on_today_is_the_search_of_its_page(world: World) -> None:
    """No name in an address, one line in the audit log, and the name goes on to a new record."""
    known, alma = open_record(world, "Imre Vadas"), world.client("alma")
    (form,) = SEARCH.findall(alma.get("/", headers={"Accept-Language": "es"}).content.decode())
    assert "Buscar o agregar por nombre" in form
    (field,) = re.findall(r'<input class="usa-input"[^>]*name="(\w+)"', form)
    before = searched(world)
    found = alma.post("/people/find/", {field: "Imre Vadas"}).content.decode()
    assert f'href="/people/{known.ref}/"' in found and searched(world) == before + 1
    (asked,) = re.findall(r'<input type="hidden" name="prefill" value="([^"]*)">', found)
    assert 'value="Imre Vadas"' in alma.post("/people/new/", {"prefill": asked}).content.decode()


def searched(world: World) -> int:
    """Return how many searches the audit log of Harbor House has."""
    with world.owner() as owner:
        query = "select count(*) from audit_event where owner = %s and action = 'searched'"
        return owner.execute(query, [world.agencies["harbor"]]).fetchone()[0]


def test_totals_are_a_task_until_they_are_submitted_and_not_before_an_agency_joined(fresh_world: World) -> None:
    world = fresh_world
    assert "Submit your totals" not in words(world, "adele")  # Harbor House joined in this half-year
    later(world, days=250)
    page = words(world, "adele")
    assert "Submit your totals for" in page and CAUGHT_UP not in page
    assert "Submit your totals for" not in words(world, "alma")


def test_an_agency_without_an_officer_is_named_until_one_comes(fresh_world: World) -> None:
    world = fresh_world
    with world.as_("hal") as hal:
        place = {"kind": "community", "zone": "America/Chicago", "jurisdictions": ["us"], "traits": []}
        owner, _code = membership.invite_agency(
            actor=hal, name="North Shelter", officer="Nia", roles=["officer"], **place
        )
    for user in ("grace", "hal"):
        assert "North Shelter" in words(world, user) and "No privacy officer has joined yet" in words(world, user)
    assert "Create a new code" not in words(world, "hal")
    later(world, days=8)
    assert f'href="/hub/{owner}/invite/">Create a new code for North Shelter' in words(world, "hal")


def test_the_machine_says_when_it_was_saved_and_checked(world: World, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(machine.backup, "number_file", lambda: tmp_path / "number")
    monkeypatch.setattr(machine, "checks_file", lambda: tmp_path / "checked")
    with world.as_("hal") as hal:
        rows = _machine(hal)
        assert rows["Last backup"].tag.words == rows["Last check"].tag.words == "Never"
        saved = machine.backup.number_file()
        saved.write_text(json.dumps({"number": 3}))
        machine.note_check(2)
        at = clock.now().timestamp()
        for file in (saved, machine.checks_file()):
            os.utime(file, (at - 3600, at - 3600))
        rows = _machine(hal)
        assert (rows["Last backup"].tag.words, rows["Last check"].tag.words) == ("Done", "2 problems found")
        os.utime(saved, (at - 3 * 86400, at - 3 * 86400))
        assert _machine(hal)["Last backup"].tag.words == "Old"
        for half in ("", '{"fin', "7"):  # written by hand, or by an interrupted older version
            for file in (saved, machine.checks_file()):
                file.write_text(half)
            rows = _machine(hal)
            assert rows["Last backup"].tag.words == rows["Last check"].tag.words == "Never"
    with world.as_("adele") as adele:
        assert list(machine.lines(adele)) == []


def _machine(actor) -> dict[str, today.Row]:
    (part,) = machine.lines(actor)
    return {row.title: row for row in part.rows}


def test_what_is_due_first_comes_first(world: World) -> None:
    with world.as_("alma") as alma:
        day = clock.today(alma.zone)
        late, soon, whenever = (
            today.turn_row(today.Turn("", "", due=due, since=since), day)
            for due, since in ((day - timedelta(days=2), None), (day + timedelta(days=1), None), (None, day))
        )
    assert (late.tag.words, soon.tag, whenever.tag) == ("Overdue", None, None)
    assert late.turn.endswith("2 days ago") and soon.turn.endswith("tomorrow") and whenever.turn.endswith("today")


def test_a_person_who_is_shared_waits_for_a_colleague(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    release_to(world, known)
    page = words(world, "elena")
    assert "A record shared by Harbor House" in page and CAUGHT_UP not in page
