"""Lists that are not separate sources: the same list twice, a list inside another, a list that a stratum lacks."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from accord.cli import main
from accord.statlib.estimate import Settings, estimate, read_histories
from accord.statlib.estimate.methods import Point
from bench.numbers_estimate import DATA

PEOPLE, SHARES = 1500, (0.30, 0.25, 0.20, 0.15, 0.22, 0.18)
ANCHORS = [
    "korea_3",
    "kosovo_4",
    "netherlands_5",
    "uk_4",
    "uk_5",
    "uk_6",
    "western_us_5",
    "new_orleans_5",
    "madigan_york_3",
]


def people(lists: int, seed: int = 1) -> np.ndarray:
    """Return who is on which list, drawn independently: people x lists."""
    return np.random.default_rng(seed).random((PEOPLE, lists)) < SHARES[:lists]


def written(on: np.ndarray, strata: np.ndarray | None = None) -> str:
    """Return the file of capture histories."""
    names = list("ABCDEF"[: on.shape[1]])
    rows = ([strata[n], *map(int, on[n])] if strata is not None else list(map(int, on[n])) for n in range(len(on)))
    counts: dict[tuple, int] = {}
    for row in rows:
        if any(row[1:] if strata is not None else row):
            counts[tuple(row)] = counts.get(tuple(row), 0) + 1
    head = [*(["sex"] if strata is not None else []), *names, "count"]
    return "\n".join([",".join(head), *(",".join(map(str, (*row, n))) for row, n in sorted(counts.items()))]) + "\n"


def estimated(capsys, tmp_path, text, *args):
    path = tmp_path / "lists.csv"
    path.write_text(text, encoding="utf-8")
    code = main(["estimate", str(path), "--json", "--bootstrap", "0", *args])
    out = capsys.readouterr()
    return code, json.loads(out.out) if out.out else out.err


def why(found: dict) -> str:
    return next(each["why"] for each in found["gates"] if each["name"] == "separate_lists" and not each["passed"])


def judged(tmp_path: Path, text: str, merge: Sequence[str] = (), method: str = "stepwise") -> Point:
    """Return the point and its gates, without everything else on the page."""
    path = tmp_path / "lists.csv"
    path.write_text(text, encoding="utf-8")
    table = read_histories(path)[""]
    return estimate(table.merge(merge) if merge else table, Settings(method))


def failed(point: Point) -> dict[str, str]:
    return {gate.name: gate.why for gate in point.gates if not gate.passed}


@pytest.mark.parametrize(("lists", "pair"), [(n, pair) for n in (3, 4, 5, 6) for pair in ((0, 1), (n - 2, n - 1))])
def test_the_same_list_twice_is_refused_by_name_and_merging_mends_it(capsys, tmp_path, lists, pair):
    one, other = pair
    on = people(lists)
    on[:, other] = on[:, one]
    names = "ABCDEF"[one], "ABCDEF"[other]
    size = int(on[:, one].sum())
    assert failed(judged(tmp_path, written(on)))["separate_lists"] == (
        f"{names[0]} and {names[1]} hold the same {size} people; "
        f"make them one list (--merge {names[0]}+{names[1]}) or leave one out"
    )
    merged = judged(tmp_path, written(on), names)
    if lists == 3:  # two lists are left
        assert "lists" in failed(merged)
    else:
        assert merged.passed and merged.estimate == pytest.approx(PEOPLE, rel=0.2)


@pytest.mark.parametrize("lists", [3, 4, 5, 6])
@pytest.mark.parametrize("inner", ["B", "A"])
def test_a_list_inside_another_is_refused_by_name(capsys, tmp_path, lists, inner):
    on = people(lists)
    small, large = ("AB".index(inner), 1 - "AB".index(inner))
    on[:, small] &= on[:, large]
    assert failed(judged(tmp_path, written(on)))["separate_lists"] == (
        f"everyone on {inner} ({int(on[:, small].sum())}) is on {'AB'[large]} too, so one feeds the other; "
        "make them one list (--merge A+B) or leave one out"
    )
    if lists > 3:
        merged = judged(tmp_path, written(on), "AB")
        assert merged.passed and merged.estimate == pytest.approx(PEOPLE, rel=0.2)


def test_the_command_refuses_it_and_merging_is_what_it_says(capsys, tmp_path):
    on = people(4)
    on[:, 1] = on[:, 0]
    code, found = estimated(capsys, tmp_path, written(on))
    assert (code, found["estimate"], found["intervals"]) == (3, None, []) and "(--merge A+B)" in why(found)
    code, found = estimated(capsys, tmp_path, written(on), "--merge", "A+B")
    assert code == 0 and found["estimate"] == pytest.approx(PEOPLE, rel=0.2)
    code, found = estimated(capsys, tmp_path, written(on), "--despite-gates")
    assert code == 0 and found["estimate"] is not None and why(found)


@pytest.mark.parametrize("method", ["stepwise", "wald-aic", "bic", "independence", "bayes"])
def test_every_method_refuses_it(tmp_path, method):
    on = people(4)
    on[:, 1] = on[:, 0]
    assert "hold the same" in failed(judged(tmp_path, written(on), method=method))["separate_lists"]


def test_a_list_nearly_inside_another_is_refused_where_no_dependence_fits(tmp_path):
    """Artificial_3 of SparseMSE: A and B share 6 people, and the parameter of the pair has no finite maximum."""
    point = judged(tmp_path, (DATA / "artificial_3.csv").read_text())
    assert "has no finite estimate (6 people on both)" in failed(point)["separate_lists"]


@pytest.mark.parametrize("few", [1, 3, 10])
def test_a_list_nearly_inside_another_with_a_finite_dependence_is_estimated_with_it(tmp_path, few):
    on, whole = people(4), people(4)
    on[:, 1] &= on[:, 0]
    on[np.flatnonzero(whole[:, 1] & ~whole[:, 0])[:few], 1] = True
    point = judged(tmp_path, written(on))
    assert point.passed and 0b11 in point.terms and point.estimate == pytest.approx(PEOPLE, rel=0.2)


@pytest.mark.parametrize("name", ANCHORS)
def test_no_published_table_is_refused_for_it(tmp_path, name):
    point = judged(tmp_path, (DATA / f"{name}.csv").read_text())
    assert "separate_lists" not in failed(point)
    assert not any("no finite estimate" in line for line in point.warnings)


def test_lists_drawn_by_chance_are_not_refused(tmp_path):
    for lists, seed in itertools.product((3, 4, 5, 6), range(2, 12)):
        assert not failed(judged(tmp_path, written(people(lists, seed))))


def test_a_list_with_no_one_of_a_stratum_is_left_out_there(capsys, tmp_path):
    on, strata = people(5), np.where(np.arange(PEOPLE) % 2, "women", "men")
    on[strata == "men", 3] = False
    code, found = estimated(capsys, tmp_path, written(on, strata), "--stratify", "sex")
    assert code == 0 and sorted(found["lists"]) == list("ABCDE")
    assert found["strata"]["men"]["lists"] == list("ABCE") and found["strata"]["women"]["lists"] == list("ABCDE")
    assert "men: No one in men is on D, so this list is left out there." in found["warnings"]
    assert found["estimate"] == pytest.approx(PEOPLE, rel=0.15)
    path = tmp_path / "lists.csv"
    assert main(["estimate", str(path), "--stratify", "sex", "--bootstrap", "100"]) == 0
    page = capsys.readouterr().out
    assert "No one in men is on D" in page and f"D {int(on[:, 3].sum()):,}" in page


def test_a_stratum_with_too_few_lists_is_refused_and_named(capsys, tmp_path):
    on, strata = people(3), np.where(np.arange(PEOPLE) % 2, "women", "men")
    on[strata == "men", 2] = False
    code, found = estimated(capsys, tmp_path, written(on, strata), "--stratify", "sex")
    assert code == 3 and any("No one in men is on C" in line for line in found["warnings"])
    assert "men: lists" in {gate["name"] for gate in found["gates"] if not gate["passed"]}
    assert main(["estimate", str(tmp_path / "lists.csv"), "--stratify", "sex"]) == 3
    assert "No one in men is on C" in capsys.readouterr().out
