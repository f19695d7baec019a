"""Style and scripts over the wire: packed, because a shelter's telephone may be on a slow line.

Pages are never packed: their length would tell what stands in them beside what somebody else put in (BREACH).
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXT = ("text/", "image/svg+xml", "application/javascript")


def packed(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Packs what is served from the folder of style and scripts, where it is text and the browser takes it."""
    pack = GZipMiddleware(get_response).process_response

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        text = response.headers.get("Content-Type", "").startswith(TEXT)
        if request.path.startswith(settings.STATIC_URL) and response.status_code == 200 and text:
            return pack(request, response)
        return response

    return middleware
