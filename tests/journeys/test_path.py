"""The path, in a real browser: one person helped by two agencies, and no one else learns of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Visits
from tests.journeys import steps
from tests.journeys.conftest import Server, Walk, arrive, seats
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey


@seats(daily="desktop")
def test_shared_and_revoked(walk: Walk) -> None:
    """The advocate shares, the attorney sees exactly that, the detective nothing, and the person revokes."""
    alma, elena, ben = walk.page(), walk.page(), walk.page()
    sam = _shared(walk, alma)
    shared = _seen_by_the_partner(walk, elena)
    _hidden_from_the_police(walk, ben, sam)
    _taken_back(walk, alma)
    refused = elena.goto(shared)
    assert refused is not None and refused.status == 403
    walk.look(elena, "no-longer")
    elena.goto("/")
    expect(elena.get_by_text("A record is no longer shared with you.")).to_be_visible()
    walk.look(elena, "neutral-notice")


def _shared(walk: Walk, alma: Page) -> str:
    alma.goto("/sign-in/")
    walk.look(alma, "sign-in")
    sign_in(alma, "alma")
    walk.look(alma, "today-empty")
    steps.open_record(alma, "Sam")
    steps.add_need(alma, "Papers without fear")
    walk.look(alma, "person")
    address = alma.url
    steps.fill_terms(alma, "Riverbend Legal Aid")
    walk.look(alma, "terms")
    alma.get_by_role("button", name="Hand over the device to sign").click()
    expect(alma.locator(".signing")).to_contain_text("Último día en que se comparte")
    walk.look(alma, "in-their-hands")
    steps.sign(alma)
    walk.look(alma, "thanks")
    steps.take_back(alma)
    walk.look(alma, "finish")
    alma.get_by_role("button", name="Share with").click()
    alma.get_by_text("In effect").first.wait_for()
    walk.look(alma, "person-shared")
    return address


def _seen_by_the_partner(walk: Walk, elena: Page) -> str:
    walk.arrive(elena, "elena")
    walk.look(elena, "intake")
    elena.get_by_role("link", name="Assign someone").click()
    walk.look(elena, "assign")
    elena.locator("select[name=membership]").select_option(label="Elena")
    elena.get_by_role("button", name="Assign").click()
    elena.goto("/people/")
    elena.get_by_role("link", name="Sam").click()
    expect(elena.get_by_text("555-0142")).to_be_visible()
    expect(elena.get_by_text("24 years")).to_have_count(0)
    walk.look(elena, "partner-person")
    shared = elena.url
    elena.get_by_role("link", name="Why?").click()
    walk.look(elena, "partner-why")
    return shared


def _hidden_from_the_police(walk: Walk, ben: Page, sam: str) -> None:
    walk.arrive(ben, "ben")
    nowhere = ben.goto(sam)
    assert nowhere is not None and nowhere.status == 404
    expect(ben.get_by_role("heading", name="Page not found")).to_be_visible()
    walk.look(ben, "hidden")
    ben.goto("/people/find/")
    ben.get_by_label("Name", exact=True).fill("Sam")
    ben.get_by_role("button", name="Search").click()
    expect(ben.get_by_text("No one with a similar name")).to_be_visible()
    walk.look(ben, "found-no-one")


def _taken_back(walk: Walk, alma: Page) -> None:
    alma.get_by_role("link", name="Riverbend Legal Aid", exact=True).click()
    alma.wait_for_url("**/forms/**")
    walk.look(alma, "release")
    alma.get_by_role("link", name="Stop sharing").click()
    walk.look(alma, "taking-back")
    alma.get_by_role("button", name="They told us to stop sharing now").click()
    expect(alma.get_by_text("keeps what it already read or printed")).to_be_visible()
    walk.look(alma, "stopped")
    alma.get_by_role("link", name="Go to the release").click()
    expect(alma.get_by_text("Revoked", exact=True)).to_be_visible()


@pytest.mark.line(109, 110)
def test_leaving_is_first_and_works_without_script(visit: Visits, server: Server) -> None:
    """The first Tab reaches it; it is a plain link; the text next to it says what it does not do."""
    page = visit(server.url)
    page.goto("/sign-in/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "leave"
    assert page.locator("#leave").get_attribute("href", timeout=1000).startswith("https://")
    expect(page.get_by_text("spyware")).to_be_visible()


@pytest.mark.line(99)
def test_back_after_sign_out_shows_nothing(visit: Visits, server: Server) -> None:
    page = visit(server.url)
    arrive(page, server, "alma")
    steps.open_record(page, "Marisol")
    page.get_by_text("Alma", exact=True).first.click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")
    page.go_back()
    page.wait_for_load_state()
    assert "Marisol" not in page.content()
