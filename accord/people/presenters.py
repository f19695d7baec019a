"""Turn a person's page into rows and text: shares, decisions, and entries. This module loads no data and makes no
decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.access.actors import Actor
from accord.access.codes import (
    KINDS,
    ROLES,
)
from accord.access.forms import CurrentEntry
from accord.core import clock
from accord.law import promises
from accord.law.codes import PURPOSE_WORDS, Purpose
from accord.people import menu
from accord.people.codes import CONTACT_METHODS, Birth, SafeContact
from accord.people.forms import AgeForm
from accord.people.queries import Page
from accord.people.team import LetIn
from accord.sharing.codes import ShareState
from accord.sharing.queries import Item, ShareCard
from accord.ui.components import Column, Row, Sees, Table, Tag, WhoSees
from accord.ui.words import day, language_name, moment


def capitalized(words: str) -> str:
    """Return these words with the first letter capitalized and the rest unchanged."""
    return words[:1].upper() + words[1:]


def kinds(codes: Iterable[str]) -> str:
    """Return the names of these kinds, in the order of `KINDS`."""
    chosen = set(codes)
    return ", ".join(_(kind.name).lower() for code, kind in KINDS.items() if code in chosen)


def purposes(codes: Iterable[str]) -> str:
    """Return the names of these purposes."""
    # A share comes from another agency. A code that this version does not recognize must not break the page.
    known = [code for code in sorted(codes) if code in PURPOSE_WORDS]
    return "; ".join(_(PURPOSE_WORDS[Purpose(code)]).lower() for code in known)


def _grouped(shares: Sequence[ShareCard]) -> list[tuple[ShareCard, list[str]]]:
    groups: dict[Any, tuple[ShareCard, list[str]]] = {}
    for share in shares:
        if share.state == ShareState.IN_FORCE:
            groups.setdefault((share.recipient, share.basis_id), (share, []))[1].append(share.kind)
    return list(groups.values())


def _sees_additions(shares: Sequence[ShareCard]) -> dict[str, tuple[str, ...]]:
    """Return the partners that can now see new entries, by kind."""
    found: dict[str, tuple[str, ...]] = {}
    for share in shares:
        if (
            share.state == ShareState.IN_FORCE
            and share.additions
            and share.recipient_name not in found.get(share.kind, ())
        ):
            found[share.kind] = (*found.get(share.kind, ()), share.recipient_name)
    return found


def sentence(share: ShareCard, codes: Iterable[str]) -> str:
    """Return the information that one partner sees, as text, such as "name, needs, until March 3, 2026, to give legal
    help"."""
    until = share.last_day
    return _("%(kinds)s, until %(day)s, %(purposes)s") % {
        "kinds": kinds(codes),
        "day": day(until),
        "purposes": purposes(share.purposes),
    }


def record_promise(actor: Actor, today: date) -> str:
    """Return the sentence that says who will see a new record, under the law that binds the actor's agency."""
    return _(promises.of_a_record(promises.keeper(actor.facts, today))) % {"agency": actor.agency_name}


def _save_promise(actor: Actor, *, shared: bool) -> str:
    """Return who can see what was just saved, under the law that binds the actor's agency. With `shared`, the
    placeholder `%(partners)s` stays in the text."""
    keeper = promises.keeper(actor.facts, clock.today(actor.zone))
    names = {"agency": actor.agency_name.replace("%", "%%"), "partners": "%(partners)s"}
    return _(promises.of_a_save(keeper, shared=shared)) % (names if shared else {"agency": actor.agency_name})


def search_promise() -> str:
    """Return the sentence that says who will know about a search."""
    return _(promises.of_a_search())


def strip(actor: Actor, page: Page) -> WhoSees:
    """Return the lines that say who can see this person. A partner agency sees only its own line."""
    groups = _grouped(page.shares)
    why_url = reverse("people:why", args=[page.known.ref])
    if page.known.own:
        lines = [Sees(page.owner_name, _("everything each person's role allows"))]
        lines += [
            Sees(
                share.recipient_name,
                sentence(share, codes),
                _("until %(day)s") % {"day": day(share.last_day)},
            )
            for share, codes in groups
        ]
        return WhoSees(
            lines=tuple(lines),
            why_url=why_url,
            saved=(_save_promise(actor, shared=False), _save_promise(actor, shared=True)),
            partners=_sees_additions(page.shares),
            names={str(share.recipient): share.recipient_name for share in page.shares},
        )
    own = "; ".join(sentence(share, codes) for share, codes in groups)
    words = _("%(agency)s shares this with you: %(what)s") % {"agency": page.owner_name, "what": own}
    return WhoSees(own_line=words, why_url=why_url)


