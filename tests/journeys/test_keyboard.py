"""The advocate's whole path without a pointer: from signing in to revoking."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accord.demo.riverbend import PASSPHRASE
from tests.browser import Visits
from tests.journeys.conftest import Server
from tests.journeys.keys import Keys
from tests.journeys.steps import shown_code

pytestmark = pytest.mark.journey


def test_the_path_by_keyboard_alone(visit: Visits, server: Server) -> None:
    """Sign in, open a record, add a need, share with a typed signature, and revoke."""
    page = visit(server.url)
    keys = Keys(page)
    _sign_in(keys)
    _open_a_record(keys)
    _note_a_need(keys)
    _share(keys)
    keys.press(page.get_by_role("link", name="Revoke Riverbend Legal Aid"))
    keys.press(page.get_by_role("button", name="They told us to stop sharing now"))
    expect(page.get_by_text("keeps what it already read or printed")).to_be_visible()
    expect(page.locator("[data-takes-focus]")).to_be_focused()


def _sign_in(keys: Keys) -> None:
    page = keys.page
    page.goto("/sign-in/")
    keys.type(page.get_by_label("User name"), "alma")
    keys.type(page.get_by_label("Passphrase"), PASSPHRASE)
    keys.press(page.get_by_role("button", name="Continue"))
    keys.type(page.get_by_label("Code"), shown_code(page))
    keys.press(page.get_by_role("button", name="Sign in"))
    keys.press(page.get_by_role("button", name="Work for"))
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def _open_a_record(keys: Keys) -> None:
    page = keys.page
    keys.type(page.get_by_label("Find or add a person by name"), "Sam")
    keys.press(page.get_by_role("button", name="Search"))
    keys.press(page.get_by_role("button", name="Add a new person"))
    keys.type(page.locator("input[name=years]"), "24")
    keys.choose("How can we reach them safely?", "Text message")
    keys.type(page.locator("input[name=address]"), "555-0142")
    keys.press(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("heading", name="Sam")).to_be_visible()


def _note_a_need(keys: Keys) -> None:
    page = keys.page
    keys.press(page.get_by_role("link", name="Add needs").first)
    keys.tick(page.get_by_role("checkbox", name="Legal help: documents and status"))
    keys.choose("How soon?", "This week")
    keys.type(page.get_by_label("In their own words"), "Papers without fear")
    keys.press(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("Papers without fear").first).to_be_visible()


def _share(keys: Keys) -> None:
    page = keys.page
    keys.press(page.get_by_role("link", name="Share with a partner agency").first)
    keys.press(page.get_by_role("link", name="Riverbend Legal Aid", exact=True))
    for kind in ("Name:", "Safe contact:", "Needs:"):
        keys.tick(page.get_by_role("checkbox", name=kind))
    expect(page.get_by_role("checkbox", name="To provide legal help and advice")).to_be_checked()
    keys.choose("Which language should the form be in?", "Spanish (español)")
    keys.to(page.get_by_label("Which language do they read or understand best?"))
    page.keyboard.type("Spanish")
    keys.press(page.get_by_role("button", name="Hand over the device to sign"))
    expect(page.locator(".signing")).to_be_visible()
    for box in page.locator("input[name=statements]").all():
        keys.tick(box)
    keys.type(page.locator("input[name=signature_typed]"), "Sam")
    keys.tick(page.locator("#signature-sign"))
    keys.press(page.get_by_role("button", name="Estoy de acuerdo y firmo"))
    keys.type(page.get_by_label("Code"), shown_code(page))
    keys.press(page.get_by_role("button", name="Take the device back", exact=True))
    keys.press(page.get_by_role("button", name="Share with"))
    expect(page.get_by_text("In effect").first).to_be_visible()
