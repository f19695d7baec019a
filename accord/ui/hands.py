"""Pages on a device in a survivor's hands: their addresses, and what they show when something fails.

Their addresses end in `/form/<language>/`, so that the language is known without the session or the database.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

THEIRS = re.compile(r"/form/([a-z]{2})/$")


def language_of(path: str) -> str:
    """Return the language of a survivor's page, or '' for any other address."""
    found = THEIRS.search(path)
    return found.group(1) if found else ""


def ways_back(path: str) -> tuple[str, ...]:
    """Return the addresses where staff take the device back from this page with a code or a passkey."""
    return f"{path}back/", f"{path}back/passkey/"


def give_back(request: HttpRequest, back_url: str, **more: Any) -> HttpResponse:
    """Ask for the device back when everything is done or the session has ended. `back_url` is for staff."""
    with translation.override(language_of(request.path_info)):
        staff = getattr(request, "LANGUAGE_CODE", "en")
        return render(request, "ui/hand_back.html", {"back_url": back_url, "staff_language": staff, **more})


def not_now(request: HttpRequest, status: int, kept: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    """Show the same neutral sentence for every failure or refusal, and offer to send the answers again."""
    with translation.override(language_of(request.path_info)):
        return render(request, "ui/hand_not_now.html", {"kept": kept}, status=status)
