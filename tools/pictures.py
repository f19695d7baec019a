"""Retake the tutorial's screenshots: start `make demo`, then `.venv/bin/python tools/pictures.py [ADDRESS]`.

This script signs in to the demo as its personas do and writes docs/images/*.png. It changes nothing in the demo.
"""

from __future__ import annotations

import sys
from pathlib import Path

from browser import find  # next to this file
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
PASSPHRASE = "river stones under the bridge"  # the demo prints it
SIZE = {"width": 1280, "height": 840}


def sign_in(browser: Browser, address: str, user: str) -> Page:
    """Return a page signed in as a demo persona, using the code that the demo shows."""
    page = browser.new_context(base_url=address, viewport=SIZE, color_scheme="light").new_page()  # type: ignore[arg-type]
    page.goto("/sign-in/")
    page.get_by_label("User name").fill(user)
    page.locator("input[name=passphrase]").fill(PASSPHRASE)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Code").fill(page.locator("[class*=alert] b").first.inner_text())
    page.get_by_role("button", name="Sign in").click()
    work = page.get_by_role("button", name="Work for").first
    if work.count():
        work.click()
    page.wait_for_url("**/")
    return page


def take(page: Page, name: str) -> None:
    """Save a screenshot of the window."""
    page.screenshot(path=IMAGES / f"{name}.png")


def main(address: str = "http://localhost:8000") -> int:
    """Take all screenshots one after the other."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        alma = sign_in(browser, address, "alma")
        alma.goto("/people/")
        alma.get_by_role("link", name="Sam").first.click()
        sam = alma.url
        take(alma, "person")
        alma.get_by_role("link", name="Share with a partner agency").first.click()
        alma.get_by_text("Riverbend Legal Aid", exact=True).first.click()
        chosen = alma.get_by_role("button", name="Continue")
        if chosen.count():
            chosen.first.click()
        take(alma, "terms")
        elena = sign_in(browser, address, "elena")
        elena.goto("/people/")
        elena.get_by_role("link", name="Sam").first.click()
        take(elena, "partner")
        elena.get_by_role("link", name="Why?").first.click()
        take(elena, "why")
        ben = sign_in(browser, address, "ben")
        ben.goto(sam)
        take(ben, "nobody")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:2]))
