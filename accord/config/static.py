"""Compress styles and scripts, because a shelter's phone can have a slow connection.

Pages are never compressed, because the length of a compressed page can reveal its content to an attacker who gets text
into the page (BREACH).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware

PLAIN = "/static/"  # for the page about an internal error, which has no settings
TEXT = ("text/", "image/svg+xml", "application/javascript")


class StaticFiles(WhiteNoiseMiddleware):
    """Serve styles and scripts at a fingerprinted address, cached forever, and at a plain address, cached for an
    hour."""

    def __init__(self, get_response: Any = None) -> None:
        super().__init__(get_response, settings)
        self.add_files(self.static_root, prefix=PLAIN)

    def immutable_file_test(self, path: str, url: str) -> bool:
        """Return True if the address changes when the file changes."""
        return url.startswith(self.static_prefix)


def packed(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Compress text files from the static folder if the browser accepts compression."""
    pack = GZipMiddleware(get_response).process_response

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        text = response.headers.get("Content-Type", "").startswith(TEXT)
        if request.path.startswith(PLAIN) and response.status_code == 200 and text:
            return pack(request, response)
        return response

    return middleware
