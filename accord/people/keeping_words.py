"""Turn key renewals and erasures into rows and text. This module loads no data and makes no decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.access.codes import (
    KINDS,
    RING_CODES,
    ROLES,
)
from accord.people.finding import Identified
from accord.sharing.codes import ERASURE_REASONS, record_number
from accord.sharing.keeping import Erasing, Erasure, Renewal
from accord.ui.components import Row, Tag
from accord.ui.words import day, moment


def renewal(found: Renewal, going_on: bool) -> dict[str, Any]:
    """Return how many records have new keys and who must sign in to renew the others."""
    others = [
        _("%(what)s: %(who)s")
        % {"what": _(KINDS[kind].name), "who": ", ".join(_(ROLES[r].name) for r in ROLES if r in RING_CODES[kind])}
        for kind in found.others
    ]
    counts = {"done": found.done, "total": found.total, "mine": found.mine}
    return {**counts, "others": others, "going_on": going_on and found.mine}


def _name(names: Mapping[UUID, str], who: UUID | None) -> str:
    return (names.get(who) if who else None) or _("a former colleague")


def which_record(person: UUID, identified: Mapping[UUID, Identified], names: Mapping[UUID, str]) -> dict[str, str]:
    """Return the details that identify a record, for people who decide about the whole record."""
    if person not in identified:
        return {
            "title": _("Record %(number)s") % {"number": record_number(person)},
            "number": record_number(person),
            "marks": "",
        }
    one = identified[person]
    marks = [
        _("Opened on %(day)s by %(who)s") % {"day": day(one.marks.opened_on), "who": _name(names, one.marks.opened_by)}
    ]
    if one.marks.changed_at:
        change = {"moment": moment(one.marks.changed_at), "who": _name(names, one.marks.changed_by)}
        marks.append(_("last changed %(moment)s by %(who)s") % change)
    number = _("Record %(number)s") % {"number": one.marks.number}
    title = f"{one.name}, {number}" if one.name else number
    return {"title": title, "number": one.marks.number, "marks": ", ".join(marks)}


def erasures(
    rows: Sequence[Erasure], names: Mapping[UUID, str], identified: Mapping[UUID, Identified], actor: Actor
) -> dict[str, Any]:
    """List pending erasures, each with who has to act next, and completed erasures by number. An erased record has no
    name."""
    waiting = [
        Row(
            title=which_record(row.person, identified, names)["title"],
            url=reverse("people:erase", args=[row.person]),
            detail=_("%(why)s. Requested by %(who)s on %(day)s.")
            % {"why": _(ERASURE_REASONS[row.reason]), "who": names.get(row.by, ""), "day": day(row.at)},
            aside=which_record(row.person, identified, names)["marks"],
            tag=Tag("wait", _("Waiting for another person") if actor.is_own(row.by) else _("Your turn")),
        )
        for row in rows
        if row.confirmed_at is None and row.person in identified
    ]
    done = [
        Row(
            title=_("Record %(number)s") % {"number": record_number(row.person)},
            detail=_("%(why)s. Requested by %(who)s, confirmed by %(second)s.")
            % {
                "why": _(ERASURE_REASONS[row.reason]),
                "who": names.get(row.by, ""),
                "second": names.get(row.confirmed_by, ""),
            },
            aside=day(row.confirmed_at),
            tag=Tag("ended", _("Erased")),
        )
        for row in rows
        if row.confirmed_at is not None
    ]
    return {"waiting": waiting, "done": done}


def erasing(found: Erasing, names: Mapping[UUID, str], actor: Actor) -> dict[str, Any]:
    """Return the state of one record's erasure and what the actor can do about it."""
    asked = found.asked
    return {
        "held": day(found.held_since) if found.held_since else "",
        "asked_by": names.get(asked.by, "") if asked else "",
        "asked_on": day(asked.at) if asked else "",
        "why": _(ERASURE_REASONS[asked.reason]) if asked else "",
        "mine": asked is not None and actor.is_own(asked.by),
    }
