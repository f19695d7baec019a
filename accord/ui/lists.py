"""Lists that a reader can search, filter, and sort.

Every choice is a plain link, so that it works without script and can be bookmarked. Survivors' names are never in an
address, so a search in a list of people is a form that posts (`search_url`).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _

from accord.core import csvs
from accord.ui.components import Link, Suppressed, Table, Tag, Value
from accord.ui.frame import NavItem

SEARCH_FROM = 8  # a shorter list can be read at a glance
LONGEST_SEARCH = 80  # characters
LONGEST_NUMBER = 12  # digits, so that 50 times the number still fits in a database integer


@dataclass(frozen=True)
class Choice:
    """A filter or a sort order: its code in the address, its words, and a function that tests or ranks a row."""

    code: str
    words: str
    call: Callable[[Any], Any] = bool


@dataclass(frozen=True)
class Listed:
    """The controls above a list, and its rows. `total` counts all rows before any search or filter.

    `rows` are the rows to show, or None if the view reads them itself, one page at a time.
    """

    total: int
    rows: Sequence[Any] | None = None
    filters: tuple[NavItem, ...] = ()
    orders: tuple[NavItem, ...] = ()
    search_label: str = ""
    search_url: str = ""
    asked: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    download: str = ""

    @property
    def shown(self) -> Sequence[Any]:
        """Return the rows to show, or an empty sequence if the view reads them itself."""
        return self.rows or ()

    def __post_init__(self) -> None:
        if self.search_url and not self.search_label:
            raise ValueError("a search box needs a label")

    @property
    def nothing_fits(self) -> bool:
        """Return True if there are rows, but none match."""
        return bool(self.total) and self.rows is not None and not self.rows


@dataclass(frozen=True)
class Asked:
    """The filter, sort order, and search text in a list's address. An unknown code becomes the first choice."""

    show: str
    sort: str
    search: str = ""

    def url(self, **changed: str) -> str:
        """Return the address of the same list with some values changed."""
        choices = {"show": self.show, "sort": self.sort, "q": self.search, **changed}
        address = "?" + urlencode({name: value for name, value in choices.items() if value})
        return address.replace("page=%25d", "page=%d")  # `Page` fills in this placeholder only


def asked_of(query: Mapping[str, str], shows: Sequence[Choice], sorts: Sequence[Choice] = ()) -> Asked:
    """Read an address. The first item of `shows` and of `sorts` has no code and is the default."""
    show, sort = query.get("show", ""), query.get("sort", "")
    return Asked(
        show if show in {one.code for one in shows} else "",
        sort if sort in {one.code for one in sorts} else "",
        query.get("q", "").strip()[:LONGEST_SEARCH],
    )


def number_of(query: Mapping[str, str], name: str) -> int | None:
    """Return the positive whole number that an address has under this name, or None.

    An address can hold any text, and `str.isdigit` alone accepts characters that `int` refuses.
    """
    typed = query.get(name, "")
    plain = typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_NUMBER
    return (int(typed) or None) if plain else None


def links(
    asked: Asked, name: str, choices: Iterable[Choice], counts: Mapping[str, int] | None = None
) -> tuple[NavItem, ...]:
    """Return the choices as links. With `counts`, each link says how many rows it shows."""
    now = getattr(asked, name)
    return tuple(
        NavItem(
            one.words if counts is None else _("%(what)s: %(n)d") % {"what": one.words, "n": counts[one.code]},
            asked.url(**{name: one.code}),
            one.code == now,
        )
        for one in choices
    )


def listed(
    query: Mapping[str, str],
    rows: Sequence[Any],
    *,
    shows: Sequence[Choice],
    sorts: Sequence[Choice],
    search: tuple[str, Callable[[Any], str]],
    file: bool = True,
) -> Listed:
    """Return a list whose rows are all read at once. A search looks through the words that `search` returns for each
    row.

    A filter that would show no rows or all rows is offered only if it is already chosen. With `file`, the page also
    offers the list as a file.
    """
    asked, (label, words) = asked_of(query, shows, sorts), search
    parts = asked.search.casefold().split()
    found = [row for row in rows if all(part in words(row).casefold() for part in parts)]
    everything, *some = shows
    counts = {everything.code: len(found)} | {one.code: sum(bool(one.call(row)) for row in found) for one in some}
    offered = [one for one in some if 0 < counts[one.code] < len(found) or one.code == asked.show]
    chosen = next((one for one in some if one.code == asked.show), None)
    if chosen:
        found = [row for row in found if chosen.call(row)]
    order = next(one for one in sorts if one.code == asked.sort)
    return Listed(
        rows=sorted(found, key=order.call),
        total=len(rows),
        filters=links(asked, "show", [everything, *offered], counts) if offered else (),
        orders=links(asked, "sort", sorts) if len(rows) > 2 else (),
        search_label=label if len(rows) >= SEARCH_FROM or asked.search else "",
        asked=asked.search,
        kept=tuple((name, value) for name, value in (("show", asked.show), ("sort", asked.sort)) if value),
        download=asked.url(**{"as": "csv"}) if rows and file else "",
    )


# As a file --------------------------------------------------------------------------------------------------------


def wants_file(query: Mapping[str, str]) -> bool:
    """Return True if the address asks for the list as a file."""
    return query.get("as") == "csv"


def as_file(name: str, table: Table) -> HttpResponse:
    """Return the table that the reader sees as a CSV file (UTF-8 with a byte order mark, for spreadsheets)."""
    out = io.StringIO()
    csvs.write(
        out, [[column.label for column in table.columns], *([_cell(value) for value in row] for row in table.rows)]
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Tag | Link):
        value = value.words
    if isinstance(value, Suppressed):
        value = _("suppressed")
    return str(value)
