"""The path, in a real browser: one person helped by two agencies, and nobody else the wiser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE, Visits
from tests.journeys import steps
from tests.journeys.conftest import Server
from tests.journeys.steps import look, sign_in

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(
    ("width", "script", "dark"),
    [(1280, True, False), (PHONE, True, True), (1280, False, False)],
    ids=["desktop", "phone-dark", "no-script"],
)
def test_shared_and_taken_back(visit: Visits, server: Server, width: int, script: bool, dark: bool) -> None:
    label = f"path-{width}{'' if script else '-no-script'}{'-dark' if dark else ''}"
    how = {"width": width, "script": script, "dark": dark}
    alma, elena, ben, adele = (visit(server.url, **how) for _ in range(4))

    def seen(page, name: str) -> None:
        if script:
            look(page, f"{label}-{name}")

    alma.goto("/sign-in/")
    seen(alma, "sign-in")
    sign_in(alma, "alma")
    seen(alma, "today-empty")
    steps.open_record(alma, "Sam")
    steps.add_need(alma, "Papers without fear")
    seen(alma, "person")
    address = alma.url
    steps.draft_release(alma, "Riverbend Legal Aid")
    expect(alma.locator(".signing")).to_contain_text("Hasta cuándo")
    seen(alma, "signing")
    steps.sign_release(alma)
    seen(alma, "person-shared")

    sign_in(elena, "elena")
    elena.get_by_role("link", name="Assign somebody").click()
    elena.locator("select[name=membership]").select_option(label="Elena")
    elena.get_by_role("button", name="Assign").click()
    elena.goto("/people/")
    elena.get_by_role("link", name="Sam").click()
    expect(elena.get_by_text("555-0142")).to_be_visible()
    expect(elena.get_by_text("24 years")).to_have_count(0)
    seen(elena, "partner-person")
    shared = elena.url
    elena.get_by_role("link", name="Why?").click()
    seen(elena, "partner-why")

    sign_in(ben, "ben")
    nowhere = ben.goto(address)
    assert nowhere is not None and nowhere.status == 404
    expect(ben.get_by_role("heading", name="There is nothing here")).to_be_visible()
    seen(ben, "hidden")
    ben.goto("/people/find/")
    ben.get_by_label("Name she uses").fill("Sam")
    ben.get_by_role("button", name="Find").click()
    expect(ben.get_by_text("Nobody with a name like this")).to_be_visible()

    alma.get_by_role("link", name="Riverbend Legal Aid").click()
    alma.wait_for_url("**/releases/**")
    seen(alma, "release")
    alma.get_by_role("link", name="She takes it back").click()
    alma.locator("label[for=id_checked]").click()
    seen(alma, "taking-back")
    alma.get_by_role("button", name="End it now").click()
    expect(alma.get_by_text("Taken back")).to_be_visible()

    refused = elena.goto(shared)
    assert refused is not None and refused.status == 403
    seen(elena, "no-longer")
    elena.goto("/")
    expect(elena.get_by_text("Someone is no longer shared with you.")).to_be_visible()

    sign_in(adele, "adele")
    adele.goto(address + "assign/")
    adele.locator("select[name=membership]").select_option(label="Adele")
    adele.get_by_role("button", name="Assign").click()
    adele.goto(address + "accounting/")
    expect(adele.get_by_text("looked at it (Elena)").first).to_be_visible()
    seen(adele, "accounting")


@pytest.mark.line(109)
def test_leaving_is_first_and_works_without_script(visit: Visits, server: Server) -> None:
    """Acceptance line 109: the first Tab reaches it; it is a plain link."""
    page = visit(server.url)
    page.goto("/sign-in/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "leave"
    assert page.locator("#leave").get_attribute("href", timeout=1000).startswith("https://")
    expect(page.get_by_text("spyware")).to_be_visible()


@pytest.mark.line(99)
def test_back_after_sign_out_shows_nothing(visit: Visits, server: Server) -> None:
    """Acceptance line 99."""
    page = visit(server.url)
    sign_in(page, "alma")
    steps.open_record(page, "Marisol")
    page.get_by_text("Alma", exact=True).first.click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")
    page.go_back()
    page.wait_for_load_state()
    assert "Marisol" not in page.content()
