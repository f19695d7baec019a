"""Rows without ORDER BY are mixed in tests, and rows with one are not."""

from __future__ import annotations

import pytest

from accord.core.statements import fetch
from tests.region import World
from tests.shuffled import is_ordered


@pytest.mark.parametrize(
    ("statement", "ordered"),
    [
        ("select a from b", False),
        ("select a from b order by a", True),
        ("select a from b ORDER\nBY a limit 3", True),
        ("select (select a from b order by a limit 1) from c", False),
        ("select ' order by ' from b", False),
        ("select row_number() over (order by a) from b", False),
        ("with x as (select a from b order by a) select a from x order by (a)", True),
    ],
)
def test_an_order_counts_only_if_it_is_the_statements_own(statement: str, ordered: bool) -> None:
    assert is_ordered(statement) is ordered


def test_unordered_rows_come_mixed_and_ordered_rows_in_order(world: World) -> None:
    with world.as_("alma"):
        every = list(range(50))
        assert [row.n for row in fetch("select n from generate_series(0, 49) n order by n")] == every
        mixed = [row.n for row in fetch("select n from generate_series(0, 49) n")]
    assert mixed != every and sorted(mixed) == every
