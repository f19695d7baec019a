"""Text and rows for the staff and hub pages. This module loads no data and makes no decisions."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import segno
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accord.access.codes import AGENCY_KINDS, KINDS, RING_CODES, ROLES
from accord.agencies.presenters import kind_names, roles
from accord.agencies.queries import HubAgency
from accord.core.rooms import place
from accord.membership.codes import WAITS
from accord.membership.queries import Colleague, FirstDay
from accord.ui import documents
from accord.ui.components import Column, Link, Row, Step, Table, Tag, Value
from accord.ui.words import day, moment

# Colleagues -------------------------------------------------------------------------------------------------------


def colleague_rows(people: Sequence[Colleague], manage: bool) -> list[Row]:
    """Return a row for each colleague. With `manage`, the rows of current colleagues link to their pages."""
    return [
        Row(
            title=one.name,
            url=reverse("membership:colleague", args=[one.id]) if manage and not one.ended_at else "",
            detail=roles(one.roles),
            aside=_("since %(day)s") % {"day": day(one.since)} if not one.ended_at else "",
            tag=colleague_tag(one),
        )
        for one in people
    ]


def colleague_tag(one: Colleague) -> Tag | None:
    """Return a tag that shows whether the colleague has left, or what they are waiting for."""
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
            "take_back": reverse("membership:withdraw_invitation", args=[row.id]),
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


def alone_warning(kinds: Sequence[str], on_recovery_sheet: bool) -> str:
    """Return a warning about kinds that no one else can open once a colleague leaves, or ''."""
    if not kinds:
        return ""
    if on_recovery_sheet:
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


# The hub ----------------------------------------------------------------------------------------------------------


def hub_table(rows: Sequence[HubAgency]) -> Table:
    """Return a table of the hub's agencies: name, type, start date, and whether the first privacy officer has
    joined."""
    lines: list[list[Value]] = []
    for row in rows:
        again = Link(_("Invited"), reverse("membership:hub_invite_again", args=[row.id]))
        state: Value = Tag("ok", _("Active")) if row.begun else again
        lines.append([row.name, _(AGENCY_KINDS[row.kind]), day(row.since), state])
    columns = (Column(_("Agency")), Column(_("Type")), Column(_("Since")), Column(_("Status")))
    return Table("", columns, lines)


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
            "membership:invite" if invites else "membership:colleagues",
            officer,
        ),
        (_("All staff have their keys"), found.keys_ready, "membership:colleagues", keys),
        (
            _("An agreement with a partner agency, signed by both agencies"),
            found.agreed,
            place("agreements"),
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

RECOVERY_SHEET = """
#import "house.typ": data, house, note
#show: house.with(title: data.title, agency: data.agency, foot: data.foot, size: 12pt)
#note(data.intro)
#grid(columns: (1fr, 1fr, 1fr), row-gutter: 0.9em,
  ..data.words.enumerate().map(((i, word)) => [#(i + 1). #text(size: 1.2em, weight: 600, word)]))
#align(center, image(bytes(data.code), format: "svg", width: 6cm, alt: data.alt))
#list(..data.rules)
"""


def recovery_sheet_pdf(words: str, agency: str, by: str, at: datetime) -> bytes:
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
            _("When a privacy officer leaves, print a new sheet."),
        ],
    }
    return documents.pdf(RECOVERY_SHEET, data, get_language() or "en", at=at)
