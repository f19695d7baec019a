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

from tests.region import World


@dataclass
class Server:
    """Where the application answers."""

    url: str


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: addresses name people."""


class _Threads(ThreadedWSGIServer):
    daemon_threads = True
    block_on_close = False  # a browser keeps connections alive; the database is dropped by force

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        super().process_request_thread(request, client_address)
        connections.close_all()


@pytest.fixture
def server(fresh_world: World) -> Iterator[Server]:
    """The application, answering on a free port of the loopback address."""
    httpd = _Threads(("127.0.0.1", 0), _Quiet, ipv6=False)
    httpd.set_app(WSGIHandler())
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield Server(f"http://127.0.0.1:{httpd.server_port}")
    httpd.shutdown()
    thread.join()
    httpd.server_close()
