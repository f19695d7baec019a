"""One transaction per request, owned here: set the actor, run the view, append the log last, commit, then send.

A status of 400 or more rolls everything back, and the refusal is recorded in a second short transaction, in one shape
whether or not the thing exists. The same `acting` serves the command line, the demo and the tests.
"""

from __future__ import annotations

import functools
import json
import logging
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InternalError, OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from accord.access.codes import PERSON_ACTIONS
from accord.access.rules import may, needs_step_up
from accord.accounts import drafts
from accord.core import clock
from accord.core.errors import AccordError, Hidden, Invalid, NotSignedIn, Refused
from accord.core.text import N_
from accord.vault import queries as vault
from accord.vault import ring as rings
from accord.vault.sealing import CannotOpen

OPEN_DETAILS = frozenset({"period"})  # of an event these stay readable: `audit_may_append` looks at them
READING = frozenset({"GET", "HEAD"})
alarm = logging.getLogger("accord.alarm")
# The database is gone, its disk is full, or a quota or limit of its files is reached (which PostgreSQL calls internal).
AWAY = (OperationalError, InternalError)


@dataclass
class Trail:
    """What this transaction will append to the log, one event per action with the list of ids it was about."""

    source: str = ""
    ring: rings.Ring | None = None  # of whoever acts: her own agency's details are sealed under its log key
    events: list[dict[str, Any]] = field(default_factory=list)

    def add(self, chain: uuid.UUID, action: str, outcome: str = "done", about: Any = (), **details: Any) -> None:
        """Note one event. `about` are person ids; details are ids and codes, never content, and are sealed."""
        said = {key: value for key, value in details.items() if value is not None}
        self.events.append(
            {
                "chain": str(chain),
                "action": action,
                "outcome": outcome,
                "source": self.source,
                "about": [str(person) for person in about],
                "details": {key: value for key, value in said.items() if key not in OPEN_DETAILS},
                **{key: value for key, value in said.items() if key in OPEN_DETAILS},
            }
        )

    def write(self) -> None:
        """Append everything, last in the transaction: the chain heads stay locked for microseconds."""
        if self.events:
            self._seal()
            with connection.cursor() as cursor:
                cursor.execute("select accord.audit_append(%s::jsonb)", [json.dumps(self.events, default=str)])
            self.events = []

    def _seal(self) -> None:
        """Details go sealed to the agency whose log it is. One that has no log key yet (its first officer has not come)
        gets the event without them."""
        home = self.ring if self.ring is not None and rings.LOG_KEY in self.ring.codes() else None
        inward = {uuid.UUID(e["chain"]) for e in self.events if e["details"] and not (home and _at_home(e, home))}
        publics = vault.newest_public(agencies=inward, code=rings.LOG_KEY) if inward else {}
        for event in self.events:
            details, bound = event.pop("details"), rings.details_bound(event["chain"], event)
            towards = publics.get(uuid.UUID(event["chain"]))
            if details and home and _at_home(event, home):
                event.update(rings.seal_details(details, bound, home))
            elif details and towards:
                event.update(rings.seal_details_towards(details, bound, *towards))


def _at_home(event: dict[str, Any], ring: rings.Ring) -> bool:
    return bool(event["chain"] == str(ring.agency))


