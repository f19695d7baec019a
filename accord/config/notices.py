"""Describe the subject of each notice, so that readers can distinguish two notices from the same day.

Agencies appear by name and records by number. A notice never names a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.agencies.queries import agency_names
from accord.agreements.queries import parties_of
from accord.sharing.assignments import barred_from
from accord.sharing.codes import record_number


def subjects(actor: Actor, rows: Sequence[Any]) -> Mapping[UUID, str]:
    """For each notice, return an agreement's partners or title, or a record's agency and number.

    Records that the actor is barred from are left out, so a notice to the whole agency reveals nothing about them.
    Seats are left out too, because a committee's name could reveal the subject of the notice.
    """
    agreements = {row.matter for row in rows if row.matter and row.code.startswith("agreement-")}
    parties = parties_of(agreements=agreements)
    about = [row for row in rows if row.matter and not row.code.startswith("seat-")]
    others = {row.origin for row in about if row.origin} - {actor.agency}
    names = agency_names(others) if others else {}
    barred = barred_from(actor=actor, refs={row.matter for row in about} - agreements)
    visible = [row for row in about if row.matter not in barred]
    return {row.id: _about(actor, row, parties, names) for row in visible}


def _about(actor: Actor, row: Any, parties: Mapping[UUID, tuple[str, Sequence[str]]], names: Mapping[UUID, str]) -> str:
    if row.matter in parties:
        title, all_names = parties[row.matter]
        if title:
            return _("Agreement “%(title)s”") % {"title": title}
        others = [name for name in all_names if name != actor.agency_name]
        return _("Agreement with %(agencies)s") % {"agencies": ", ".join(others)}
    if row.code.startswith("agreement-"):
        return ""
    words = {"agency": names.get(row.origin, ""), "number": record_number(row.matter)}
    return _("%(agency)s · record %(number)s") % words
