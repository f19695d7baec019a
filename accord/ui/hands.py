"""Pages in a survivor's hands: which addresses they have, and what they read when something cannot be done.

Their address ends in `/form/<language>/`, so that the language is known when the session, or the database, is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

THEIRS = re.compile(r"/form/([a-z]{2})/$")


def language_of(path: str) -> str:
    """The language of a survivor's page, or '' for any other address."""
    found = THEIRS.search(path)
    return found.group(1) if found else ""


def ways_back(path: str) -> tuple[str, ...]:
    """The addresses by which staff take the device back from this page: the code, and what a passkey needs."""
    return f"{path}back/", f"{path}back/passkey/"


def give_back(request: HttpRequest, back_url: str) -> HttpResponse:
    """Everything is done, or the session has ended: please hand the device back. `back_url` is for staff."""
    with translation.override(language_of(request.path_info)):
        return render(request, "ui/hand_back.html", {"back_url": back_url})


def not_now(request: HttpRequest, status: int, kept: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    """Something failed or was refused: one neutral sentence, whatever it was, and what they wrote behind a button."""
    with translation.override(language_of(request.path_info)):
        return render(request, "ui/hand_not_now.html", {"kept": kept}, status=status)
