"""What a notice is about, so that two notices of the same day can be told apart: agencies by name, records by
number. Never a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.agencies.partners import parties_of
from accord.agencies.queries import agency_names
from accord.sharing.rules import record_number
from accord.sharing.ties import barred_from


def subjects(actor: Actor, rows: Sequence[Any]) -> Mapping[UUID, str]:
    """Return, by notice, the partners or the title of an agreement, or the agency and the number of a record.

    Nothing for the record of someone that the actor is barred from: a notice for the whole agency is then as neutral as
    any other.
    """
    agreements = {row.matter for row in rows if row.matter and row.code.startswith("agreement-")}
    parties = parties_of(agreements=agreements)
    others = {row.origin for row in rows if row.matter and row.origin} - {actor.agency}
    names = agency_names(others) if others else {}
    barred = barred_from(actor=actor, refs={row.matter for row in rows if row.matter} - agreements)
    told = [row for row in rows if row.matter and row.matter not in barred]
    return {row.id: _about(actor, row, parties, names) for row in told}


def _about(actor: Actor, row: Any, parties: Mapping[UUID, tuple[str, Sequence[str]]], names: Mapping[UUID, str]) -> str:
    if row.matter in parties:
        title, all_names = parties[row.matter]
        if title:
            return _("Agreement “%(title)s”") % {"title": title}
        others = [name for name in all_names if name != actor.agency_name]
        return _("Agreement with %(agencies)s") % {"agencies": ", ".join(others)}
    if row.code.startswith("agreement-"):
        return ""
    said = {"agency": names.get(row.origin, ""), "number": record_number(row.matter)}
    return _("%(agency)s · record %(number)s") % said
