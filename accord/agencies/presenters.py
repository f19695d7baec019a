"""Text and rows for an agency's pages. This module loads no data and makes no decisions."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import segno
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accord.access.codes import AGENCY_KINDS, KINDS, RING_CODES, ROLES
from accord.agencies.codes import WAITS
from accord.agencies.machines import ClientCard
from accord.agencies.queries import Colleague, FirstDay, HubAgency
from accord.agencies.served import Content, Forwarded, Paper
from accord.agencies.workflows import ServedState
from accord.core.rooms import place
from accord.core.text import N_
from accord.law.codes import PROCESS_WORDS, PURPOSE_WORDS, Process, Purpose
from accord.ui import documents
from accord.ui.components import Column, Link, Row, Step, Table, Tag, Value
from accord.ui.words import day, distance, moment


def roles(codes: Iterable[str]) -> str:
    """Return role names as comma-separated text."""
    return ", ".join(_(ROLES[code].name) for code in codes if code in ROLES)


def role_choices(kind: str) -> list[tuple[str, str]]:
    """Return the roles available in this kind of agency, each with its description."""
    return [(code, f"{capfirst(_(role.name))}: {_(role.words)}") for code, role in ROLES.items() if kind in role.within]


def kind_names(codes: Iterable[str]) -> list[str]:
    """Return the names of these kinds of information, in the order of `KINDS`."""
    chosen = set(codes)
    return [_(kind.name) for code, kind in KINDS.items() if code in chosen]


# Colleagues -------------------------------------------------------------------------------------------------------


def colleague_rows(people: Sequence[Colleague], manage: bool) -> list[Row]:
    """Return a row for each colleague. With `manage`, the rows of current colleagues link to their pages."""
    return [
        Row(
            title=one.name,
            url=reverse("agencies:colleague", args=[one.id]) if manage and not one.ended_at else "",
            detail=roles(one.roles),
            aside=_("since %(day)s") % {"day": day(one.since)} if not one.ended_at else "",
            tag=colleague_tag(one),
        )
        for one in people
    ]


def colleague_tag(one: Colleague) -> Tag | None:
    """Return a tag that says whether the colleague has left, or what they are waiting for."""
    if one.ended_at:
        return Tag("ended", _("Left on %(day)s") % {"day": day(one.ended_at)})
    if one.waits:
        return Tag("wait", _(WAITS[one.waits]))
    if one.keys_waiting:
        words = ngettext("Needs %(n)d key", "Needs %(n)d keys", one.keys_waiting)
        return Tag("wait", words % {"n": one.keys_waiting})
    return None


def invitation_rows(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return open invitations, each with the URL that withdraws it."""
    return [
        {
            "name": row.name,
            "roles": roles(row.roles),
            "since": day(row.at),
            "take_back": reverse("agencies:withdraw_invitation", args=[row.id]),
        }
        for row in rows
    ]


def renewal(codes: Sequence[str], total: int) -> dict[str, Any]:
    """Return the progress of key renewal after someone left, and who can continue it."""
    waiting = [
        _("%(what)s: %(who)s") % {"what": _ring_name(code), "who": roles(r for r in ROLES if r in RING_CODES[code])}
        for code in codes
    ]
    return {"done": total - len(codes), "total": total, "waiting": waiting}


def alone_warning(kinds: Sequence[str], on_paper: bool) -> str:
    """Return a warning about kinds that no one else can open once a colleague leaves, or ''."""
    if not kinds:
        return ""
    if on_paper:
        words = _(
            "After this, only the printed recovery key can open these kinds of information: %(kinds)s. It takes "
            "two privacy officers to use that key."
        )
    else:
        words = _(
            "No one else here can open these kinds of information: %(kinds)s. First, make sure a colleague has "
            "this role and its keys."
        )
    return words % {"kinds": ", ".join(kind_names(kinds))}


def _ring_name(code: str) -> str:
    own = {
        "search": _("Search"),
        "signing": _("Signing the audit log"),
        "submissions": _("Submitted totals"),
        "log": _("Audit log"),
    }
    return own.get(code) or _(KINDS[code].name)


def keys_waiting(people: Sequence[Colleague]) -> dict[str, int]:
    """Return how many keys colleagues should have, and how many of those they have."""
    total = sum(one.keys_due for one in people)
    return {"done": total - sum(one.keys_waiting for one in people), "total": total}


# Connected systems ------------------------------------------------------------------------------------------------


def purpose_choices(kind: str) -> list[tuple[str, str]]:
    """Return the purposes that this kind of agency can work for."""
    codes = dict.fromkeys(p for role in ROLES.values() if kind in role.within for p in role.purposes)
    return [(code, _(PURPOSE_WORDS[Purpose(code)])) for code in codes]


