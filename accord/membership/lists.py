"""Search, filter, sort, and download the lists of staff, agencies, and the audit log. This module loads no data and makes no
decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from accord.access.codes import AGENCY_KINDS
from accord.agencies.lists import file_table
from accord.agencies.presenters import roles
from accord.agencies.queries import HubAgency
from accord.audit.presenters import sentence
from accord.audit.queries import Line
from accord.membership.presenters import colleague_tag
from accord.membership.queries import Colleague
from accord.membership.reviewing import log_details
from accord.ui.components import Table
from accord.ui.lists import Choice, Listed, listed
from accord.ui.words import day, moment


def colleagues(people: Sequence[Colleague], query: Mapping[str, str]) -> Listed:
    """List current colleagues by name, then former ones."""
    shows = [
        Choice("", _("Everyone")),
        Choice("here", _("Current staff"), lambda one: one.ended_at is None),
        Choice("waiting", _("Waiting for keys or access"), lambda one: bool(one.keys_waiting or one.waits)),
        Choice("left", _("Former staff"), lambda one: one.ended_at is not None),
    ]
    sorts = [
        Choice("", _("Name"), lambda one: 0),
        Choice("newest", _("Newest"), lambda one: -one.since.timestamp()),
    ]
    search = _("Search by name or role"), lambda one: f"{one.name} {roles(one.roles)}"
    return listed(query, people, shows=shows, sorts=sorts, search=search)


def colleague_file(people: Sequence[Colleague]) -> Table:
    """Return colleagues as a table."""
    labels = (_("Name"), _("Roles"), _("Since"), _("Status"))
    return file_table(labels, [[one.name, roles(one.roles), day(one.since), colleague_tag(one)] for one in people])


def hub_agencies(rows: Sequence[HubAgency], query: Mapping[str, str]) -> Listed:
    """List the hub's agencies. Filters show active agencies, or those whose first privacy officer has not joined."""
    shows = [
        Choice("", _("All agencies")),
        Choice("waiting", _("Invited"), lambda row: not row.begun),
        Choice("begun", _("Active"), lambda row: row.begun),
    ]
    sorts = [
        Choice("", _("Name"), lambda row: row.name.casefold()),
        Choice("newest", _("Newest"), lambda row: -row.since.timestamp()),
    ]
    search = _("Search by name or type"), lambda row: f"{row.name} {_(AGENCY_KINDS[row.kind])}"
    return listed(query, rows, shows=shows, sorts=sorts, search=search)


def log_file(lines: Sequence[Line], names: dict[str, str]) -> Table:
    """Return the audit log lines that the page shows. Like the page, the list identifies no client."""
    labels = (_("When"), _("What"), _("Details"), _("Status"))
    rows = [
        [
            moment(line.at),
            sentence(line, names),
            " · ".join(part for part in log_details(line) if part),
            "" if line.outcome == "done" else _("Denied"),
        ]
        for line in lines
    ]
    return file_table(labels, rows)
