"""The frame of every page, with the agency the user works for and only the menu items that the user's roles may use."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from psycopg.pq import TransactionStatus

from accord.access.actors import Actor
from accord.access.codes import FIND_PERSON, ROLES
from accord.access.rules import may
from accord.accounts.kept_forms import is_kept, mark_of
from accord.accounts.queries import unseen_count
from accord.core import clock
from accord.core.rooms import Page, kept_forms, menu
from accord.law import promises
from accord.people.queries import names_to_go_on
from accord.ui.frame import Frame, Language, NavItem

IDLE_SECONDS = 30 * 60
address = functools.cache(reverse)  # for pages with no number or name in their address


def frame_of(request: HttpRequest) -> Frame:
    """Return the frame for this request's actor, or the signed-out frame."""
    languages = tuple(Language(code, str(name)) for code, name in settings.LANGUAGES)
    state = getattr(request, "session_state", None)
    leave_url = address("signin:leave") if state is not None and state.account else ""
    actor = getattr(request, "actor", None)
    base = Frame(
        exit_url=settings.ACCORD_EXIT_URL,
        leave_url=leave_url,
        languages=languages,
        language_url=address("signin:language"),
        promise=_(promises.everywhere(_keeper(actor))),
    )
    if state and state.handed:  # no name and no menu, only the idle timer, which leads to a neutral page
        page = state.handed.path
        return Frame(
            exit_url=base.exit_url, leave_url=leave_url, home_url=page, idle_seconds=IDLE_SECONDS, lock_url=page
        )
    if actor is None:
        return base
    return Frame(
        signed_in=True,
        acting_for=actor.agency_name,
        role_words=", ".join(_(ROLES[code].name) for code in sorted(actor.roles)),
        nav=_menu(actor, request.resolver_match.route if request.resolver_match else None),
        search_url=address("people:find") if may(actor, FIND_PERSON) else "",
        notices=_unseen(actor),
        notices_url=address("signin:notices"),
        account_name=actor.name,
        account_items=(
            NavItem(_("Your account"), address("signin:account")),
            NavItem(_("Switch agencies"), address("membership:act_for")),
        ),
        sign_out_url=address("signin:sign_out"),
        language_url=base.language_url,
        languages=languages,
        exit_url=base.exit_url,
        idle_seconds=IDLE_SECONDS,
        lock_url=address("signin:sign_in"),
        leave_url=leave_url,
        keep_url=address("signin:keep"),
        keeps_text=is_kept(request.path),
        page_mark=mark_of(state) if state is not None and leave_url else "",
        printed_at=clock.now() if _may_ask() else None,
        promise=base.promise,
    )


def _keeper(actor: Actor | None) -> promises.Keeper | None:
    """Return the rules for the actor's agency today.

    Returns None if the database can't answer. A general sentence is then shown.
    """
    if actor is None or not _may_ask():
        return None
    return promises.keeper(actor.facts, clock.today(actor.zone))


def _may_ask() -> bool:
    """Return True if the database can answer. An error page may be shown after a failed transaction or without a
    database.
    """
    return connection.connection is not None and (
        connection.connection.info.transaction_status == TransactionStatus.INTRANS
    )


def _menu(actor: Actor, route: str | None) -> tuple[NavItem, ...]:
    """Return the menu items that the rooms declare and the actor's roles may use.

    `route` is this page's address, with argument names in place of their values.
    """
    here = None if route is None else _page_at(route)
    shown = [page for page in menu().values() if _is_shown(actor, page)]
    return tuple(
        NavItem(
            _(page.label),
            address(page.name),
            here is not None and page.name in (here.name, here.under),
            page.icon,
            _under(page, shown, here),
        )
        for page in shown
        if not page.under
    )


def _is_shown(actor: Actor, page: Page) -> bool:
    allowed = not page.needs or bool(may(actor, page.needs))
    return allowed and not (page.unless and may(actor, page.unless))


def _under(main: Page, shown: Sequence[Page], here: Page | None) -> tuple[NavItem, ...]:
    """Return the second menu level, with the main page first. Empty if no other pages are under the main page."""
    others = [(_(page.label), page) for page in shown if page.under == main.name]
    if not others:
        return ()
    return tuple(NavItem(label, address(page.name), page is here) for label, page in [(_(main.first), main), *others])


@functools.cache
def _starts() -> tuple[tuple[str, Page], ...]:
    """Return the beginnings of each menu page's addresses, longest first."""
    found = [(start, page) for page in menu().values() for start in (address(page.name)[1:], *page.covers)]
    return tuple(sorted(found, key=lambda each: -len(each[0])))


def _page_at(route: str) -> Page | None:
    """Return the menu page that an address belongs to. The home page matches only its own address."""
    return next((page for start, page in _starts() if (route.startswith(start) if start else not route)), None)


def _unseen(actor: Actor) -> int:
    """Return the number of unseen notices, or 0 if the database can't answer."""
    return unseen_count(owner=actor.agency, membership=actor.membership) if _may_ask() else 0


def kept_title(actor: Actor, path: str) -> str:
    """Return a title for a saved form: its page's title, and the person's name if the person is one of the agency's own
    clients."""
    found = resolve(path)
    about = kept_forms().get(found.view_name)
    said = _(about) if about else _("Something you were writing")
    ref = found.kwargs.get("ref")
    name = names_to_go_on(actor=actor, refs=[ref]).get(ref, "") if ref else ""
    return f"{said} · {name}" if name else said
