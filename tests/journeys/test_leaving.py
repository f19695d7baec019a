"""Leaving and locking in a real browser: the session ends, and what was being typed is there again after sign-in."""

from __future__ import annotations

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from tests.browser import Visits
from tests.journeys import steps
from tests.journeys.conftest import Server, arrive

TYPED = "She asked for the blue coat, Wq8ZplVx"


@pytest.fixture
def elsewhere(server: Server):
    """Block other hosts: leaving goes to the public page."""
    with override_settings(ACCORD_EXIT_URL=f"{server.url}/statistics/"):
        yield server


def writing(page: Page, server: Server) -> str:
    """Write half a note. Returns its address."""
    arrive(page, server, "alma")
    steps.open_record(page, "Marisol")
    page.get_by_role("link", name="Add a note").first.click()
    page.locator("textarea[name=text]").fill(TYPED)
    return page.url


@pytest.mark.parametrize("how", ["click", "escape"])
def test_who_leaves_has_to_sign_in_again_and_finds_what_was_typed(visit: Visits, elsewhere: Server, how: str) -> None:
    page = visit(elsewhere.url)
    address = writing(page, elsewhere)
    with page.expect_request("**/leave/"):
        if how == "click":
            page.locator("#leave").click()
        else:
            for _ in range(3):
                page.keyboard.press("Escape")
    page.wait_for_url("**/statistics/")
    page.goto(address)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "Marisol" not in page.content()


def test_without_script_leaving_ends_the_session_too(visit: Visits, elsewhere: Server) -> None:
    page = visit(elsewhere.url, script=False)
    address = writing(page, elsewhere)
    page.locator("#leave").click()
    page.wait_for_url("**/statistics/")
    page.goto(address)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_page_that_locks_keeps_what_was_typed_and_says_why(visit: Visits, server: Server) -> None:
    page = visit(server.url)
    page.clock.install()
    writing(page, server)
    page.clock.run_for(29 * 60 * 1000 + 5000)
    expect(page.locator("#idle")).to_be_visible()
    page.clock.run_for(57 * 1000)  # not further: this clock also measures the timeout for the answer
    page.wait_for_url("**/kept/")  # the server's own clock did not move: the session lives, and continues
    expect(page.get_by_text("A note · Marisol")).to_be_visible()
    page.get_by_role("link", name="Continue writing").click()
    expect(page.locator("textarea[name=text]")).to_have_value(TYPED)
