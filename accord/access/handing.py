"""While the device is in a survivor's hands, the session answers only with one page and the way back to staff."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from accord.access.api import for_machines
from accord.access.requests import OpenRequest
from accord.access.views import refusal
from accord.accounts import drafts
from accord.core.errors import Refused
from accord.core.text import N_
from accord.ui import hands

# These only end something: signing out, leaving, and keeping what was typed.
ALWAYS = frozenset({"/sign-out/", "/leave/", "/kept/keep/"})


def instead(request: OpenRequest) -> HttpResponse | None:
    """Return the answer of a handed-over session for any other address. None for the page, the way back, or signing out."""
    session = request.session_state
    if session is None or session.handed is None:
        return None
    path = session.handed.path
    if request.path_info in (path, *hands.ways_back(path), *ALWAYS):
        return None
    if for_machines(request):
        return refusal(request, Refused(N_("This device has been handed over."), code="handed_over"))
    return redirect(path)


def speak(request: OpenRequest) -> None:
    """Show a survivor's page in the language of its address, whatever the browser asks for.

    Staff who later review what was sent there read it in their own language.
    """
    session = request.session_state
    language = hands.language_of(request.path_info)
    if language and (session is None or session.handed):
        translation.activate(language)


def closed(request: OpenRequest) -> HttpResponse:
    """Handle a session that ended in the survivor's hands: keep their answers encrypted for staff; show a neutral page."""
    kept = request.method == "POST" and drafts.keep(request)
    return hands.give_back(request, reverse("accounts:sign_in") + ("?kept=1" if kept else ""))
