"""The innermost middleware: one transaction per request, default deny, and errors as pages.

A status of 400 or higher rolls everything back. A second short transaction then records the refusal, in the same form
whether or not the item exists.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.module_loading import import_string

from accord.access import saying, turnstile
from accord.access.acting import AWAY, LogDown, acting
from accord.access.actors import Actor
from accord.access.api import for_machines
from accord.access.handing import closed, instead, speak
from accord.access.requests import OpenRequest, begin
from accord.access.rules import may
from accord.access.trail import Trail
from accord.access.views import database_away, refusal, saved_before, to_kept
from accord.accounts import kept_forms, once
from accord.audit import queries as audit
from accord.core.errors import AccordError, Busy, Hidden, NotSignedIn, Refused
from accord.core.rooms import actions, listening, place
from accord.core.text import N_
from accord.vault.sealing import CannotOpen

READING = frozenset({"GET", "HEAD"})


class ActingMiddleware:
    """Run each request in one transaction, deny by default, and turn errors into pages."""

    def __init__(self, get_response: Callable[[OpenRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.build_actor = import_string(settings.ACCORD_ACTOR)

    def __call__(self, request: OpenRequest) -> HttpResponse:
        begin(request, Trail(source=source_of(request)))
        saying.hear(request)
        response = self._respond(request)
        saying.tell(request, response)
        return response

    def _respond(self, request: OpenRequest) -> HttpResponse:
        session = request.session_state
        if elsewhere := instead(request):
            return elsewhere
        speak(request)
        trail = request.trail
        ticket, shown = session.ticket if session else "", []
        if _is_alone(request):
            return self._alone(request, ticket)
        try:
            with acting(ticket, reading=request.method in READING, trail=trail):
                if session and session.membership:
                    request.actor = self.build_actor(session, trail)
                    timezone.activate(request.actor.zone)
                if request.actor is not None:
                    request.typed_before = kept_forms.asked_for(request)
                response = self.get_response(request)
                if request.actor is not None:
                    kept_forms.used(request, response)
                if claim := request.claim:
                    once.of_form_done(request, claim, response) if response.status_code < 400 else None
                if response.status_code >= 400 and not request.keeps:
                    transaction.set_rollback(True)
                    shown = [event for event in trail.events if _was_shown(event, response.status_code)]
                    trail.events = []
            if response.status_code >= 400:
                self._record_refusal(request, ticket, response.status_code, shown)
        except (*AWAY, LogDown):
            return database_away(request)
        finally:
            timezone.deactivate()
        return response

    def _alone(self, request: OpenRequest, ticket: str) -> HttpResponse:
        """Handle a view that checks a passphrase.

        The request waits in line, and the view's services open their own transactions.
        """
        session = request.session_state
        try:
            with turnstile.place(source_of(request)):
                if session and session.membership:
                    with acting(ticket, reading=True):
                        request.actor = self.build_actor(session, request.trail)
                    timezone.activate(request.actor.zone)
                response = self.get_response(request)
            if response.status_code >= 400:
                self._record_refusal(request, ticket, response.status_code)
        except Busy as error:
            return refusal(request, error)
        except (*AWAY, LogDown):
            return database_away(request)
        finally:
            timezone.deactivate()
        return response

    def process_view(self, request: OpenRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Refuse a view without a mark, and check the marks of all other views."""
        how = getattr(view, "access", None)
        if how is not None and "by_method" in how:  # at an API address, each operation has its own mark
            method = "GET" if request.method == "HEAD" else request.method
            if method not in how["by_method"]:
                return None  # the address itself says which methods it accepts
            how = how["by_method"][method]
        if how is None:
            return refusal(request, Refused(code="unmarked"))
        request.keeps = how.get("keeps", False)
        actor = request.actor
        if how["to"] == "all":
            return None
        if how["to"] == "signing_in":
            return None if request.session_state else redirect(place("sign-in"))
        if actor is None:
            if how.get("theirs"):
                return closed(request)
            if how["to"] == "role" and request.method == "POST" and (kept := kept_forms.keep(request)):
                return to_kept(request, kept)
            return _to_sign_in(request)
        instead = _instead(request, actor, how["action"]) if how["to"] == "role" else None
        if instead is None and request.method == "POST" and getattr(view, "creates", False):
            instead = self._claim(request)
        if instead is None:
            saying.by_default(request)
        return instead

    def _claim(self, request: OpenRequest) -> HttpResponse | None:
        """Claim a form that adds something. If it was already sent, return the page that leads to the result."""
        try:
            claim = once.of_form(request)
        except once.SavedBefore as before:
            return saved_before(request, before.where)
        if isinstance(claim, HttpResponse):
            return claim
        request.claim = claim
        return None

    def process_exception(self, request: OpenRequest, error: Exception) -> HttpResponse | None:
        """Turn known errors into pages."""
        if isinstance(error, AWAY):
            # Django would turn this error into a plain 500 before it reaches __call__. A lost database or a full disk
            # has its own page.
            return database_away(request)
        if isinstance(error, Http404):
            return refusal(request, Hidden())
        if isinstance(error, (CannotOpen, DatabaseError)):
            return refusal(request, AccordError())
        return refusal(request, error) if isinstance(error, AccordError) else None

    def _record_refusal(
        self, request: OpenRequest, ticket: str, status: int, shown: Sequence[dict[str, Any]] = ()
    ) -> None:
        """Record every refusal in the same form: the route and the status, never what was requested.

        First record what was read for a form that is shown again, because that form discloses information just as any
        page does (acceptance line 101).
        """
        actor = request.actor
        if actor is None:
            return
        match = request.resolver_match
        trail = Trail(source_of(request), request.trail.ring, [*shown])
        with acting(ticket, trail=trail):
            trail.add(actor.agency, match.view_name if match else "no-route", _outcome(request, status))
            if status == 429:
                for alarm in listening("unusual-reading"):
                    alarm()


