"""Search, filter, sort, and download an agency's lists. This module loads no data and makes no decisions.

Each download is logged with the list's name and row count, but none of its content.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from accord.access.actors import Actor
from accord.access.codes import AGENCY_KINDS
from accord.agencies.agreement_words import AgreementLine, state_tag
from accord.agencies.machines import ClientCard
from accord.agencies.presenters import colleague_tag, kind_names, roles, system_tag
from accord.agencies.queries import Colleague, HubAgency
from accord.agencies.reach import RUNS
from accord.agencies.reviewing import log_details
from accord.agencies.workflows import AgreementState
from accord.audit.presenters import sentence
from accord.audit.queries import Line
from accord.ui.components import Column, Table, Value
from accord.ui.lists import Choice, Listed, as_file, listed
from accord.ui.words import day, moment


def handed_over(actor: Actor, name: str, table: Table) -> HttpResponse:
    """Log the download and return the list as a file. `name`, one of `codes.LISTS`, is also the file name."""
    actor.log("list-downloaded", list=name, rows=str(len(table.rows)))
    return as_file(name, table)


def agreements(found: Sequence[AgreementLine], given: Mapping[str, str]) -> Listed:
    """List agreements, newest first. One filter shows those waiting for the reader's agency."""
    shows = [
        Choice("", _("All agreements")),
        Choice("ours", _("Waiting for us"), lambda line: line.ours),
        Choice("running", _("In effect"), lambda line: line.state in (*RUNS, AgreementState.COMING)),
        Choice("paused", _("Paused"), lambda line: line.state == AgreementState.LAPSED),
        Choice("ended", _("Ended"), lambda line: line.state == AgreementState.ENDED),
    ]
    sorts = [
        Choice("", _("Newest"), lambda line: 0),  # in the order they were read
        Choice("review", _("Next review"), lambda line: line.review_due_at),
        Choice("name", _("Name"), lambda line: line.title.casefold()),
    ]
    search = _("Search by agency name"), lambda line: f"{line.title} {line.members}"
    return listed(given, found, shows=shows, sorts=sorts, search=search)


def agreement_file(found: Sequence[AgreementLine]) -> Table:
    """Return agreements as a table with the same details as the page."""
    labels = (_("Agreement"), _("Agencies"), _("Status"), _("First day"), _("Yearly review due"), _("Waiting for"))
    rows: list[Sequence[Value]] = [
        [one.title, one.members, state_tag(one.state), day(one.starts_at), day(one.review_due_at), one.turn]
        for one in found
    ]
    return _table(labels, rows)


def colleagues(people: Sequence[Colleague], given: Mapping[str, str]) -> Listed:
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
    return listed(given, people, shows=shows, sorts=sorts, search=search)


def colleague_file(people: Sequence[Colleague]) -> Table:
    """Return colleagues as a table."""
    labels = (_("Name"), _("Roles"), _("Since"), _("Status"))
    return _table(labels, [[one.name, roles(one.roles), day(one.since), colleague_tag(one)] for one in people])


def systems(cards: Sequence[ClientCard], given: Mapping[str, str]) -> Listed:
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
    return listed(given, cards, shows=shows, sorts=sorts, search=(_("Search by name"), lambda one: one.name))


def system_file(cards: Sequence[ClientCard]) -> Table:
    """Return connected systems as a table."""
    labels = (_("Name"), _("Adds"), _("Reads"), _("Since"), _("Until"), _("Last used"), _("Status"))
    rows = [
        [
            one.name,
            ", ".join(kind_names(one.writes)),
            ", ".join(kind_names(one.reads)),
            day(one.made_at),
            day(one.expires_at),
            moment(one.used_at) if one.used_at else _("never"),
            system_tag(one),
        ]
        for one in cards
    ]
    return _table(labels, rows)


def hub_agencies(rows: Sequence[HubAgency], given: Mapping[str, str]) -> Listed:
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
    return listed(given, rows, shows=shows, sorts=sorts, search=search)


def log_file(lines: Sequence[Line], names: dict[str, str]) -> Table:
    """Return the audit log lines that the page shows. As on the page, no client is named."""
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
    return _table(labels, rows)


def _table(labels: Sequence[str], rows: Sequence[Sequence[Value]]) -> Table:
    return Table("", tuple(Column(label) for label in labels), rows)