def person_base(actor: Actor, page: Page) -> dict[str, Any]:
    """Return what every page about a person shows: the name and who can see this person."""
    name = page.name or (_("Can't be read") if page.name_item else _("Name not shared"))
    return {"page": page, "strip": strip(actor, page), "name": name}


def contact_base(actor: Actor, page: Page) -> dict[str, Any]:
    """Return the context for a page that shows the safe contact."""
    contact = page.contact
    asked = date.fromisoformat(contact.checked_on) if contact and contact.checked_on else None
    return {**person_base(actor, page), "contact_asked": asked}


def person(actor: Actor, page: Page) -> dict[str, Any]:
    """Return the context for the person page."""
    contact = page.contact
    return {
        **contact_base(actor, page),
        "quick": menu.ways(actor, page, "top"),
        "manage": menu.ways(actor, page, "record"),
        "unreadable": kinds(code for code, items in page.items.items() if not all(item.opens for item in items)),
        "about": _about(page),
        "record": _record(page),
        "contact_url": reverse("people:edit_contact", args=[page.known.ref]) if page.known.own else "",
        "contact_how": how_to_reach(contact) if contact else "",
        "changed": changed(page, [item for items in page.items.values() for item in items]),
        "ends": min((s for s in page.shares if s.state == ShareState.IN_FORCE), key=lambda s: s.ends_at, default=None),
        "let_in": [row for _assignment, row in let_in(page.let_in)],
        "purposes": _purpose_choices(actor) if not page.known.own else [],
        "purpose": actor.purpose,
        "purpose_words": purposes([actor.purpose]) if actor.purpose else "",
    }


def how_to_reach(contact: SafeContact | None) -> str:
    """Return the contact method in words. If there is no entry, the words say that no one has asked yet."""
    if contact is None:
        return _("Safe contact: not asked yet")
    return _(CONTACT_METHODS[contact.method]) if contact.method else _("No contact method chosen")


def _about(page: Page) -> str:
    parts = [page.name_item.payload.pronouns if page.name_item else "", age(page)]
    if page.contact and page.contact.language:
        parts.append(_("language: %(language)s") % {"language": language_name(page.contact.language)})
    if not page.known.own:
        parts.append(_("shared by %(agency)s") % {"agency": page.owner_name})
    return " · ".join(part for part in parts if part)


def _record(page: Page) -> str:
    """Return when one of the agency's own records was opened and who is assigned to it. Return '' for a shared
    person."""
    if not page.known.own:
        return ""
    opened = _("Record opened %(day)s.") % {"day": day(page.known.opened_on)}
    whose = _("Assigned to %(names)s.") % {"names": ", ".join(page.keepers)} if page.keepers else _("Unassigned.")
    return f"{opened} {whose}"


def age(page: Page) -> str:
    """Return the age today, or both possible ages if only a year or an age in years is known."""
    if page.age is None or page.age_at_most is None:
        return ""
    if page.age == page.age_at_most:
        return ngettext("%(age)d year old", "%(age)d years old", page.age) % {"age": page.age}
    return _("%(least)d or %(most)d years old") % {"least": page.age, "most": page.age_at_most}


def _purpose_choices(actor: Actor) -> list[tuple[str, str]]:
    codes = dict.fromkeys(p for code in sorted(actor.roles) for p in ROLES[code].purposes)
    return [(code, _(PURPOSE_WORDS[Purpose(code)])) for code in codes]


def changed(page: Page, items: Sequence[Item]) -> str:
    """Return when the newest of these entries was saved and who saved it. Return '' for a shared person, because a
    partner is not told who else works with them. The name is left out if the writer was never assigned to the
    person."""
    if not page.known.own or not items:
        return ""
    last = max(items, key=lambda item: item.at)
    words = {"at": moment(last.at), "who": page.colleagues.get(last.by, "")}
    return (_("Last change: %(at)s, by %(who)s.") if words["who"] else _("Last change: %(at)s")) % words


