"""A list as its reader asked for it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.utils.translation import override

from accord.ui.components import SUPPRESSED, Column, Link, Page, Table, Tag
from accord.ui.lists import Asked, Choice, Listed, as_file, listed

ROWS = ["Harbor House", "Riverbend Legal Aid", "County Hospital", "House of Hope"]
SHOWS = [
    Choice("", "All"),
    Choice("house", "Houses", lambda row: "House" in row),
    Choice("none", "None", lambda row: False),
]
SORTS = [Choice("", "As read", lambda row: 0), Choice("name", "Name", str)]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Set English, in whichever language the last request left this thread."""
    with override("en"):
        yield


def asked(rows: Any = ROWS, **given: str) -> Listed:
    return listed(given, rows, shows=SHOWS, sorts=SORTS, search=("Search", str))


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        ({}, ROWS),
        ({"sort": "name"}, ["County Hospital", "Harbor House", "House of Hope", "Riverbend Legal Aid"]),
        ({"show": "house"}, ["Harbor House", "House of Hope"]),
        ({"q": " hou hop "}, ["House of Hope"]),
        ({"q": "HOSPITAL", "show": "house"}, []),
        ({"show": "unknown", "sort": "'; drop"}, ROWS),
    ],
)
def test_rows_are_those_that_were_asked_for(given: dict[str, str], rows: list[str]) -> None:
    found = asked(**given)
    assert list(found.rows or ()) == rows
    assert found.nothing_fits is (not rows)


def test_filters_carry_counts_and_an_empty_one_is_not_offered() -> None:
    found = asked(q="ho", sort="name")
    assert [(item.label, item.url, item.current) for item in found.filters] == [
        ("All: 3", "?sort=name&q=ho", True),
        ("Houses: 2", "?show=house&sort=name&q=ho", False),
    ]
    assert found.download == "?sort=name&q=ho&as=csv"


def test_a_short_list_has_no_search_and_an_empty_one_has_nothing() -> None:
    assert not asked().search_label and asked(ROWS * 2).search_label == "Search"
    nothing = asked([])
    assert (nothing.filters, nothing.orders, nothing.download, nothing.nothing_fits) == ((), (), "", False)


def test_a_file_says_what_the_page_says_and_runs_no_formula() -> None:
    cells = ["=SUM(A1)", Tag("ok", "In effect"), Link("Name", "/x/"), None, SUPPRESSED, 12]
    answer = as_file("people", Table("", tuple(Column(f"c{n}") for n in range(6)), [cells]))
    text = answer.content.decode()
    assert text.startswith("\ufeff") and answer["Content-Disposition"] == 'attachment; filename="people.csv"'
    assert list(csv.reader(io.StringIO(text[1:])))[1] == ["'=SUM(A1)", "In effect", "Name", "", "suppressed", "12"]


@pytest.mark.parametrize(
    ("words", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "  '=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\n@SUM(A1)", "\n'@SUM(A1)"),
        ("Open Door;=1+1", "Open Door;'=1+1"),
        ("Open Door;\t-1", "Open Door;\t'-1"),
        ("Open-Door + Friends = 2; us", "Open-Door + Friends = 2; us"),
    ],
)
def test_no_spreadsheet_finds_a_formula_with_any_separator(words: str, cell: str) -> None:
    answer = as_file("people", Table("", (Column("c"),), [[words]]))
    assert list(csv.reader(io.StringIO(answer.content.decode()[1:], newline="")))[1] == [cell]


@pytest.mark.parametrize("search", ["100%", "%d", "%s of %(x)s", "page=%d", "caf\u00e9 & co"])
def test_turning_pages_keeps_the_search(search: str) -> None:
    page = Page(2, 3, Asked("mine", "", search).url(page="%d"))
    for at, address in ((1, page.previous), (3, page.next)):
        assert parse_qs(address[1:]) == {"show": ["mine"], "q": [search], "page": [str(at)]}
