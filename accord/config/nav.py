"""The frame of every page: the agency the user works for, and only the menu items that their role may use."""

from __future__ import annotations

import functools

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from psycopg.pq import TransactionStatus

from accord.access.actors import Actor
from accord.access.codes import (
    CONNECT_SYSTEM,
    ERASE_PERSON,
    FIND_PERSON,
    FORWARD_PAPER,
    GRANT_ACCESS,
    INVITE_AGENCY,
    READ_AUDIT,
    READ_HUB_LOG,
    READ_PAPERS,
    READ_PERSON,
    READ_TOTALS,
    ROLES,
)
from accord.access.rules import may
from accord.accounts.drafts import mark_of
from accord.accounts.queries import unseen_count
from accord.core import clock
from accord.core.text import N_
from accord.law import promises
from accord.people.queries import name_to_go_on
from accord.ui.frame import Frame, Language, NavItem

IDLE_SECONDS = 30 * 60
ON_TODAY = ("people:today", "people:done_tasks")
address = functools.cache(reverse)  # for pages without a number or a name in their address


def ways() -> tuple[tuple[str, str, str, set[str] | None], ...]:
    """Return the main menu; labels in the reader's language."""
    return (
        (_("Today"), "people:today", "today", None),
        (_("People"), "people:mine", "people", {READ_PERSON}),
        (_("Reports"), "numbers:home", "numbers", {READ_TOTALS}),
        (_("Our agency"), "agencies:colleagues", "agency", None),
        (_("Hub"), "agencies:hub", "coalition", {INVITE_AGENCY}),
    )


def parts() -> dict[str, tuple[tuple[str, str, str | None], ...]]:
    """Return the second level of the menu: the pages under each item, with the action they need."""
    return {
        "people:mine": (
            (_("My clients"), "people:mine", None),
            (_("All clients"), "people:all", GRANT_ACCESS),
        ),
        "agencies:colleagues": (
            (_("Staff"), "agencies:colleagues", None),
            (_("Legal requests"), "agencies:papers", READ_PAPERS),  # they have deadlines
            (_("Agreements"), "agencies:agreements", None),
            (_("Erasures"), "people:erasures", ERASE_PERSON),
            (_("Connected systems"), "agencies:systems", CONNECT_SYSTEM),
            (_("Audit log"), "agencies:log", READ_AUDIT),
        ),
        "agencies:hub": (
            (_("Agencies"), "agencies:hub", INVITE_AGENCY),
            (_("Legal requests"), "agencies:hub_papers", FORWARD_PAPER),
            (_("Audit log"), "agencies:hub_log", READ_HUB_LOG),
        ),
    }


def frame_of(request: HttpRequest) -> Frame:
    """Return the frame for this request's actor, or the signed-out one."""
    languages = tuple(Language(code, str(name)) for code, name in settings.LANGUAGES)
    state = getattr(request, "session_state", None)
    leave_url = address("accounts:leave") if state is not None and state.account else ""
    actor = getattr(request, "actor", None)
    base = Frame(
        exit_url=settings.ACCORD_EXIT_URL,
        leave_url=leave_url,
        languages=languages,
        language_url=address("accounts:language"),
        promise=_(promises.everywhere(_keeper(actor))),
    )
    if state and state.handed:  # no name, no menu: only the clock, which leads to a neutral page
        page = state.handed.path
        return Frame(
            exit_url=base.exit_url, leave_url=leave_url, home_url=page, idle_seconds=IDLE_SECONDS, lock_url=page
        )
    if actor is None:
        return base
    here = request.resolver_match.view_name if request.resolver_match else ""
    return Frame(
        signed_in=True,
        acting_for=actor.agency_name,
        role_words=", ".join(_(ROLES[code].name) for code in sorted(actor.roles)),
        nav=tuple(
            NavItem(label, address(name), _is_current(here, name), icon, _children(actor, here, name))
            for label, name, icon, actions in ways()
            if actions is None or any(may(actor.roles, action) for action in actions)
        ),
        search_url=address("people:find") if may(actor.roles, FIND_PERSON) else "",
        notices=_unseen(actor),
        notices_url=address("accounts:notices"),
        account_name=actor.name,
        account_items=(
            NavItem(_("Your account"), address("accounts:account")),
            NavItem(_("Switch agencies"), address("agencies:act_for")),
        ),
        sign_out_url=address("accounts:sign_out"),
        language_url=base.language_url,
        languages=languages,
        exit_url=base.exit_url,
        idle_seconds=IDLE_SECONDS,
        lock_url=address("accounts:sign_in"),
        leave_url=leave_url,
        keep_url=address("accounts:keep"),
        page_mark=mark_of(state) if state is not None and leave_url else "",
        printed_at=clock.now() if _may_ask() else None,
        promise=base.promise,
    )


