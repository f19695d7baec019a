"""`accord protect`: files in, a table or one clear line out."""

from __future__ import annotations

import csv
import io
import json

import pytest

from accord.cli import main

TABLE = """county,kind,n
North,labour,23
North,sexual,4
North,both,31
South,labour,40
South,sexual,55
South,both,8
East,labour,12
East,sexual,17
East,both,0
"""


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "table.csv"
    file.write_text(TABLE, encoding="utf-8")
    return file


def test_the_table_on_paper_reads_suppressed_and_does_not_tell_which_cells_are_small(table, capsys):
    assert main(["protect", str(table), "--by", "county,kind", "--count", "n"]) == 0
    out, err = capsys.readouterr()
    rows = {(row["county"], row["kind"]): row["n"] for row in csv.DictReader(io.StringIO(out))}
    assert len(rows) == 16
    assert rows[("North", "sexual")] == rows[("South", "both")] == "suppressed"
    assert rows[("*", "*")] == "190"
    assert rows[("East", "both")] == "0"
    assert "primary" not in out
    assert "0 exposed" in err


def test_json_has_the_stable_keys_and_comes_back_as_what_is_published(table, tmp_path, capsys):
    call = ["protect", str(table), "--by", "county,kind", "--count", "n", "--json"]
    assert main(call) == 0
    first = json.loads(capsys.readouterr().out)
    assert list(first) == ["cells", "optimal", "gap", "audit", "seconds"]
    assert list(first["cells"][0]) == ["county", "kind", "value", "status"]
    assert set(first["audit"]) == {"cells", "exposed"}
    assert {cell["status"] for cell in first["cells"]} == {"published", "primary", "secondary"}
    old = tmp_path / "old.json"
    old.write_text(json.dumps(first), encoding="utf-8")
    assert main([*call, "--published", str(old)]) == 0
    assert json.loads(capsys.readouterr().out)["cells"] == first["cells"]


def test_agencies_are_added_up_and_their_rules_hold(tmp_path, capsys):
    file = tmp_path / "parts.csv"
    rows = [("East", who, 30) for who in "ABC"] + [("West", "A", 50), ("West", "B", 40)]
    rows += [(place, who, 40) for place in ("North", "South") for who in "ABC"]
    file.write_text("county,agency,n\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows), encoding="utf-8")
    assert main(["protect", str(file), "--by", "county", "--count", "n", "--agency", "agency", "--json"]) == 0
    status = {cell["county"]: cell["status"] for cell in json.loads(capsys.readouterr().out)["cells"]}
    assert status["West"] == "primary"
    assert status["*"] == "published"


def test_a_hierarchy_is_read_from_yaml(table, tmp_path, capsys):
    groups = tmp_path / "groups.yaml"
    groups.write_text("county:\n  Coast: [North, East]\n", encoding="utf-8")
    assert main(["protect", str(table), "--by", "county,kind", "--count", "n", "--hierarchy", str(groups)]) == 0
    assert "Coast,*,87" in capsys.readouterr().out


def test_what_is_already_out_is_refused_with_its_own_exit_code(table, tmp_path, capsys):
    call = ["protect", str(table), "--by", "county,kind", "--count", "n", "--json"]
    main([*call, "--threshold", "4"])
    old = tmp_path / "old.json"
    old.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main([*call, "--published", str(old)]) == 3
    out, err = capsys.readouterr()
    refused = json.loads(out)
    assert refused["cells"] == []
    assert refused["audit"] == {"cells": 2, "exposed": 2}
    assert err.startswith("accord: Refused")


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        (b"", [], "the file is empty"),
        (b"county,kind,n\n", [], "no rows below its header"),
        (b"county,n\nNorth,3\n", [], "row 1, column kind: the column is missing"),
        (b"county,kind,kind,n\na,b,c,3\n", [], "row 1, column kind: the column stands twice"),
        (b"county,kind,n\nNorth,x,-3\n", [], "row 2, column n: the count is not a whole number"),
        (b"county,kind,n\nNorth,x,3\nSouth,x,2.5\n", [], "row 3, column n: the count is not a whole number"),
        (b"county,kind,n\nNorth,x,3\nNorth,x,4\n", [], "row 3: the same combination"),
        (b"county,kind,n\nNorth,,3\n", [], "row 2, column kind: the field is empty"),
        (b"county,kind,n\n*,x,3\n", [], "row 2: '*' is kept for totals"),
        (b"county,kind,n\nNorth,x\n", [], "row 2: the row has 2 fields, the header 3"),
        (b"county,kind,n\nNorth,x" + b"," * 1_000_000 + b"3\n", [], "row 2: the row has 1000002 fields"),
        (b"x," * 1_000_000 + b"n\n", [], "row 1: the header has more than 1000 columns"),
        ("county,kind,n\nNorth,é,3\n".encode("latin-1"), [], "the text is not UTF-8"),
        (b'county,kind,n\n"North,x,3\n', [], "not a CSV file"),
        (TABLE.encode(), ["--threshold", "1"], "threshold must be at least 2"),
        (TABLE.encode(), ["--hierarchy", "none.yaml"], "none.yaml: it cannot be read"),
        (TABLE.encode(), ["--published", "none.json"], "none.json: it cannot be read"),
    ],
)
def test_bad_input_is_one_line_with_file_row_and_column(content, options, says, tmp_path, capsys):
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    assert main(["protect", str(file), "--by", "county,kind", "--count", "n", *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert says in err


def test_a_file_that_is_not_there_is_one_line(capsys):
    assert main(["protect", "nowhere.csv", "--by", "a", "--count", "n"]) == 2
    assert capsys.readouterr().err == "accord: nowhere.csv: No such file or directory\n"