@dataclass
class Actor:
    """Who acts, for which agency, as what; with the keys that her role may use, in memory only."""

    account: uuid.UUID
    membership: uuid.UUID
    agency: uuid.UUID
    agency_name: str
    agency_kind: str
    zone: str
    name: str
    roles: frozenset[str]
    purpose: str
    ring: Any
    trail: Trail
    trained: bool = True
    factor_at: datetime | None = None
    waits: bool = False  # a new passphrase by a reset: no role and no key until an officer lets her back in
    # Of a machine client only: the kinds that it may add to, sealed inwards. None for a colleague.
    inward: frozenset[str] | None = None

    def __post_init__(self) -> None:
        self.trail.ring = self.ring

    def log(self, action: str, outcome: str = "done", about: Any = (), **details: Any) -> None:
        """Note one event in the actor's own agency's chain."""
        self.trail.add(self.agency, action, outcome, about, **details)

    def opens(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """The details of an event in her own agency's log, or nothing where her keys do not open them."""
        return rings.open_details(str(self.agency), event, self.ring)


class LogDown(AccordError):
    """The log cannot be written, so nothing is read or changed (acceptance line 104). Whoever runs the hub is told."""

    code = "log_down"
    status = 503


class StepUpNeeded(Invalid):
    """The second factor has to be shown again before this (acceptance line 98)."""

    code = "step_up"
    sentence = N_("Enter the six digits that your authenticator shows now.")


def require(actor: Actor, action: str) -> None:
    """The door for everything that is decided by role. Raises Refused, or StepUpNeeded for what wants a fresh factor."""
    decision = may(actor.roles, action)
    if not decision:
        raise Refused(decision.words, code="role", remedy=decision.remedy)
    require_fresh_factor(actor, action)


def require_fresh_factor(actor: Actor, action: str) -> None:
    """Raises StepUpNeeded when this action wants a second factor not older than five minutes."""
    if needs_step_up(action, actor.factor_at, clock.now()):
        raise StepUpNeeded(fields={"step_up_code": StepUpNeeded.sentence})


BEGINS = "select accord.now(), set_config('accord.ticket', %s, true)"
READER_BEGINS = f"{BEGINS}, set_config('role', 'accord_reader', true)"


@contextmanager
def acting(ticket: str, *, reading: bool = False, trail: Trail | None = None) -> Iterator[Trail]:
    """A transaction as the holder of this ticket ('' for nobody). Appends the trail before it commits."""
    trail = trail if trail is not None else Trail()
    with clock.standing_still(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(READER_BEGINS if reading else BEGINS, [ticket])
            clock.stand(cursor.fetchone()[0])
        yield trail
        try:
            trail.write()
        except AWAY:
            raise
        except DatabaseError as error:
            alarm.critical("The log of who did what cannot be written: every page is refused until it can. Look now.")
            raise LogDown from error


# Who may call a view. Every view carries one of these marks; without one it is refused (default deny). ---------------


def _mark(view: Callable[..., HttpResponse], **how: Any) -> Callable[..., HttpResponse]:
    view.access = how  # type: ignore[attr-defined]
    return view


def open_to_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Anyone, signed in or not."""
    return _mark(view, to="all")


def signs_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Anyone; and a wrong try stays counted although its page is a refusal."""
    return _mark(view, to="all", keeps=True)


def open_while_signing_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A browser between passphrase, second factor and choice of agency."""
    return _mark(view, to="signing_in", keeps=True)


def needs(action: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Somebody acting for an agency in a role that has this action. What she may do to whom is decided further in."""
    return functools.partial(_mark, to="role", action=action)


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Anybody acting for an agency: pages of her own, with nothing about a person."""
    return _mark(view, to="member")


class ActingMiddleware:
    """The innermost middleware. See the module's docstring."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.build_actor = import_string(settings.ACCORD_ACTOR)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = getattr(request, "session_state", None)
        trail = Trail(source=source_of(request))
        request.trail, request.actor = trail, None  # type: ignore[attr-defined]
        ticket = session.ticket if session else ""
        try:
            with acting(ticket, reading=request.method in READING, trail=trail):
                if session and session.membership:
                    request.actor = self.build_actor(session, trail)  # type: ignore[attr-defined]
                    timezone.activate(request.actor.zone)  # type: ignore[attr-defined]
                if request.actor is not None:  # type: ignore[attr-defined]
                    request.written = drafts.asked_for(request)  # type: ignore[attr-defined]
                response = self.get_response(request)
                if request.actor is not None:  # type: ignore[attr-defined]
                    drafts.used(request, response)
                if response.status_code >= 400 and not getattr(request, "keeps", False):
                    transaction.set_rollback(True)
                    trail.events = []
            if response.status_code >= 400:
                self._record_refusal(request, ticket, response.status_code)
        except (*AWAY, LogDown):
            return import_string("accord.access.views.database_away")(request)
        finally:
            timezone.deactivate()
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Default deny: a view without a mark is nobody's."""
        how = getattr(view, "access", None)
        if how is not None and "by_method" in how:  # an address of the API: each operation has its own mark
            if request.method not in how["by_method"]:
                return None  # the address answers which methods it has
            how = how["by_method"][request.method]
        if how is None:
            return _page_of(request, Refused(code="unmarked"))
        request.keeps = how.get("keeps", False)  # type: ignore[attr-defined]
        actor = request.actor  # type: ignore[attr-defined]
        if how["to"] == "all":
            return None
        if how["to"] == "signing_in":
            return None if getattr(request, "session_state", None) else redirect("accounts:sign_in")
        if actor is None:
            if how["to"] == "role" and request.method == "POST" and drafts.keep(request):
                return redirect(f"{reverse('accounts:sign_in')}?kept=1")
            return _to_sign_in(request)
        if how["to"] == "role":
            if actor.waits:
                return (
                    _page_of(request, Refused(code="waits")) if for_machines(request) else redirect("agencies:waiting")
                )
            decision = may(actor.roles, how["action"])
            if not decision:
                return _page_of(request, Refused(decision.words, code="role", remedy=decision.remedy))
            if not actor.trained and how["action"] in PERSON_ACTIONS:
                return renew_first(request)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn known errors into pages."""
        if isinstance(error, Http404):
            error = Hidden()
        if isinstance(error, CannotOpen):
            error = AccordError()
        if isinstance(error, AWAY):
            # Django would make it a plain 500 before it reaches __call__: a lost database or a full disk says so.
            away: HttpResponse = import_string("accord.access.views.database_away")(request)
            return away
        if isinstance(error, DatabaseError):
            error = AccordError()
        if isinstance(error, AccordError):
            return _page_of(request, error)
        return None

    def _record_refusal(self, request: HttpRequest, ticket: str, status: int) -> None:
        """One shape for all: the route and the status, never what was asked for."""
        actor = request.actor  # type: ignore[attr-defined]
        if actor is None:
            return
        match = request.resolver_match
        with acting(ticket, trail=Trail(source=source_of(request))) as trail:
            # A shape of its own: a stored refusal says `not_found` unless the actor's agency was a party to the share.
            outcome = "no_longer" if status == 403 and getattr(request, "was_shared", False) else "not_found"
            outcome = (
                outcome if status in (403, 404) and not getattr(request, "role_refused", False) else f"status_{status}"
            )
            trail.add(actor.agency, match.view_name if match else "no-route", outcome)
            if status == 429:
                with connection.cursor() as cursor:
                    cursor.execute("select accord.alarm_unusual_reading()")


def source_of(request: HttpRequest) -> str:
    """The network address of whoever asks. A proxy's word is taken only if it is one of ACCORD_PROXIES: from the end of
    X-Forwarded-For, the first address that is none of them; what stands before it, anybody can write."""
    source = request.META.get("REMOTE_ADDR", "")
    for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        if not _is_proxy(source) or not (said := _address(hop)):
            break
        source = str(said)
    return source


def _is_proxy(text: str) -> bool:
    said = _address(text)
    return said is not None and any(said in network for network in settings.ACCORD_PROXIES)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text.strip())
    except ValueError:
        return None


def _page_of(request: HttpRequest, error: AccordError) -> HttpResponse:
    response: HttpResponse = import_string("accord.access.views.refusal")(request, error)
    return response


def for_machines(request: HttpRequest) -> bool:
    """Whether this address belongs to the API, whose answers are JSON."""
    return request.path_info.startswith("/api/v")


def renew_first(request: HttpRequest) -> HttpResponse:
    """Content stays closed until the yearly training or access agreement is renewed (line 91)."""
    if for_machines(request):
        return _page_of(request, Refused(N_("Your yearly training or access agreement has lapsed."), code="training"))
    return redirect("agencies:renew")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if for_machines(request):
        return _page_of(request, NotSignedIn())
    session = getattr(request, "session_state", None)
    if session is None:
        return redirect("accounts:sign_in")
    return redirect("accounts:second_factor" if session.pending else "agencies:act_for")
