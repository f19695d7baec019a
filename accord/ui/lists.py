"""A list as its reader asked for it: searched, narrowed, put in order. Every choice is a plain link, so that it works
without script and can be kept as a bookmark. Names of survivors never travel in an address: lists of people are searched
by a form that posts (`search_url`)."""

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

SEARCH_FROM = 8  # a shorter list is seen at once
LONGEST_SEARCH = 80  # characters
LONGEST_NUMBER = 12  # digits: fifty times that many rows are still a number to the database


@dataclass(frozen=True)
class Choice:
    """A filter or an order: its code in the address, its words, and what it does with a row (a test, or a key)."""

    code: str
    words: str
    call: Callable[[Any], Any] = bool


@dataclass(frozen=True)
class Listed:
    """What stands above a list. `total` counts all rows, before search and filter; `rows` are those to show, or None
    where the page reads them itself, a page at a time."""

    total: int
    rows: Sequence[Any] | None = None
    filters: tuple[NavItem, ...] = ()
    orders: tuple[NavItem, ...] = ()
    search_label: str = ""
    search_url: str = ""
    asked: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    download: str = ""

    def __post_init__(self) -> None:
        if self.search_url and not self.search_label:
            raise ValueError("a search box needs a label")

    @property
    def nothing_fits(self) -> bool:
        """Whether there are rows, and what was asked hides them all."""
        return bool(self.total) and self.rows is not None and not self.rows


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list; whatever it does not know is the first choice."""

    show: str
    sort: str
    search: str = ""

    def url(self, **changed: str) -> str:
        """The same list with something changed."""
        said = {"show": self.show, "sort": self.sort, "q": self.search, **changed}
        address = "?" + urlencode({name: value for name, value in said.items() if value})
        return address.replace("page=%25d", "page=%d")  # the one place that `Page` fills


def asked_of(given: Mapping[str, str], shows: Sequence[Choice], sorts: Sequence[Choice] = ()) -> Asked:
    """Reads an address. The first of `shows` and `sorts` has no code and is what stands there unasked."""
    show, sort = given.get("show", ""), given.get("sort", "")
    return Asked(
        show if show in {one.code for one in shows} else "",
        sort if sort in {one.code for one in sorts} else "",
        given.get("q", "").strip()[:LONGEST_SEARCH],
    )


def number_of(given: Mapping[str, str], name: str) -> int | None:
    """The whole number from 1 up that an address says under this name, or None: anybody can write anything there, and
    `str.isdigit` alone takes characters that `int` refuses."""
    said = given.get(name, "")
    plain = said.isascii() and said.isdigit() and len(said) <= LONGEST_NUMBER
    return (int(said) or None) if plain else None


def links(
    asked: Asked, name: str, choices: Iterable[Choice], counts: Mapping[str, int] | None = None
) -> tuple[NavItem, ...]:
    """The choices as links; with `counts`, each with how many rows it shows."""
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
    given: Mapping[str, str],
    rows: Sequence[Any],
    *,
    shows: Sequence[Choice],
    sorts: Sequence[Choice],
    search: tuple[str, Callable[[Any], str]],
    file: bool = True,
) -> Listed:
    """A list that is read whole: searched by the words that `search` gives for a row, with counts for every filter.
    A filter that shows nothing, or everything, is not offered unless it is the one asked for. `file`: whether the page
    hands the list over as a file too."""
    asked, (label, words) = asked_of(given, shows, sorts), search
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


def wants_file(given: Mapping[str, str]) -> bool:
    """Whether the address asks for the list as a file."""
    return given.get("as") == "csv"


def as_file(name: str, table: Table) -> HttpResponse:
    """What the reader sees, as CSV (UTF-8 with a mark, for spreadsheets)."""
    out = io.StringIO()
    csvs.write(
        out, [[column.label for column in table.columns], *([_cell(value) for value in row] for row in table.rows)]
    )
    said = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=said)


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Tag | Link):
        value = value.words
    if isinstance(value, Suppressed):
        value = _("suppressed")
    return str(value)