def system_rows(cards: Sequence[ClientCard]) -> list[dict[str, Any]]:
    """Return each connected system: what it does, when it was last used, and the URL that disconnects it."""
    return [
        {
            "name": one.name,
            "tag": system_tag(one),
            "does": "; ".join(_(ROLES[code].words) for code in one.roles),
            "writes": _("Adds: %(kinds)s") % {"kinds": ", ".join(kind_names(one.writes))} if one.writes else "",
            "reads": _("Reads: %(kinds)s") % {"kinds": ", ".join(kind_names(one.reads))} if one.reads else "",
            "notes": _system_notes(one) if one.state == "acts" else [],
            "when": _("Since %(since)s · until %(until)s · last used: %(used)s")
            % {
                "since": day(one.made_at),
                "until": day(one.expires_at - timedelta(seconds=1)),
                "used": moment(one.used_at) if one.used_at else _("never"),
            },
            "end": "" if one.ended_at else reverse("agencies:end_system", args=[one.id]),
        }
        for one in cards
    ]


def system_tag(one: ClientCard) -> Tag | None:
    """Return a tag that says whether the system is disconnected or expired."""
    if one.ended_at:
        return Tag("ended", _("Disconnected on %(day)s") % {"day": day(one.ended_at)})
    return Tag("ended", _("Expired")) if one.state == "expired" else None


def _system_notes(one: ClientCard) -> list[str]:
    notes = []
    if one.lapsed:
        words = _(
            "Keys were replaced, so this system lost access to %(kinds)s. If it still needs access, connect it again."
        )
        notes.append(words % {"kinds": ", ".join(kind_names(one.lapsed))})
    if one.waiting:
        words = _("A colleague who has the keys needs to sign in: %(kinds)s")
        notes.append(words % {"kinds": ", ".join(kind_names(one.waiting))})
    return notes


# The hub ----------------------------------------------------------------------------------------------------------


def hub_table(rows: Sequence[HubAgency]) -> Table:
    """Return a table of the hub's agencies: name, type, start date, and whether the first privacy officer has
    joined."""
    lines: list[list[Value]] = []
    for row in rows:
        again = Link(_("Invited"), reverse("agencies:hub_invite_again", args=[row.id]))
        state: Value = Tag("ok", _("Active")) if row.begun else again
        lines.append([row.name, _(AGENCY_KINDS[row.kind]), day(row.since), state])
    columns = (Column(_("Agency")), Column(_("Type")), Column(_("Since")), Column(_("Status")))
    return Table("", columns, lines)


def forwarded_table(papers: Sequence[Forwarded]) -> Table | None:
    """Return a table of the legal requests that the hub forwarded, or None if there are none."""
    lines: list[list[Value]] = [
        [process_words(paper.process), day(paper.came_on), name, _paper_state(state)]
        for paper in papers
        for name, state in paper.agencies
    ]
    columns = (Column(_("Legal request")), Column(_("Received on")), Column(_("Forwarded to")), Column(_("Status")))
    return Table("", columns, lines) if lines else None


def process_words(code: str) -> str:
    """Return a legal request's type in words. The stored code comes from the sender, so it can be unknown."""
    return _(PROCESS_WORDS[Process(code)]) if code in set(Process) else _("Can't be read")


def _paper_state(state: ServedState) -> Tag:
    return {
        ServedState.SENT: Tag("urgent", _("Not opened yet")),
        ServedState.OPENED: Tag("wait", _("Opened")),
        ServedState.TAKEN_ON: Tag("ok", _("Being handled")),
    }[state]


def paper_rows(papers: Sequence[Paper]) -> list[Row]:
    """Return an agency's legal requests as rows."""
    return [
        Row(
            title=process_words(paper.process),
            url=reverse("agencies:paper", args=[paper.id]),
            detail=_paper_days(paper),
            aside=_("forwarded %(moment)s") % {"moment": moment(paper.sent_at)},
            tag=_paper_state(paper.state),
        )
        for paper in papers
    ]


def _paper_days(paper: Paper) -> str:
    """Return the response's due date, then the date when the request came in."""
    came = _("Reached the hub on %(day)s") % {"day": day(paper.came_on)}
    if paper.due_on is None:
        return came
    due = _("No due date given")
    if paper.due_on:
        said = {"day": day(paper.due_on), "distance": distance(date.fromisoformat(paper.due_on))}
        due = _("Response due %(day)s, %(distance)s") % said
    return f"{due} · {came}"


def paper_facts(paper: Paper, content: Content) -> list[tuple[str, str]]:
    """Return the main facts of a legal request: dates, sender, reference, and how long the request is kept."""
    return [
        (_("Reached the hub"), day(paper.came_on)),
        (_("Response due"), day(content.due_on) or _("No due date given")),
        (_("Sent by"), content.sender or _("Not stated")),
        (_("Reference"), content.reference or _("Not stated")),
        (
            _("Kept until"),
            day(localdate(paper.goes_at)) if paper.goes_at else _("One year after someone starts handling this"),
        ),
    ]


