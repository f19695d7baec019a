"""One writer of CSV: no matter what a file holds, a spreadsheet that opens it runs nothing."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from accord.cli import main
from accord.core import csvs

ACCORD = Path(csvs.__file__).parents[1]


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\tx",
        "\rx",
        "a;=1",
        "a\n+1",
        "\uff1d1",
        "\uff20x",
        "-",
    ],
)
def test_what_a_spreadsheet_would_run_is_shown(cell: str) -> None:
    out = io.StringIO()
    csvs.write(out, [["head"], [cell, 7, -1.5]])
    read = list(csv.reader(io.StringIO(out.getvalue())))[1]
    assert "'" in read[0] and read[0][0] not in "=+-@\t\r\uff1d\uff20"
    assert read[1:] == ["7", "-1.5"]


@pytest.mark.parametrize("cell", ["", "North", "O'Brien", "2026-1", "a=b", "x - y", "1+1", "'90s", "12:30"])
def test_other_text_stays_as_it_is(cell: str) -> None:
    assert csvs.guarded(cell) == cell == csvs.bare(cell)


@pytest.mark.parametrize("cell", ["=1", "-5", "+x", "@home", "a;-1", " =1"])
def test_ids_come_back_as_they_were(cell: str) -> None:
    assert csvs.bare(csvs.guarded(cell)) == cell


def test_no_other_file_writes_csv() -> None:
    writers = [
        path
        for path in ACCORD.rglob("*.py")
        if "csv.writer" in (text := path.read_text("utf-8")) or "DictWriter" in text
    ]
    assert [path.name for path in writers] == ["csvs.py"]


def test_ids_that_look_like_formulas_go_through_encode_and_link(tmp_path, capsys) -> None:
    people = (
        "id,first_name,last_name,birth_date\n=A{0},Amara,Ashgrove,1999-01-0{0}\n-B{0},Beata,Birchwell,1988-02-0{0}\n"
    )
    key = tmp_path / "key"
    assert main(["encode", "--key-file", str(key), "--new-key"]) == 0
    for number in (1, 2):
        file = tmp_path / f"list{number}.csv"
        file.write_text(people.format(1).replace("=A1", f"=A{number}").replace("-B1", f"-B{number}"), encoding="utf-8")
        assert main(["encode", str(file), "--key-file", str(key), "--out", str(tmp_path / f"tokens{number}.csv")]) == 0
        assert "\n'=A" in (tmp_path / f"tokens{number}.csv").read_text("utf-8")
    capsys.readouterr()
    files = [str(tmp_path / f"tokens{number}.csv") for number in (1, 2)]
    truth = tmp_path / "truth.csv"
    truth.write_text("left,right\n'=A1,'=A2\n-B1,'-B2\n", encoding="utf-8")
    assert (
        main(["link", "--encoded", *files, "--truth", str(truth), "--least", "0", "--out", str(tmp_path / "pairs.csv")])
        == 0
    )
    pairs = (tmp_path / "pairs.csv").read_text("utf-8")
    assert "'=A1,'=A2" in pairs and "\n=" not in pairs
