"""A passkey in a real browser, with the authenticator that Chromium keeps for tests."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from accord.demo.riverbend import PASSPHRASE
from tests.browser import Visits
from tests.journeys.conftest import Server
from tests.journeys.steps import look, sign_in


def plug_in(page: Page) -> None:
    """A key that answers at once, as if it were touched."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": False,
        "hasUserVerification": False,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})


def test_made_and_used(visit: Visits, server: Server) -> None:
    # A passkey belongs to a name; an address made of numbers cannot have one.
    page = visit(server.url.replace("127.0.0.1", "localhost"))
    plug_in(page)
    sign_in(page, "alma")
    page.goto("/account/passkeys/")
    look(page, "passkeys-none")
    page.get_by_label("Name of the new passkey").fill("Blue key on my ring")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_text("not used yet")).to_be_visible()
    look(page, "passkeys-one")
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_label("User name").fill("alma")
    page.locator("input[name=passphrase]").fill(PASSPHRASE)
    page.get_by_role("button", name="Go on").click()
    look(page, "second-factor-passkey")
    page.get_by_role("button", name="Use my passkey").click()
    page.get_by_role("button", name="Act for").first.wait_for()
