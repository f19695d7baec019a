"""A passkey in a real browser, with the authenticator that Chromium provides for tests."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from accord.demo.riverbend import PASSPHRASE
from tests.journeys.conftest import Walk, seats
from tests.journeys.steps import sign_in


def plug_in(page: Page) -> None:
    """Plug in a key that answers at once, as if it were touched."""
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


@seats(daily="desktop", without=("no-script",))
def test_passkey(walk: Walk) -> None:
    # A passkey belongs to a name; an IP address can't have one.
    walk.server.url = walk.server.url.replace("127.0.0.1", "localhost")
    page = walk.page()
    plug_in(page)
    sign_in(page, "alma")
    page.goto("/account/passkeys/")
    walk.look(page, "none")
    page.get_by_label("Name for the new passkey").fill("Blue key on my ring")
    page.get_by_role("button", name="Create a passkey").click()
    expect(page.get_by_text("not used yet")).to_be_visible()
    walk.look(page, "one")
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_label("User name").fill("alma")
    page.locator("input[name=passphrase]").fill(PASSPHRASE)
    page.get_by_role("button", name="Continue").click()
    walk.look(page, "asked")
    page.get_by_role("button", name="Use my passkey").click()
    page.get_by_role("button", name="Work for").first.wait_for()