def newest(
    page: Page, item: Item | None, initial_of: Callable[[Any], Mapping[str, Any]] = vars, otherwise: Any = None
) -> CurrentEntry:
    """Return an entry the way its form shows it, or `otherwise` if there is no entry."""
    initial = initial_of(item.payload) if item else otherwise or {}
    return CurrentEntry(page, item, initial, changed(page, [item] if item else []))


def edited(page: Page, item: Item | None) -> CurrentEntry:
    """Return an entry the way its form shows it, with every warning still in effect and the age as of today."""
    shown = newest(page, item)
    if item is not None and item.type == SafeContact.code:
        return replace(shown, initial={**shown.initial, "never": "; ".join(page.never)})
    if item is not None and item.type == Birth.code:
        return replace(shown, initial=AgeForm.initial_of(item.payload, localdate(clock.now())))
    return shown


def looked(lines: Sequence[Any]) -> list[Row]:
    """List who opened the record, newest first, with one row per colleague and day."""
    visits: dict[tuple[str, date], tuple[Any, set[str]]] = {}
    for line in lines:
        who = f"{line.by}, {line.partner}" if line.partner else line.by
        visits.setdefault((who, localdate(line.at)), (line, set()))[1].update(line.kinds)
    return [Row(title=who, detail=kinds(codes), aside=moment(line.at)) for (who, _day), (line, codes) in visits.items()]


def reasons(page: Page) -> Table:
    """Return a table of all kinds, readable ones first. Kinds with the same answer share a row. Each row shows whether
    the actor can read them, why, what would change that, and what the decision is based on."""
    grouped: dict[tuple[bool, str, str, str], list[str]] = {}
    for code in sorted(KINDS, key=lambda code: not page.decisions[code]):
        decision = page.decisions[code]
        remedy = _(decision.remedy) if decision.remedy else ""
        words = (bool(decision), _(decision.words), remedy, _basis_words(page, decision))
        grouped.setdefault(words, []).append(code)
    yes, no = Tag("ok", _("You can see this")), Tag("plain", _("You can't see this"))
    rows = [
        (_(KINDS[codes[0]].name) if len(codes) == 1 else capitalized(kinds(codes)), yes if open_ else no, *words)
        for (open_, *words), codes in grouped.items()
    ]
    labels = (_("Kind of information"), _("Your access"), _("Why"), _("What you can do"), _("Basis for access"))
    return Table("", tuple(Column(label) for label in labels), rows)


def bases() -> dict[str, str]:
    """Return the name of each basis for sharing."""
    return {
        "release": _("release"),
        "order": _("legal requirement"),
        "mandate": _("duty to report"),
        "official": _("right and need to know"),
    }


def _basis_words(page: Page, decision: Any) -> str:
    """Return what a decision is based on: an assignment, or each share with its agency and last day."""
    shares = {f"share:{share.id}": share for share in page.shares}
    words = [_("assignment") for basis_id in decision.based_on if basis_id.startswith("assignment:")]
    for share in (shares[basis_id] for basis_id in decision.based_on if basis_id in shares):
        what = bases().get(share.basis, _("share"))
        values = {"what": capitalized(what), "agency": share.owner_name, "day": day(share.last_day)}
        words.append(_("%(what)s from %(agency)s, until %(day)s") % values)
    return "; ".join(words)


def let_in(rows: Sequence[LetIn]) -> list[tuple[Any, Row]]:
    """List colleagues who got access from a supervisor, with the assignment id, the reason, who decided, and when the
    access ends."""
    return [
        (
            one.assignment,
            Row(
                title=one.who,
                quote=one.reason,
                detail=_("access given by %(by)s on %(day)s") % {"by": one.by, "day": day(localdate(one.at))},
                aside=_("until %(day)s") % {"day": day(last_day(one.ended_at))} if one.ended_at else _("no end date"),
            ),
        )
        for one in rows
    ]


def last_day(ended_at: datetime) -> date:
    """Return the last day before this end time. If the end time is midnight, that is the day before."""
    return localdate(ended_at - timedelta(microseconds=1))
