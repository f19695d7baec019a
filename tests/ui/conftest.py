"""A page by itself: the gallery on a port of its own, without the project's middleware, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import HTTPServer
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ALONE = {
    "ROOT_URLCONF": "tests.ui.urls",
    "ACCORD_FRAME": None,
    "ALLOWED_HOSTS": ["*"],
    "MIDDLEWARE": ["django.middleware.locale.LocaleMiddleware", "tests.ui.conftest.policy"],
    "STORAGES": {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
}


def policy(get_response: Callable) -> Callable:
    """Middleware: the product's content security policy."""

    def respond(request):
        response = get_response(request)
        response["Content-Security-Policy"] = POLICY
        return response

    return respond


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Log nothing: the tests read pages, not logs."""


@pytest.fixture
def alone() -> Iterator[None]:
    """Use the gallery's addresses, regardless of the project's settings."""
    with override_settings(**ALONE):
        yield


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Yield the address of a server that serves the gallery and the static files."""
    with override_settings(**ALONE):
        server: HTTPServer = _Server(("127.0.0.1", 0), _Quiet)
        server.set_app(StaticFilesHandler(WSGIHandler()))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def open_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that makes contexts of a width, scheme and language, and closes them."""
    made: list[BrowserContext] = []

    def make(width: int = 1280, scheme: str = "light", language: str = "en", **more: object) -> BrowserContext:
        context = chromium.new_context(
            viewport={"width": width, "height": 740}, color_scheme=scheme, locale=language, **more
        )
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()
