"""The browser fixture of the journeys catches what it promises to catch."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error

from tests.browser import PHONE, Visits, axe, shoot

FRAME = (
    '<!doctype html><html lang="en"><head><title>T</title>{head}</head>'
    "<body><main><h1>Hello</h1>{body}</main></body></html>"
)
PAGES = {
    "/clean": FRAME.format(head="", body="<p>Nothing to see.</p><noscript><em>without script</em></noscript>"),
    "/third": FRAME.format(head="", body='<img alt="" src="http://elsewhere.invalid/pixel.gif">'),
    "/throws": FRAME.format(head="<script>throw new Error('oh')</script>", body=""),
    "/unlabelled": FRAME.format(head="", body='<input type="text">'),
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        page = PAGES.get(self.path)
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Security-Policy", "default-src 'self' 'unsafe-inline' http:")
        self.end_headers()
        self.wfile.write((page or "").encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


def test_a_clean_page_passes_on_a_phone(visit: Visits, server: str) -> None:
    page = visit(server, width=PHONE)
    page.goto("/clean")
    axe(page)
    assert shoot(page, "doors/clean").stat().st_size > 1000
    assert not page.locator("em").is_visible()


def test_a_visit_without_script_sees_what_is_meant_for_it(visit: Visits, server: str) -> None:
    page = visit(server, script=False)
    page.goto("/clean")
    assert page.locator("em").is_visible()
    with pytest.raises(AssertionError, match="in a visit with script"):
        axe(page)


@pytest.mark.parametrize(("path", "fault"), [("/third", "third party: http://elsewhere.invalid"), ("/throws", "oh")])
def test_a_fault_of_the_page_is_a_fault_of_the_test(visit: Visits, server: str, path: str, fault: str) -> None:
    visit(server).goto(path, wait_until="networkidle")
    assert fault in " ".join(visit.faults)
    visit.faults.clear()


def test_axe_sees_an_input_without_a_label(visit: Visits, server: str) -> None:
    page = visit(server)
    page.goto("/unlabelled")
    with pytest.raises(AssertionError, match="label"):
        axe(page)


def test_a_visitor_brings_nothing_from_another(visit: Visits, server: str) -> None:
    first, second = visit(server), visit(server)
    first.goto("/clean")
    first.context.add_cookies([{"name": "a", "value": "b", "url": server}])
    assert second.context.cookies() == []


def test_navigation_to_another_host_is_stopped(visit: Visits, server: str) -> None:
    with pytest.raises(Error):
        visit(server).goto("http://elsewhere.invalid/")
    assert visit.faults == ["asked a third party: http://elsewhere.invalid"]
    visit.faults.clear()
