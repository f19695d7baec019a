"""Immigration facts go only to those who were given them by name: line 68, through every page and the API."""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta

import pytest

from accord.access.codes import KINDS
from accord.casework import services as casework
from accord.casework.codes import Application, Immigration, Need
from accord.core import clock
from accord.core.errors import Conflict, Hidden, Invalid, Refused
from accord.people import queries as people
from accord.people import tasks
from accord.sharing import services as records
from accord.sharing.queries import PersonRef
from accord.ui.words import day
from tests.region import World
from tests.steps.addresses import about_people, address
from tests.steps.records import SAID, handle, open_record
from tests.steps.releases import OTHER_KINDS, release_to_police

FACTS = Immigration("waiting", (("passport", "taken"), ("work_permit", "our_safe")), "Asked in spring")
NEXT_IN = timedelta(days=20)


def noted(world: World, known: PersonRef) -> tuple[uuid.UUID, str]:
    """Record everything there is. Returns the application's series, and the next date in words."""
    with world.as_("alma") as alma:
        due = clock.today(alma.zone) + NEXT_IN
        casework.note_immigration(actor=alma, ref=known.ref, facts=FACTS)
        filed = Application("t", "filed", "EAC-2590051234", due.isoformat(), "fingerprints")
        return casework.add_application(actor=alma, ref=known.ref, application=filed), day(due)


def told(world: World, ref: uuid.UUID, series: uuid.UUID) -> str:
    """Return everything that the sergeant's pages and the API say: about the person, in lists, at every address that
    takes an id."""
    client = world.client("bea")
    ids = dict.fromkeys(("ref", "task", "assignment"), ref) | {"series": series}
    paths = [address(one, ids) for one in about_people() if set(one.arguments) <= ids.keys()]
    paths += ["/", "/people/", "/notices/", f"/api/v1/people/{ref}", "/api/v1/people"]
    answers = [client.get(path) for path in paths]
    assert sum(answer.status_code == 200 for answer in answers) >= 6
    return " ".join(answer.content.decode("utf-8", "replace") for answer in answers)


def says(text: str, words: str) -> bool:
    """Return whether these words appear on their own: "April 13" does not contain "April 1"."""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


