"""What is hidden and why: the rules as tables, hierarchies, agencies with their own counts, earlier releases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.core.errors import BadInput
from accord.statlib.protect import Exposed, Leaf, Protected, Rules, protect
from tests.statistics.protect_second_audit import exposed

COUNTY = [("North", 40), ("East", 60), ("South", 25), ("West", 31)]


def statuses(release: Protected) -> dict[tuple[str, ...], str]:
    return {cell.keys: cell.status for cell in release.cells}


def values(release: Protected) -> dict[tuple[str, ...], int | None]:
    return {cell.keys: cell.value for cell in release.cells}


@pytest.mark.parametrize(
    ("count", "threshold", "hide_zeros", "status", "value"),
    [
        (0, 11, False, "published", 0),
        (0, 11, True, "primary", None),
        (1, 11, False, "primary", None),
        (10, 11, False, "primary", None),
        (11, 11, False, "published", 11),
        (4, 5, False, "primary", None),
        (5, 5, False, "published", 5),
    ],
)
def test_a_count_is_shown_or_hidden_by_the_threshold(count, threshold, hide_zeros, status, value):
    leaves = [Leaf((name,), n) for name, n in [*COUNTY, ("Here", count)]]
    release = protect(leaves, ("county",), rules=Rules(threshold=threshold, hide_zeros=hide_zeros))
    assert (statuses(release)[("Here",)], values(release)[("Here",)]) == (status, value)


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ({"A": 20, "B": 10, "C": 10}, "published"),
        ({"A": 32, "B": 4, "C": 4}, "published"),
        ({"A": 33, "B": 4, "C": 3}, "primary"),
        ({"A": 20, "B": 20}, "primary"),
        ({"A": 40}, "primary"),
        ({"A": 4, "B": 3, "C": 3}, "primary"),
    ],
)
def test_three_agencies_and_none_above_eighty_percent(parts, status):
    others = [Leaf((name,), 90, {"A": 30, "B": 30, "C": 30}) for name in ("East", "South", "West")]
    release = protect([Leaf(("Here",), sum(parts.values()), parts), *others], ("county",))
    assert statuses(release)[("Here",)] == status


def test_one_small_cell_takes_a_partner_with_it_and_the_total_stays():
    release = protect([Leaf(("Here",), 3), *(Leaf((name,), n) for name, n in COUNTY)], ("county",))
    assert statuses(release) == {
        ("Here",): "primary",
        ("South",): "secondary",
        ("East",): "published",
        ("North",): "published",
        ("West",): "published",
        ("*",): "published",
    }
    assert release.optimal
    assert release.gap == 0
    assert values(release)[("*",)] == 159


def test_combinations_that_are_not_listed_count_zero_and_every_margin_adds_up():
    release = protect([Leaf(("North", "labour"), 20), Leaf(("South", "sexual"), 30)], ("county", "kind"))
    assert values(release) == {
        ("North", "labour"): 20,
        ("North", "sexual"): 0,
        ("North", "*"): 20,
        ("South", "labour"): 0,
        ("South", "sexual"): 30,
        ("South", "*"): 30,
        ("*", "labour"): 20,
        ("*", "sexual"): 30,
        ("*", "*"): 50,
    }


def test_a_hierarchy_adds_its_groups_and_protects_them_too():
    leaves = [Leaf((name,), n) for name, n in [("Ash", 4), ("Birch", 30), ("Cedar", 50), ("Elm", 60), ("Fir", 70)]]
    tree = {"county": {"North": ["Ash", "Birch"], "South": {"Upper": ["Cedar", "Elm"]}}}
    release = protect(leaves, ("county",), hierarchies=tree)
    shown = values(release)
    assert shown[("South",)] == shown[("Upper",)] == 110
    assert shown[("*",)] == 214
    assert shown[("North",)] == 34
    assert shown[("Ash",)] is shown[("Birch",)] is None
    truth = {leaf.keys: leaf.count for leaf in leaves}
    assert exposed(release.as_json()["cells"], truth, ("county",), 11, tree) == set()


def test_an_agency_that_knows_its_own_persons_learns_nothing_of_the_others():
    """Here (5) and There (20) hide each other from a reader, but A holds 16 of There: it could narrow Here."""
    cells = [
        Leaf(("Here",), 5, {"B": 3, "C": 2}),
        Leaf(("There",), 20, {"A": 16, "B": 2, "C": 2}),
        Leaf(("East",), 60, {"A": 20, "B": 20, "C": 20}),
    ]
    assert statuses(protect([Leaf(cell.keys, cell.count) for cell in cells], ("county",)))[("There",)] == "secondary"
    assert statuses(protect(cells, ("county",)))[("East",)] == "secondary"


def test_a_cell_alone_in_its_table_takes_the_total_with_it():
    release = protect([Leaf(("Here",), 5), Leaf(("East",), 0)], ("county",))
    assert statuses(release) == {("East",): "published", ("Here",): "primary", ("*",): "primary"}


def margin(leaves: list[Leaf], axes: tuple[int, ...]) -> list[Leaf]:
    sums: Counter[tuple[str, ...]] = Counter()
    for leaf in leaves:
        sums[tuple(leaf.keys[axis] for axis in axes)] += leaf.count
    return [Leaf(keys, count) for keys, count in sums.items()]


def random_leaves(seed: int, mean: float, shape: tuple[int, ...] = (4, 3, 3)) -> list[Leaf]:
    counts = np.random.default_rng(seed).negative_binomial(1.0, 1 / (1 + mean), size=shape)
    return [
        Leaf(tuple(f"{name}{node}" for name, node in zip("abc", place, strict=False)), int(counts[place]))
        for place in np.ndindex(*shape)
    ]


def least(release: Mapping[str, Any], leaves: list[Leaf]) -> list[int]:
    """Return, for each cell of a release, the number of its own nonzero leaf cells."""
    return [
        sum(
            leaf.count > 0 and all(a in ("*", b) for a, b in zip(list(cell.values())[:-2], leaf.keys, strict=True))
            for leaf in leaves
        )
        for cell in release["cells"]
    ]


@pytest.mark.parametrize(("shape", "seed"), [((3, 6, 3), 3), ((3, 6, 3), 6), ((3, 6, 3), 7), ((2, 8, 2), 0)])
def test_two_linked_releases_hold_together(shape, seed):
    """Combining a x b with b x c over their common margin narrows nothing that either would not reveal alone."""
    leaves = random_leaves(seed, mean=2, shape=shape)
    truth = {leaf.keys: leaf.count for leaf in leaves}
    two = margin(leaves, (0, 1)), margin(leaves, (1, 2))
    first = protect(two[0], ("a", "b"), limit_seconds=1).as_json()
    second = protect(two[1], ("b", "c"), published=[first], limit_seconds=1).as_json()
    together = [{"c": "*", **cell} for cell in first["cells"]] + [{"a": "*", **cell} for cell in second["cells"]]
    alone = protect(two[1], ("b", "c"), limit_seconds=1).as_json()
    apart = together[: len(first["cells"])] + [{"a": "*", **cell} for cell in alone["cells"]]
    lowest = [*least(first, two[0]), *least(second, two[1])]
    assert exposed(together, truth, ("a", "b", "c"), 11, least=lowest) == set()
    assert exposed(apart, truth, ("a", "b", "c"), 11, least=lowest)


def test_what_an_earlier_release_hid_is_not_given_away_by_a_later_one():
    """a x b hides the margin of a0; the table of a alone would print it."""
    leaves = [Leaf(("a0", "b0"), 4), Leaf(("a0", "b1"), 0), Leaf(("a1", "b0"), 40), Leaf(("a1", "b1"), 50)]
    first = protect(leaves, ("a", "b"))
    later = protect(margin(leaves, (1,)), ("b",), published=[first.as_json()])
    before, after = values(first), values(later)
    for keys, value in after.items():
        old = before[("*", *keys)]
        assert old is None or old == value
    joint = [*first.as_json()["cells"], *({"a": "*", **cell} for cell in later.as_json()["cells"])]
    truth = {leaf.keys: leaf.count for leaf in leaves}
    assert exposed(joint, truth, ("a", "b"), 11) == set()


def test_a_count_that_moved_by_fewer_persons_than_the_threshold_is_hidden_with_its_totals():
    before = protect([Leaf((name,), n) for name, n in COUNTY], ("county",))
    now = protect(
        [Leaf((name,), n + 3 * (name == "East")) for name, n in COUNTY], ("county",), published=[before.as_json()]
    )
    assert {keys for keys, status in statuses(now).items() if status == "primary"} == {("East",), ("*",)}
    much = protect(
        [Leaf((name,), n + 11 * (name == "East")) for name, n in COUNTY], ("county",), published=[before.as_json()]
    )
    assert set(statuses(much).values()) == {"published"}


def test_a_small_count_that_is_already_out_cannot_be_called_back():
    low = protect([Leaf((name,), n) for name, n in [*COUNTY, ("Here", 6)]], ("county",), 5)
    with pytest.raises(Exposed) as refusal:
        protect([Leaf((name,), n) for name, n in [*COUNTY, ("Here", 6)]], ("county",), 11, published=[low.as_json()])
    assert refusal.value.audit.exposed == 1
    assert refusal.value.exit_code == 3


def test_the_same_seed_gives_the_same_release():
    leaves = random_leaves(4, mean=12, shape=(5, 4))
    first, second = (protect(leaves, ("a", "b"), seed=3).as_json() for _ in range(2))
    assert first["cells"] == second["cells"]


def test_a_table_without_time_is_coarse_but_protected():
    leaves = random_leaves(5, mean=20)
    release = protect(leaves, ("a", "b", "c"), limit_seconds=0)
    assert release.audit.exposed == 0
    assert not release.optimal
    assert 0 < release.gap < 1
    truth = {leaf.keys: leaf.count for leaf in leaves}
    assert exposed(release.as_json()["cells"], truth, ("a", "b", "c"), 11) == set()


@given(st.lists(st.integers(0, 60), min_size=12, max_size=12), st.integers(2, 12))
@settings(max_examples=40, deadline=None)
def test_what_is_shown_is_true_and_nothing_small_is_shown(counts, threshold):
    leaves = [Leaf((f"a{place // 4}", f"b{place % 4}"), count) for place, count in enumerate(counts)]
    release = protect(leaves, ("a", "b"), threshold, limit_seconds=0.2)
    table = np.array(counts).reshape(3, 4)
    for cell in release.cells:
        rows = range(3) if cell.keys[0] == "*" else [int(cell.keys[0][1:])]
        columns = range(4) if cell.keys[1] == "*" else [int(cell.keys[1][1:])]
        true = int(table[np.ix_(rows, columns)].sum())
        assert cell.value in (None, true)
        assert (cell.status == "primary") == (0 < true < threshold)
        assert (cell.value is None) == (cell.status != "published")


@pytest.mark.parametrize(
    ("cells", "by", "options", "says"),
    [
        ([], ("a",), {}, "at least one breakdown and one cell"),
        ([Leaf(("x",), 1)], (), {}, "at least one breakdown"),
        ([Leaf(("x", "y"), 1)], ("a", "a"), {}, "named twice"),
        ([Leaf(("x", "y"), 1)], ("a",), {}, "2 categories for 1"),
        ([Leaf(("*",), 1)], ("a",), {}, "reserved for totals"),
        ([Leaf(("x",), -1)], ("a",), {}, "negative"),
        ([Leaf(("x",), 3, {"A": 4})], ("a",), {}, "more people than the cell"),
        ([Leaf(("x",), 3), Leaf(("x",), 4)], ("a",), {}, "given twice"),
        ([Leaf(("x",), 3)], ("a",), {"hierarchies": {"a": {"x": ["x"]}}}, "twice"),
        ([Leaf(("x",), 3)], ("a",), {"hierarchies": {"a": {"G": "x"}}}, "must map"),
        ([Leaf(("x",), 3)], ("a",), {"hierarchies": {"b": {"G": ["x"]}}}, "not one of the breakdowns"),
        ([Leaf(("x",), 3)], ("a",), {"published": [{"cells": []}]}, "not a release"),
        (
            [Leaf(("x",), 3)],
            ("a",),
            {"published": [{"cells": [{"a": "x", "value": 1.5, "status": "published"}]}]},
            "whole",
        ),
        ([Leaf((f"x{i}",) * 4, 3) for i in range(30)], tuple("abcd"), {}, "more than 100,000"),
    ],
)
def test_what_makes_no_table_is_refused_in_a_sentence(cells, by, options, says):
    with pytest.raises(BadInput, match=says):
        protect(cells, by, **options)
