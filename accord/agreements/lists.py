"""Search, filter, sort, and download the list of agreements. This module loads no data and makes no decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from accord.agencies.lists import file_table
from accord.agreements.presenters import AgreementLine, state_tag
from accord.agreements.reach import RUNS
from accord.agreements.workflows import AgreementState
from accord.ui.components import Table, Value
from accord.ui.lists import Choice, Listed, listed
from accord.ui.words import day


def agreements(found: Sequence[AgreementLine], query: Mapping[str, str]) -> Listed:
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
    return listed(query, found, shows=shows, sorts=sorts, search=search)


def agreement_file(found: Sequence[AgreementLine]) -> Table:
    """Return agreements as a table with the same details as the page."""
    labels = (_("Agreement"), _("Agencies"), _("Status"), _("First day"), _("Yearly review due"), _("Waiting for"))
    rows: list[Sequence[Value]] = [
        [one.title, one.members, state_tag(one.state), day(one.starts_at), day(one.review_due_at), one.turn]
        for one in found
    ]
    return file_table(labels, rows)
