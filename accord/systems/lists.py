"""Search, filter, sort, and download the list of connected systems. This module loads no data and makes no decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from accord.agencies.lists import file_table
from accord.agencies.presenters import kind_names
from accord.systems.presenters import last_day, system_tag
from accord.systems.queries import SystemCard
from accord.ui.components import Table
from accord.ui.lists import Choice, Listed, listed
from accord.ui.words import day, moment


def systems(cards: Sequence[SystemCard], query: Mapping[str, str]) -> Listed:
    """List connected systems: the active ones, then the others."""
    shows = [
        Choice("", _("All systems")),
        Choice("acts", _("Active"), lambda one: one.state == "acts"),
        Choice("over", _("Disconnected or expired"), lambda one: one.state != "acts"),
    ]
    sorts = [
        Choice("", _("Newest"), lambda one: 0),
        Choice("end", _("Ending soonest"), lambda one: one.expires_at),
        Choice("name", _("Name"), lambda one: one.name.casefold()),
    ]
    return listed(query, cards, shows=shows, sorts=sorts, search=(_("Search by name"), lambda one: one.name))


def system_file(cards: Sequence[SystemCard]) -> Table:
    """Return connected systems as a table."""
    labels = (_("Name"), _("Adds"), _("Reads"), _("Since"), _("Until"), _("Last used"), _("Status"))
    rows = [
        [
            one.name,
            ", ".join(kind_names(one.writes)),
            ", ".join(kind_names(one.reads)),
            day(one.made_at),
            last_day(one),
            moment(one.used_at) if one.used_at else _("never"),
            system_tag(one),
        ]
        for one in cards
    ]
    return file_table(labels, rows)
