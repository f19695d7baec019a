"""While a survivor holds the device, the session shows only one page and the way back for staff."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from accord.access.api import for_machines
from accord.access.requests import OpenRequest
from accord.access.views import refusal
from accord.accounts import kept_forms
from accord.core.errors import Refused
from accord.core.rooms import place
from accord.core.text import N_
from accord.ui import hands

# These addresses stay open because they only sign out, leave the site, or keep what was typed.
ALWAYS = frozenset({"/sign-out/", "/leave/", "/kept/keep/"})


def instead(request: OpenRequest) -> HttpResponse | None:
    """Return the response to a request that a handed-over session may not make, or None if it may.

    It may request its page, the way back, and the addresses in `ALWAYS`.
    """
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
    """Show a survivor's page in the language of its address, whatever language the browser requests.

    Staff who later review what was sent from that page see it in their own language.
    """
    session = request.session_state
    language = hands.language_of(request.path_info)
    if language and (session is None or session.handed):
        translation.activate(language)


def closed(request: OpenRequest) -> HttpResponse:
    """Handle a session that ended while a survivor held the device.

    Keep the answers, encrypted for staff, and show a neutral page.
    """
    kept = request.method == "POST" and kept_forms.keep(request)
    return hands.give_back(request, reverse(place("sign-in")) + ("?kept=1" if kept else ""))