WORTH = {
    True: N_(
        "This type of legal request can require a response, but only about the information named in it. Your "
        "attorney will tell you whether you have to respond."
    ),
    False: N_(
        "Under the rules for your agency, this type of legal request doesn't require you to hand anything "
        "over. Don't hand anything over because of it. Ask your attorney how to respond."
    ),
    None: N_("The rules in this system don't say what this request requires of your agency. Ask your attorney."),
}
"""What a legal request requires, by whether it can compel disclosure. None means that no rule for this agency says."""


def paper_steps(compels: bool | None) -> list[str]:
    """Return the steps to take now, in order (confidentiality.md 4.1)."""
    worth = _(WORTH[compels])
    return [
        _(
            "Call your agency's attorney today. Only the attorney or a privacy officer should respond. No one "
            "else should talk to the sender."
        ),
        _("Don't confirm or deny that anyone is a client, even by phone."),
        worth,
        _("In most places, a subpoena that a judge didn't sign isn't a court order. Your attorney can object to it."),
        _(
            "If the request is about someone you work with, tell that person soon and calmly, and ask what they "
            "want. Unless the law compels you, you need their signed release to share anything."
        ),
        _(
            "Don't destroy anything the request asks for. Place a legal hold on the person's record. You can do "
            "this on the page for erasing records."
        ),
        _(
            "On the person's page, under Subpoenas and legal requests, the colleague who works with this person "
            "should record what was received and when, and what was done."
        ),
    ]


# First day --------------------------------------------------------------------------------------------------------


def first_day(found: FirstDay, has_person: bool, invites: bool) -> list[Step]:
    """Return an agency's first steps: which are done, who does the others, and links to those that can be done now.

    The last step has no link until a second privacy officer has joined, because opening a record would be refused
    before then.
    """
    officer, keys = _("A privacy officer does this"), _("This happens when a colleague who has the keys signs in")
    people = place("find-person") if found.officers >= 2 else ""
    wanted = (
        (
            _("Two privacy officers, so that one can help when the other can't"),
            found.officers >= 2,
            "agencies:invite" if invites else "agencies:colleagues",
            officer,
        ),
        (_("All staff have their keys"), found.keys_ready, "agencies:colleagues", keys),
        (
            _("An agreement with a partner agency, signed by both agencies"),
            found.agreed,
            "agencies:agreements",
            officer,
        ),
        (_("Your first record"), has_person, people, _("A colleague who works with clients does this")),
    )
    first = next((i for i, (_words, done, _url, _who) in enumerate(wanted) if not done), len(wanted))
    return [
        Step(words, "done")
        if done
        else Step(words, "current" if i == first else "next", reverse(url) if url else "", who)
        for i, (words, done, url, who) in enumerate(wanted)
    ]


# The recovery sheet -----------------------------------------------------------------------------------------------

PAPER = """
#import "house.typ": data, house, note
#show: house.with(title: data.title, agency: data.agency, foot: data.foot, size: 12pt)
#note(data.intro)
#grid(columns: (1fr, 1fr, 1fr), row-gutter: 0.9em,
  ..data.words.enumerate().map(((i, word)) => [#(i + 1). #text(size: 1.2em, weight: 600, word)]))
#align(center, image(bytes(data.code), format: "svg", width: 6cm, alt: data.alt))
#list(..data.rules)
"""


def paper_pdf(words: str, agency: str, by: str, at: datetime) -> bytes:
    """Return the recovery sheet as a PDF with the words as text and as a QR code. The PDF is made in memory and stored
    nowhere."""
    drawn = io.BytesIO()
    segno.make(words, error="m", micro=False).save(drawn, kind="svg", border=2)
    data = {
        "title": _("Recovery key"),
        "agency": agency,
        "foot": _("Printed on %(day)s by %(who)s. When a newer sheet is printed, this one stops working.")
        % {"day": moment(at), "who": by},
        "intro": _(
            "Anyone who has this sheet and the help of one of our privacy officers can open everything we keep."
        ),
        "words": words.split(),
        "code": drawn.getvalue().decode(),
        "alt": _("The same words as a QR code"),
        "rules": [
            _("Seal it in an envelope. Put the envelope in a safe that takes two people to open."),
            _("Don't photograph it, scan it or keep a copy on any computer."),
            _(
                "It takes two privacy officers to use this sheet. One types the words, and the other confirms after "
                "signing in to their own account."
            ),
            _("When a privacy officer leaves, print a new one."),
        ],
    }
    return documents.pdf(PAPER, data, get_language() or "en", at=at)
