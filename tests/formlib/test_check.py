"""`accord form check`: forms that load and can be filled, and forms that are refused with sheet, row, and a way out."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from accord.cli import main
from tests.steps.surveys import CHOICES, EVERYTHING, SETTINGS
from tests.steps.workbooks import save


def check(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, list[dict[str, Any]]]:
    code = main(["form", "check", *map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_form_with_every_kind_of_question_is_filled_to_its_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(tmp_path / "all.xlsx", survey=EVERYTHING, choices=CHOICES, settings=SETTINGS)
    (tmp_path / "fruits.csv").write_text("key,name\nmango,Mango\nfig,Fig\n", encoding="utf-8")
    code, (found,) = check(capsys, path, "--fill", "6", "--seed", "7")
    assert found["problems"] == []
    assert (code, found["loaded"], found["filled"], found["runs"], found["questions"]) == (0, True, 6, 6, 30)
    assert found["languages"] == ["English (en)", "Español (es)"]
    notes = {one["row"]: one["message"] for one in found["warnings"]}
    assert "collects nothing about the device" in notes[4] and "large pictures" in notes[21]
    assert main(["form", "check", str(path)]) == 0
    assert "30 questions (English (en), Español (es)), filled 1 of 1 times" in capsys.readouterr().out


HEAD = "type | name | label | relevant | constraint | calculation | choice_filter | required\n"
PAIR = "list_name | name | label\nyn | yes | Yes\nyn | no | No"


@pytest.mark.parametrize(
    ("rows", "row", "said"),
    [
        ("text | a | A | | | | |\naudio | b | B | | | | |", 3, "ask for the file with the type file"),
        ("country | a | A | | | | |", 2, "does not exist"),
        ("background-geopoint | a | | | | | |", 2, "never recorded in the background"),
        (" | a | A | | | | |", 2, "this row has no type; write one"),
        ("text | a | A | ${b} = 1 | | | |", 2, "b"),
        ("text | a | A | foo(1) = 1 | | | |", 2, "relevant: there is no function foo()"),
        ("text | a | A | difference-in-months(today(), now()) > 1 | | | |", 2, "no function difference-in-months()"),
        ("text | a | A | | regex(., '(?=x)') | | |", 2, "constraint: the pattern"),
        ("text | a | A | | . > | | |", 2, "constraint: the expression ends too early"),
        (
            "note | a | A | | | | |\ncalculate | b | | | | ${c} | |\ncalculate | c | | | | ${b} + 1 | |",
            3,
            "depends on itself",
        ),
        ("text | a | A | | | | |\nselect_one yn2 | b | B | | | | |", 3, "yn2"),
        ("calculate | a | | | | pulldata('t', 'a', 'b', 'c') | |\nnote | b | ${a} | | | | |", 2, "t.csv is missing"),
        ("select_one_from_file ../../etc/passwd.csv | a | A | | | | |", 2, "missing"),
    ],
)
def test_a_form_that_cannot_work_here_is_refused_with_its_row(
    rows: str, row: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, (found,) = check(capsys, save(tmp_path / "form.xlsx", survey=HEAD + rows, choices=PAIR))
    assert (code, found["loaded"], found["filled"]) == (3, False, 0)
    assert found["problems"][0]["sheet"] == "survey" and found["problems"][0]["row"] == row
    assert said in found["problems"][0]["message"]


def test_a_form_that_can_never_be_finished_and_one_with_a_forgotten_quote_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stuck = save(tmp_path / "stuck.xlsx", survey=HEAD + "integer | a | A | | . > 5 and . < 3 | | | yes")
    code, (found,) = check(capsys, stuck)
    assert (code, found["loaded"], found["filled"]) == (3, True, 0)
    assert found["problems"][0]["row"] == 2 and "check the constraint" in found["problems"][0]["message"]
    choices = "list_name | name | label | warm\nc | red | Red | yes\nc | blue | Blue | no"
    loose = save(tmp_path / "loose.xlsx", survey=HEAD + "select_one c | a | A | | | | warm=yes |", choices=choices)
    code, (found,) = check(capsys, loose)
    assert code == 0 and [one["row"] for one in found["warnings"]] == [2]
    assert "'yes' is not a column of the choices" in found["warnings"][0]["message"]


def test_a_hostile_file_is_refused_in_words_and_does_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = save(tmp_path / "good.xlsx", survey=HEAD + "text | a | A | | | | |")
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * 40_000_000)
    entities = tmp_path / "entities.xlsx"
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(entities, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/"):
                content = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + content.partition(b"?>")[2]
            new.writestr(name, content)
    (tmp_path / "cut.xlsx").write_bytes(good.read_bytes()[:3_000])
    (tmp_path / "text.xlsx").write_text("hello", encoding="utf-8")
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 5_000)
    (tmp_path / "macro.xlsm").write_bytes(good.read_bytes())
    save(tmp_path / "long.xlsx", survey=[["type", "name", "label"], *[["note", f"n{i}", "N"] for i in range(20_100)]])
    for name, said in {
        "bomb.xlsx": "unpacks to more than",
        "entities.xlsx": "declares XML entities",
        "cut.xlsx": "damaged",
        "text.xlsx": "not an Excel workbook",
        "old.xls": "can't be read",
        "macro.xlsm": "only Excel workbooks",
        "long.xlsx": "more than 20,000 rows",
    }.items():
        code, (found,) = check(capsys, tmp_path / name)
        assert (code, found["loaded"]) == (3, False) and said in found["problems"][0]["message"], name
    assert main(["form", "check", str(tmp_path / "none.xlsx")]) == 2
    assert main(["form", "check", str(good), "--fill", "-1"]) == 2


def test_text_that_looks_like_a_formula_or_markup_stays_text_and_repeats_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        ["type", "name", "label", "repeat_count", "calculation", "default"],
        ["text", "a", "<script>alert(1)</script>&x;\" '", "", "", "'=cmd|/c calc'!A1"],
        ["calculate", "many", "", "", "999999999", ""],
        ["begin_repeat", "r", "R", "${many}", "", ""],
        ["text", "b", "B", "", "", ""],
        ["end_repeat", "", "", "", "", ""],
    ]
    code, (found,) = check(capsys, save(tmp_path / "odd.xlsx", survey=rows))
    assert code == 3 and "at most 200 times" in str(found["problems"])
    code, (found,) = check(capsys, save(tmp_path / "odd.xlsx", survey=rows[:2]))
    assert (code, found["problems"]) == (0, [])