def _keeper(actor: Actor | None) -> promises.Keeper | None:
    """Return what applies to the actor's agency today. None if the day can't be asked for: then the general line is shown."""
    if actor is None or not _may_ask():
        return None
    return promises.keeper(actor.facts, clock.today(actor.zone))


def _may_ask() -> bool:
    """Return True if the database can be asked. An error page may be shown after its transaction failed, or without a
    database.
    """
    return connection.connection is not None and (
        connection.connection.info.transaction_status == TransactionStatus.INTRANS
    )


def _is_current(here: str, name: str) -> bool:
    if here == "people:erasures":
        return name == "agencies:colleagues"
    if name == "people:mine":
        return here.split(":")[0] in ("people", "casework", "releases") and here not in ON_TODAY
    if here in ("agencies:act_for", "agencies:renew"):
        return False
    if here.startswith("agencies:"):
        return (name == "agencies:hub") == here.startswith("agencies:hub") and name.startswith("agencies:")
    return here in ON_TODAY if name == "people:today" else here.split(":")[0] == name.split(":")[0]


def _children(actor: Actor, here: str, name: str) -> tuple[NavItem, ...]:
    shown = [part for part in parts().get(name, ()) if part[2] is None or may(actor.roles, part[2])]
    if may(actor.roles, READ_HUB_LOG):  # the hub's own log is this one, and is under Hub
        shown = [part for part in shown if part[1] != "agencies:log"]
    if len(shown) < 2:
        return ()
    at = _part(here)
    return tuple(NavItem(label, address(page), page == at) for label, page, _action in shown)


AGREEMENT_PAGES = ("agencies:keys", "agencies:check_keys", "agencies:add_members", "agencies:close_request")


def _part(here: str) -> str:
    """Return the menu page that a page belongs to."""
    if here in AGREEMENT_PAGES or "agreement" in here or "coalition" in here:
        return "agencies:agreements"
    if "system" in here:
        return "agencies:systems"
    if here in ("agencies:papers", "agencies:paper"):
        return "agencies:papers"
    if here in ("agencies:hub_papers", "agencies:hub_forward"):
        return "agencies:hub_papers"
    if here in ("agencies:log", "agencies:hub_log", "people:erasures"):
        return here
    if here.startswith(("people:", "casework:", "releases:")):
        return "people:all" if here in ("people:all", "people:team", "people:bar") else "people:mine"
    return "agencies:hub" if here.startswith("agencies:hub") else "agencies:colleagues"


def _unseen(actor: Actor) -> int:
    """Return the number of notices not seen yet; 0 if the database can't be asked."""
    return unseen_count(owner=actor.agency, membership=actor.membership) if _may_ask() else 0


def kept_title(actor: Actor, path: str) -> str:
    """Return what a kept form was about: which page, and which person if the agency's own."""
    found = resolve(path)
    about = KEPT_PAGES.get(found.view_name)
    said = _(about) if about else _("Something you were writing")
    name = name_to_go_on(actor=actor, ref=found.kwargs["ref"]) if "ref" in found.kwargs else ""
    return f"{said} · {name}" if name else said


KEPT_PAGES = {
    "casework:add_note": N_("A note"),
    "casework:add_need": N_("A need"),
    "casework:change_need": N_("A need"),
    "casework:add_service": N_("Services"),
    "casework:change_service": N_("Services"),
    "casework:change_note": N_("A note"),
    "casework:note_exploitation": N_("Type of trafficking"),
    "casework:note_immigration": N_("Immigration"),
    "casework:add_application": N_("Immigration"),
    "casework:change_application": N_("Immigration"),
    "people:new": N_("A new record"),
    "people:edit_name": N_("Name"),
    "people:edit_age": N_("Age"),
    "people:edit_contact": N_("Safe contact"),
    "people:assign": N_("Assign a colleague"),
    "people:team": N_("Who works with this person"),
    "people:bar": N_("Who works with this person"),
    "people:hold": N_("Legal hold"),
    "people:erase": N_("Erase this record"),
    "releases:terms": N_("A release"),
    "releases:sign": N_("A release"),
    "releases:withdraw": N_("A release"),
    "releases:new_member": N_("Family member or other contact"),
    "releases:member": N_("Family member or other contact"),
    "releases:paper_new": N_("A legal request"),
    "releases:paper_step": N_("A legal request"),
    "releases:paper_hand_over": N_("A legal request"),
    "releases:paper_close": N_("A legal request"),
}
