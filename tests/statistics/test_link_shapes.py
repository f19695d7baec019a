"""Lists that hold less about the same people: what can't be learned from them gives no figure, and is reported."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from accord import cli
from bench.people import several_agencies
from bench.shapes import Outcome, cut, outcome, shaped, without
from tests.statistics.linkage import KEY

POPULATION = 1_200


@pytest.fixture(scope="module")
def lists() -> list[pl.DataFrame]:
    """Return three lists of about 420 records, with names and births as they are."""
    return several_agencies(POPULATION, [0.35] * 3, seed=1, careful=True)


@pytest.fixture(scope="module")
def whole(lists: list[pl.DataFrame]) -> Outcome:
    return outcome(lists, KEY)


@pytest.mark.parametrize(
    ("shape", "scheme", "unseen"),
    [
        ("birth years only", "joined", {"first name", "last name"}),
        ("birth years only", "bound", {"first name", "last name"}),
        ("birth years only in two of three", "joined", {"first name", "last name"}),
        ("birth years only in one", "joined", set()),
        ("one-word names", "joined", {"birth"}),
        ("birth years only, no place", "bound", {"birth", "first name", "last name"}),
        ("no sex", "joined", set()),
        ("no birth date in one", "joined", set()),
        ("Burmese script", "joined", set()),
        ("Khmer script, birth years only", "joined", {"first name", "last name"}),
    ],
)
def test_less_of_the_same_people_is_as_many_people(
    lists: list[pl.DataFrame], whole: Outcome, shape: str, scheme: str, unseen: set[str]
) -> None:
    found = outcome(shaped(lists, shape), KEY, scheme)
    assert found.distinct.best == pytest.approx(found.truth, rel=0.01)
    assert found.f1 >= whole.f1 - 0.02
    assert found.promised == pytest.approx(found.true, rel=0.03)
    assert found.distinct.missed < 15
    assert set(found.result.model.borrowed) == unseen


def test_differences_that_are_seen_say_how_many_are_not() -> None:
    """Names written with many errors: missed matches are counted from the smaller differences, not from a fixed share."""
    noisy = several_agencies(POPULATION, [0.35] * 3, seed=1)
    years = outcome([cut(4)(frame) for frame in noisy], KEY)
    assert years.result.model.borrowed == {"first name": True, "last name": True}
    assert 0.05 < 1 - years.result.model.proposed.min() < 0.25


def written(frames: Sequence[pl.DataFrame], folder: Path) -> list[str]:
    paths = [folder / f"{name}.csv" for name in ("north", "south", "west", "east")[: len(frames)]]
    for path, frame in zip(paths, frames, strict=True):
        frame.drop("pid").write_csv(path)
    return [str(path) for path in paths]


def test_birth_years_go_through_to_an_estimate(
    lists: list[pl.DataFrame], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counted, drawn, report = (str(tmp_path / name) for name in ("counts.csv", "drawn.csv", "report.json"))
    files = written([cut(4)(frame) for frame in lists], tmp_path)
    args = ["--counts", "--out", counted, "--imputed", drawn, "--report", report]
    assert cli.main(["link", *files, *args]) == 0
    told = capsys.readouterr().err
    assert "Note: these lists can't show links between records whose first names are spelled very different" in told
    said = json.loads(Path(report).read_text())
    assert said["not_learned"] == ["first name", "last name"]
    assert said["missed"] < 15 and any("last names" in note for note in said["notes"])
    assert [one["name"] for one in said["lists"]] == ["north", "south", "west"]
    assert cli.main(["estimate", counted, "--imputed", drawn, "--bootstrap", "0", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["sensitivity"]["linkage"]["estimate"] == pytest.approx(answer["estimate"], rel=0.03)


def test_lists_that_cannot_be_compared_are_reported(
    lists: list[pl.DataFrame], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = without("last_name")
    files = written([bare(cut(4)(lists[0])), bare(cut(4)(lists[1])), lists[2]], tmp_path)
    assert cli.main(["link", *files, "--counts"]) == 0
    told = capsys.readouterr().err
    assert "north and south: hardly any records of these two lists could be compared" in told
    assert cli.main(["link", *files[:2], "--counts", "--imputed", str(tmp_path / "drawn.csv")]) == 0
    assert "about 0 more missed" in capsys.readouterr().err


def with_twins(frame: pl.DataFrame, at: int) -> pl.DataFrame:
    """Return some records with only common names, so that many pairs are equally likely."""
    few = pl.DataFrame(
        {
            name: [value] * 6
            for name, value in zip(frame.columns, [None, 0, "Ana", "Cruz", "1990", "F", "", ""], strict=True)
        }
    ).with_columns(id=pl.Series([f"twin{at}{n}" for n in range(6)]), pid=pl.lit(0, pl.Int64))
    return pl.concat([frame, few.select(frame.columns)])


def figures(files: Sequence[str], folder: Path) -> tuple[str, list[list[str]], list[list[str]]]:
    """Return all figures of a run, without the order of the lists."""
    out, drawn, report = (folder / name for name in ("out.csv", "drawn.csv", "report.json"))
    args = ["--counts", "--out", str(out), "--imputed", str(drawn), "--report", str(report)]
    assert cli.main(["link", *files, *args]) == 0
    said = json.loads(report.read_text())
    said["lists"].sort(key=lambda one: one["name"])
    said["notes"].sort()

    def rows(path: Path) -> list[list[str]]:
        table = list(csv.DictReader(io.StringIO(path.read_text())))
        return sorted([*sorted(f"{name}={value}" for name, value in row.items())] for row in table)

    return json.dumps(said, sort_keys=True), rows(out), rows(drawn)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_and_files_moves_nothing(seed: int, tmp_path: Path) -> None:
    shuffle = random.Random(seed)
    frames = several_agencies(400, [0.5, 0.4, 0.4], seed=seed)
    files = written([with_twins(frame, at) for at, frame in enumerate(frames)], tmp_path)
    first = figures(files, tmp_path)
    for path in map(Path, files):
        header, *body = path.read_text().splitlines()
        shuffle.shuffle(body)
        path.write_text("\n".join([header, *body]) + "\n")
    assert figures(files, tmp_path) == first
    assert figures(files[::-1], tmp_path) == first
