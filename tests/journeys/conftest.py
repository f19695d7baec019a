"""Journeys run against the application served by threads of the test's own process, on the test's own database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from playwright.sync_api import Page, expect

from tests.browser import DESKTOP, PHONE, Visits, axe, shoot
from tests.region import World
from tests.steps.traces import tells


@dataclass
class Server:
    """Where the application answers, and the world it serves."""

    url: str
    world: World


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as in the base class
        """Log nothing: addresses name people."""


class _Threads(ThreadedWSGIServer):
    daemon_threads = True
    block_on_close = False  # a browser keeps connections alive; the database is dropped by force

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        super().process_request_thread(request, client_address)
        connections.close_all()


@pytest.fixture
def server(fresh_world: World) -> Iterator[Server]:
    """Yield the application, answering on a free port of the loopback address."""
    httpd = _Threads(("127.0.0.1", 0), _Quiet, ipv6=False)
    httpd.set_app(WSGIHandler())
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield Server(f"http://127.0.0.1:{httpd.server_port}", fresh_world)
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def arrive(page: Page, server: Server, user: str) -> None:
    """Open the first page as someone who has signed in. The journeys in test_path.py, test_operator.py,
    test_keyboard.py, and test_passkeys.py sign in themselves."""
    [(name, cookie)] = server.world.client(user).cookies.items()
    page.context.add_cookies([{"name": name, "value": cookie.value, "url": server.url}])
    page.goto("/")


# Seats: how someone uses the pages ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seat:
    """A desk, a phone in the dark, or a browser without script."""

    name: str
    width: int = DESKTOP
    script: bool = True
    dark: bool = False
    language: str = "en"


SEATS = (
    Seat("desktop"),
    Seat("phone", PHONE, dark=True),
    Seat("no-script", PHONE, script=False),
)


def seats(daily: str, without: tuple[str, ...] = ()) -> pytest.MarkDecorator:
    """Run every journey in every seat (except those that can't do it) in `make prove`, and in one in `make test`."""
    walked = [
        pytest.param(seat, id=seat.name, marks=[] if seat.name == daily else [pytest.mark.prove])
        for seat in SEATS
        if seat.name not in without
    ]
    return pytest.mark.parametrize("seat", walked)


# What comes first in the order of the Tab key, whether it is visible, and whether anything breaks that order.
FRAME = """() => {
  const reached = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')];
  const first = reached.find(e => e.tabIndex >= 0 && e.checkVisibility());
  const box = first.getBoundingClientRect();
  return {
    headings: document.querySelectorAll('h1').length,
    first: first.id,
    inSight: box.top >= 0 && box.bottom <= innerHeight,
    jumps: reached.filter(e => e.tabIndex > 0).length,
    sideways: document.documentElement.scrollWidth - innerWidth,
    kept: localStorage.length + sessionStorage.length + (history.state ? 1 : 0),
    title: document.title,
  }
}"""
LARGER = """size => {
  document.documentElement.style.fontSize = size;
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth)
    .map(e => e.outerHTML.slice(0, 90));
}"""


@dataclass
class Walk:
    """One journey: who walks it, and in which seat."""

    name: str
    seat: Seat
    visit: Visits
    server: Server

    def page(self, **more: Any) -> Page:
        """Return a visitor's page with nothing in the browser."""
        seat = self.seat
        how = {"width": seat.width, "script": seat.script, "dark": seat.dark, "language": seat.language, **more}
        return self.visit(self.server.url, **how)

    def arrive(self, page: Page, user: str) -> None:
        """Open the first page as someone who has signed in."""
        arrive(page, self.server, user)

    def look(self, page: Page, name: str) -> None:
        """Examine a page state: axe, the frame, twice the text size, a picture."""
        where = f"{self.name} in seat {self.seat.name}, {name}"
        page.wait_for_load_state()
        expect(page.locator("h1")).to_have_count(1)
        found = page.evaluate(FRAME)
        title = found.pop("title")
        assert found == {"headings": 1, "first": "leave", "inSight": True, "jumps": 0, "sideways": 0, "kept": 0}, (
            where,
            found,
        )
        assert title.strip(" ·") != "Accord", f"{where}: the title does not say where one is"
        if "/people/" in page.url:  # acceptance line 100
            assert tells(title + page.url) == [], f"{where}: the browser's history tells the case"
        # After a click scrolls, what sticks to the window may cover half a field; in a picture of the whole page, too.
        page.evaluate("scrollTo(0, 0)")
        if self.seat.script:
            axe(page)
        shoot(page, f"journeys/{self.seat.name}/{self.name}-{name}")
        assert page.evaluate(LARGER, "200%") == [], f"{where}: at twice the letters it scrolls sideways"
        page.evaluate(LARGER, "")


@pytest.fixture
def walk(request: pytest.FixtureRequest, visit: Visits, server: Server, seat: Seat) -> Walk:
    """Return the journey of this test, in its parametrized seat."""
    return Walk(request.node.originalname.removeprefix("test_"), seat, visit, server)
