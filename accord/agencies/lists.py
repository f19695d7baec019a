"""An agency's lists as files. Each download is logged with the list's name and row count, but none of its content."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse

from accord.access.actors import Actor
from accord.ui.components import Column, Table, Value
from accord.ui.lists import as_file


def handed_over(actor: Actor, name: str, table: Table) -> HttpResponse:
    """Log the download and return the list as a file. `name`, one of `codes.LISTS`, is also the file name."""
    actor.log("list-downloaded", list=name, rows=str(len(table.rows)))
    return as_file(name, table)


def file_table(labels: Sequence[str], rows: Sequence[Sequence[Value]]) -> Table:
    """Return a table without a heading, as a file needs it."""
    return Table("", tuple(Column(label) for label in labels), rows)
