"""A real Chromium browser for journey tests: `visit` opens pages, and `axe` and `shoot` examine them.

A test fails if a page contacts any host except the server under test, throws a script error, or violates its content
security policy.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tools.browser import ensure

ROOT = Path(__file__).parent.parent
AXE = ROOT / "tests/vendor/axe.min.js"
SCREENSHOTS = ROOT / "build/screenshots"
DESKTOP, PHONE = 1280, 360
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A parser with scripting turned on reads the inside of <noscript> as text, not as elements.
SCRIPTED = (
    "() => { const p = document.createElement('p'); p.innerHTML = '<noscript><b>'; return !p.querySelector('b') }"
)
QUIET = [
    # No other host can be reached. Blocking them with a Playwright route would turn off the browser's cache.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 40_000  # for a machine that is busy with other work
expect.set_options(timeout=PATIENCE_MS)


class Visits:
    """One test's browser contexts, and what went wrong in them."""

    def __init__(self, browser: Browser) -> None:
        self.faults: list[str] = []
        self.contexts: list[BrowserContext] = []
        self._browser = browser

    def __call__(
        self,
        server: str,
        *,
        width: int = DESKTOP,
        script: bool = True,
        dark: bool = False,
        language: str = "en",
        **more: Any,
    ) -> Page:
        """Return a page for a new visitor, without cookies. `server` is the address of the server under test. `more` is
        passed to Playwright's `new_context`, for example `storage_state`."""
        context = self._browser.new_context(
            base_url=server,
            viewport={"width": width, "height": 900 if width > 600 else 780},
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            locale=language,
            service_workers="block",
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        home = urlsplit(server).netloc

        def hear(request: Request) -> None:
            address = urlsplit(request.url)
            if address.netloc != home and address.scheme not in ("data", "blob"):
                self.faults.append(f"asked a third party: {address.scheme}://{address.netloc}")

        context.on("request", hear)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        context.on("console", self._hear)
        return context.new_page()

    def _hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(message.text)

    def close(self) -> None:
        """End all visits."""
        for context in self.contexts:
            context.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start one browser for the whole run (one for each worker)."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django mistakes for asynchronous code and refuses.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's own sandbox does not run as root
        browser = playwright.chromium.launch(executable_path=ensure(), args=[*QUIET, *sandbox])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visits]:
    """Return a function that opens a page: `page = visit(live_server.url, width=PHONE, language="es")`."""
    visits = Visits(chromium)
    yield visits
    visits.close()
    assert not visits.faults, visits.faults


def axe(page: Page) -> None:
    """Check the page with axe-core and fail on any accessibility violation."""
    assert page.evaluate(SCRIPTED), "axe-core never ends in a page without script: look at it in a visit with script"
    page.evaluate(AXE.read_text(encoding="utf-8"))  # not a script tag, because the page's policy would refuse it
    asked = {"runOnly": RULES, "resultTypes": ["violations"], "preload": False}
    found = page.evaluate("asked => axe.run(document, asked)", asked)["violations"]
    assert not found, "\n".join(
        f"{page.url}: {fault['id']} ({fault['help']}): {[node['html'] for node in fault['nodes']]}" for fault in found
    )


def shoot(page: Page, name: str) -> Path:
    """Save a screenshot of the whole page in build/screenshots/, to look at and for the manual."""
    path = SCREENSHOTS / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True, animations="disabled")
    return path
