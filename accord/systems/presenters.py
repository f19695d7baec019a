"""Text and rows for connected systems. This module loads no data and makes no decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.access.codes import ROLES
from accord.agencies.presenters import kind_names
from accord.law.codes import PURPOSE_WORDS, Purpose
from accord.systems.queries import SystemCard
from accord.ui.components import Tag
from accord.ui.words import day, moment


def last_day(one: SystemCard) -> str:
    """Return the last day on which a system's token works."""
    return day(one.expires_at - timedelta(seconds=1))


def purpose_choices(kind: str) -> list[tuple[str, str]]:
    """Return the purposes that this kind of agency can work for."""
    codes = dict.fromkeys(p for role in ROLES.values() if kind in role.within for p in role.purposes)
    return [(code, _(PURPOSE_WORDS[Purpose(code)])) for code in codes]


def system_rows(cards: Sequence[SystemCard]) -> list[dict[str, Any]]:
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
                "until": last_day(one),
                "used": moment(one.used_at) if one.used_at else _("never"),
            },
            "end": "" if one.ended_at else reverse("systems:end", args=[one.id]),
        }
        for one in cards
    ]


def system_tag(one: SystemCard) -> Tag | None:
    """Return a tag that shows whether the system is disconnected or expired."""
    if one.ended_at:
        return Tag("ended", _("Disconnected on %(day)s") % {"day": day(one.ended_at)})
    return Tag("ended", _("Expired")) if one.state == "expired" else None


def _system_notes(one: SystemCard) -> list[str]:
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
