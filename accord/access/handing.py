"""While the device is in a survivor's hands, the session answers with one page and with the way back to staff."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from accord.access.api import for_machines
from accord.access.views import refusal
from accord.accounts import drafts
from accord.core.errors import Refused
from accord.core.text import N_
from accord.ui import hands

# Signing out, leaving, and keeping what was typed only close doors.
ALWAYS = frozenset({"/sign-out/", "/leave/", "/kept/keep/"})


def instead(request: HttpRequest) -> HttpResponse | None:
    """What a session that was handed over gets for any other address; None for the one page, the way back, signing out."""
    session = getattr(request, "session_state", None)
    if session is None or session.handed is None:
        return None
    path = session.handed.path
    if request.path_info in (path, *hands.ways_back(path), *ALWAYS):
        return None
    if for_machines(request):
        return refusal(request, Refused(N_("This device has been handed over."), code="handed_over"))
    return redirect(path)


def speak(request: HttpRequest) -> None:
    """In a survivor's hands everything is said in the language of the page, whatever the browser asks for. Staff who
    bring in later what was sent there read it in their own."""
    session = getattr(request, "session_state", None)
    language = hands.language_of(request.path_info)
    if language and (session is None or session.handed):
        translation.activate(language)


def closed(request: HttpRequest) -> HttpResponse:
    """The session has ended in their hands: what they sent is kept sealed for staff, and a neutral page says the rest."""
    kept = request.method == "POST" and drafts.keep(request)
    return hands.give_back(request, reverse("accounts:sign_in") + ("?kept=1" if kept else ""))
