"""Unfinished forms: no name that the user may not read, and nothing that another site has sent."""

from __future__ import annotations

import pytest
from django.test import Client

from accord.accounts.sessions import COOKIE
from accord.sharing import services as records
from accord.sharing.assignments import assignments_of
from tests.region import World
from tests.steps.pages import alert_words
from tests.steps.records import log_of, open_record


def kept(world: World, user: str, path: str) -> str:
    """Return the page of unfinished forms after this text was kept for the form at this address."""
    browser = world.client(user)
    assert browser.post("/kept/keep/", {"text": "We talked", "kept_path": path}).status_code == 200
    return alert_words(browser.get("/kept/"))


@pytest.mark.line(75)
def test_the_name_is_shown_to_those_who_may_read_it_and_is_in_the_log(fresh_world: World) -> None:
    world, known = fresh_world, open_record(fresh_world)
    address = f"/people/{known.ref}/notes/new/"
    assert "Samira Quill" not in kept(world, "aisha", address)  # a colleague who is not assigned to this person
    assert "Samira Quill" in kept(world, "alma", address)
    (line,) = log_of(world, "adele", "listed-kept")
    assert line.by == "Alma"
    with world.as_("adele") as adele:
        records.assign(actor=adele, ref=known.ref, membership=world.memberships["aisha"])
        (assignment,) = [
            assignment
            for assignment in assignments_of(actor=adele, ref=known.ref)
            if assignment.membership == world.memberships["alma"]
        ]
        records.end_assignment(actor=adele, ref=known.ref, assignment=assignment.id)
    assert "Samira Quill" not in alert_words(world.client("alma").get("/kept/"))


@pytest.mark.parametrize("origin", ["http://other.testserver", "null"])
def test_what_another_site_sends_is_not_kept(fresh_world: World, origin: str) -> None:
    """A neighbor under the same domain gets the cookie too. Its text must not end up in one of our forms to be sent."""
    world, known = fresh_world, open_record(fresh_world)
    browser = Client(enforce_csrf_checks=True)
    browser.cookies[COOKIE] = world.client("alma").cookies[COOKIE].value
    for path in (f"/people/{known.ref}/notes/new/", "/leave/"):
        fields = {"text": "Not ours", "kept_path": f"/people/{known.ref}/notes/new/"}
        assert browser.post(path, fields, headers={"Origin": origin}).status_code in (200, 403)
    with world.owner() as owner:
        assert owner.execute("select count(*) from accounts_keptform").fetchone() == (0,)
    assert world.client("alma").get("/").status_code == 200  # and no one is signed out