def _was_shown(event: dict[str, Any], status: int) -> bool:
    """Return True if the user saw what this event is about, even though the request was rolled back.

    A form that is shown again still shows what was read for it. A page about a hidden or forbidden item shows nothing.
    """
    return status in (409, 422) and audit.is_reading(event["action"])


def _is_alone(request: OpenRequest) -> bool:
    """Return True if this POST is handled outside a transaction (`marks.signs_in`)."""
    if request.method != "POST":
        return False
    try:
        found = resolve(request.path_info)
    except Resolver404:
        return False
    return bool(getattr(found.func, "access", {}).get("alone"))


def _outcome(request: OpenRequest, status: int) -> str:
    """Return the outcome to log.

    Hidden and forbidden items are logged the same way, unless the decision depended only on the role or the actor's
    agency was a party to the share.
    """
    if status not in (403, 404) or request.role_refused:
        return f"status_{status}"
    return "no_longer" if request.was_shared else "not_found"


def source_of(request: OpenRequest) -> str:
    """Return the network address that the request came from.

    X-Forwarded-For is trusted only from a proxy in ACCORD_PROXIES. The header is read from its end, and the first
    address that is not a trusted proxy is returned, because anyone can forge the addresses to the left of it.
    """
    source = request.META.get("REMOTE_ADDR", "")
    for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        if not _is_proxy(source) or not (address := turnstile.address(hop)):
            break
        source = str(address)
    return source


def _is_proxy(text: str) -> bool:
    address = turnstile.address(text)
    return address is not None and any(address in network for network in settings.ACCORD_PROXIES)


def _instead(request: OpenRequest, actor: Actor, action: str) -> HttpResponse | None:
    """Return the response for an actor who may not perform the view's action now, or None if they may."""
    if actor.waits:
        return refusal(request, Refused(code="waits")) if for_machines(request) else redirect(place("wait-for-access"))
    decision = may(actor, action)
    if not decision:
        return refusal(request, Refused(decision.words, code="role", remedy=decision.remedy))
    if actor.trained or not actions()[action].about_person:
        return None
    # Content stays closed until the yearly training or access agreement is renewed (acceptance line 91).
    lapsed = Refused(N_("Your yearly training or access agreement has expired."), code="training")
    return refusal(request, lapsed) if for_machines(request) else redirect(place("renew-access"))


def _to_sign_in(request: OpenRequest) -> HttpResponse:
    if for_machines(request):
        return refusal(request, NotSignedIn())
    session = request.session_state
    if session is None:
        return redirect(place("sign-in"))
    return redirect(place("second-factor") if session.pending else place("choose-agency"))
