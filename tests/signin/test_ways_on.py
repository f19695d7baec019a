"""Where a page leads on: a notice to the list it speaks of, a form to what it asks."""

from __future__ import annotations

import re

from django.urls import reverse

from accord.core.rooms import notices
from tests.region import World
from tests.steps.hub import form
from tests.steps.pages import alert_words


def test_every_notice_has_a_page_but_one_that_has_ended() -> None:
    """What is no longer shared leads nowhere: its page would reveal the person."""
    assert {code for code, notice in notices().items() if not notice.page} == {"share-ended"}
    assert all(reverse(notice.page) for notice in notices().values() if notice.page)


def test_a_notice_links_to_its_list_and_names_no_one(world: World) -> None:
    assert world.client("hal").post("/hub/letters/new/", form(world, "harbor")).status_code == 302
    adele = world.client("adele")
    for address in ("/", "/notices/"):
        assert re.search(r'href="/agency/letters/">A legal request is waiting', adele.get(address).content.decode()), (
            address
        )


def test_no_role_of_a_program_is_offered_to_a_first_officer(world: World) -> None:
    page = world.client("hal").get("/hub/invite/")
    assert "()" not in alert_words(page) and "(Community-based agency" in alert_words(page)


def test_a_code_that_is_asked_for_is_not_called_optional(fresh_world: World) -> None:
    world = fresh_world
    adele = world.client("adele")
    with world.owner() as owner:
        owner.execute("update accounts_session set factor_at = factor_at - interval '1 hour'")
    words = alert_words(adele.get("/agency/recovery/print/"))
    assert "Your code" in words and "(optional)" not in words


def test_what_is_missing_is_reported_in_words(world: World) -> None:
    page = world.client("alma").post("/people/new/", {"used": "", "date_0": "31", "date_1": "2", "date_2": "2001"})
    words = alert_words(page)
    assert page.status_code == 422 and "This field is required" not in words
    assert "Name they go by: Enter the name they go by." in words and "Enter a valid date" in words