@pytest.mark.line(68)
def test_a_release_that_does_not_name_them_shows_nothing_of_them(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    series, due = noted(world, known)
    said = ["Application pending", "T visa", "Filed", "EAC-2590051234", "Biometrics appointment", due]
    said += ["Passport", "Taken by someone else", "In our safe", "Asked in spring"]
    release_to_police(world, known, OTHER_KINDS)
    ref = handle(world, "bea")
    seen = told(world, ref, series)
    assert "Samira Quill" in seen and not [
        words for words in [*said, "A deadline for this person"] if says(seen, words)
    ]
    with world.as_("bea") as bea:
        assert tasks.my_tasks(actor=bea) == []
        with pytest.raises(Refused):
            casework.note_immigration(actor=bea, ref=ref, facts=Immigration())
    mine = world.client("alma").get(f"/people/{known.ref}/").content.decode()
    assert not [words for words in said if not says(mine, words)]


@pytest.mark.line(68)
def test_one_that_names_them_shows_them_all_and_only_after_it_was_talked_about(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    series, due = noted(world, known)
    with pytest.raises(Invalid):
        release_to_police(world, known, ("identity.name", "immigration"))
    release_to_police(world, known, ("identity.name", "immigration"), (*SAID, "immigration_named_apart"))
    ref = handle(world, "bea")
    page = world.client("bea").get(f"/people/{ref}/").content.decode()
    for words in (
        "Application pending",
        "T visa",
        "EAC-2590051234",
        due,
        "Passport",
        "In our safe",
        "Asked in spring",
    ):
        assert says(page, words), words
    assert "/status/" not in page  # what is shared can be read, not changed
    assert world.client("bea").get(f"/people/{ref}/status/{series}/").status_code == 403
    entries = json.loads(world.client("bea").get(f"/api/v1/people/{ref}").content)["entries"]
    assert {one["type"] for one in entries} == {"name", "immigration", "application"}


def test_what_is_due_is_a_task_that_does_not_say_for_what(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    series, due = noted(world, known)
    alma = world.client("alma")
    assert (
        due in alma.get("/").content.decode()
        and "A deadline for this person is coming up" in alma.get("/").content.decode()
    )
    page = alma.get(f"/people/{known.ref}/").content.decode()
    assert 'href="#immigration">A deadline is coming up. See Immigration.</a>' in page and 'id="immigration"' in page
    with world.owner() as owner:
        rows = owner.execute("select code from work_task where done_at is null").fetchall()
    assert rows == [("her_date",)]
    change = f"/people/{known.ref}/status/{series}/"
    assert alma.get(change).status_code == 200
    terms = {"type": "t", "state": "granted", "receipt": "", "next_step": "", "revision": "1"}
    assert alma.post(change, {**terms, "next_step": "renew"}).status_code == 422  # without a date
    assert alma.post(change, terms).status_code == 302
    assert "A deadline for this person is coming up" not in alma.get("/").content.decode()
    assert alma.post(change, terms).status_code == 409


def test_the_forms_keep_what_they_were_given(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    alma = world.client("alma")
    page = f"/people/{known.ref}/status/"
    assert alma.post(page, {"status": "unknown", "revision": "0"}).status_code == 302  # every question can be skipped
    assert alma.post(page, {"status": "for_a_time", "document_birth": "lost", "revision": "1"}).status_code == 302
    again = alma.get(page).content.decode()
    assert re.search(r'value="for_a_time"[^>]*checked', again) and '<option value="lost" selected>' in again
    assert alma.post(page + "new/", {"type": "sij", "state": "thinking"}).status_code == 302
    shown = alma.get(f"/people/{known.ref}/").content.decode()
    assert "Special immigrant juvenile status" in shown and "Deciding whether to apply" in shown
    assert alma.post(page, {"status": "illegal", "revision": "2"}).status_code == 422


def test_the_services_take_only_codes_and_the_newest(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world)
    series, _due = noted(world, known)
    with world.as_("alma") as alma:
        need = people.page(actor=alma, ref=known.ref, kinds=KINDS).items["needs"][0].series
        for wrong in (
            Application("visa", "filed"),
            Application("t", "lost"),
            Application("t", "filed", "", "2026-12-01"),
        ):
            with pytest.raises(Invalid):
                casework.add_application(actor=alma, ref=known.ref, application=wrong)
        for facts in (Immigration("illegal"), Immigration("none", (("passport", "under the bed"),))):
            with pytest.raises(Invalid):
                casework.note_immigration(actor=alma, ref=known.ref, facts=facts)
        place = {"actor": alma, "ref": known.ref, "application": Application("t", "granted")}
        with pytest.raises(Hidden):
            casework.change_application(series=need, revision=1, **place)
        casework.change_application(series=series, revision=1, **place)
        with pytest.raises(Conflict):
            casework.change_application(series=series, revision=1, **place)


def test_a_role_that_does_not_open_them_is_refused_its_pages(fresh_world: World) -> None:
    world = fresh_world
    known = open_record(world, user="ben")
    ben = world.client("ben")
    page = ben.get(f"/people/{known.ref}/").content
    assert b"Immigration" not in page
    assert ben.get(f"/people/{known.ref}/status/").status_code == 403
    with world.as_("ben") as actor:
        casework.add_need(actor=actor, ref=known.ref, need=Need("housing", "now"))
        with pytest.raises(Refused):
            casework.note_immigration(actor=actor, ref=known.ref, facts=Immigration())
    with world.as_("bea") as bea:
        records.grant(actor=bea, ref=known.ref, membership=bea.membership, reason="Certifies for the application")
    assert world.client("bea").get(f"/people/{known.ref}/status/").status_code == 200
