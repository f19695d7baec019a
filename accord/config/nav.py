"""The frame of every page: for whom one acts, and only those ways that one's role may use."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.access.codes import (
    FIND_PERSON,
    READ_PERSON,
    READ_TOTALS,
    ROLES,
)
from accord.access.rules import may
from accord.ui.frame import Frame, Language, NavItem


def ways() -> tuple[tuple[str, str, str, set[str] | None], ...]:
    """What people do, in their words; labels in the reader's language."""
    return (
        (_("Today"), "people:today", "today", None),
        (_("People"), "people:mine", "people", {READ_PERSON}),
        (_("Numbers"), "numbers:home", "numbers", {READ_TOTALS}),
    )


def frame_of(request: HttpRequest) -> Frame:
    """The frame for this request's actor, or the signed-out one."""
    languages = tuple(Language(code, str(name)) for code, name in settings.LANGUAGES)
    base = Frame(exit_url=settings.ACCORD_EXIT_URL, languages=languages, language_url=reverse("accounts:language"))
    actor = getattr(request, "actor", None)
    if actor is None:
        return base
    here = request.resolver_match.view_name if request.resolver_match else ""
    return Frame(
        signed_in=True,
        acting_for=actor.agency_name,
        role_words=", ".join(_(ROLES[code].name) for code in sorted(actor.roles)),
        nav=tuple(
            NavItem(label, reverse(name), _is_current(here, name), icon)
            for label, name, icon, actions in ways()
            if actions is None or any(may(actor.roles, action) for action in actions)
        ),
        search_url=reverse("people:find") if may(actor.roles, FIND_PERSON) else "",
        account_name=actor.name,
        account_items=(NavItem(_("Act for another agency"), reverse("agencies:act_for")),),
        sign_out_url=reverse("accounts:sign_out"),
        language_url=base.language_url,
        languages=languages,
        exit_url=base.exit_url,
        idle_seconds=30 * 60,
        lock_url=reverse("accounts:sign_in"),
    )


def _is_current(here: str, name: str) -> bool:
    if name == "people:mine":
        return here.split(":")[0] in ("people", "casework", "releases") and here != "people:today"
    return here == name if name == "people:today" else here.split(":")[0] == name.split(":")[0]
