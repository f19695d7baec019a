"""Expressions of forms: the facts published with other OpenRosa evaluators, and expressions that try to do harm.

`facts.csv` holds each fact with its source (getodk/web-forms, getodk/javarosa, enketo/openrosa-xpath-evaluator, all
Apache-2.0), and `trees.csv` the XML that facts share. Where published evaluators differ, `decision` says what upstream
has and why ours is different, or "as upstream".
"""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from accord.cli import main

HERE = Path(__file__).parent
FACTS = list(csv.DictReader(io.StringIO((HERE / "facts.csv").read_bytes().decode())))
TREES = {row["tree"]: row["xml"] for row in csv.DictReader(io.StringIO((HERE / "trees.csv").read_bytes().decode()))}
COLUMNS = ("id", "expression", "context", "expected_type", "expected", "context_node", "absolute_path_root")
MORE = ("namespaces", "language", "tz", "tolerance")


def write(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def evaluated(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    code = main(["form", "evaluate", str(path), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_every_published_fact_holds_or_is_decided_with_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        (
            *(fact["fact"], fact["expression"], TREES.get(fact["tree"], ""), fact["kind"], fact["value"]),
            *(fact["at"], fact["root"], fact["prefixes"], fact["language"], fact["zone"], fact["slack"]),
        )
        for fact in FACTS
    ]
    path = write(tmp_path / "facts.csv", [(*COLUMNS, *MORE), *rows])
    assert evaluated(path, capsys) == (0, {"cases": 1979, "agree": 1979, "differ": []})
    decided = [fact for fact in FACTS if fact["decision"]]
    ours = [fact for fact in decided if fact["decision"] != "as upstream"]
    assert (len(decided), len(ours)) == (302, 22)
    assert all(fact["source"] for fact in FACTS) and all(". " in fact["decision"] for fact in ours)


def test_a_difference_is_listed_and_a_bad_table_is_refused_with_its_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = ("id", "expression", "context", "expected_type", "expected")
    path = write(tmp_path / "cases.csv", [header, ("a", "1 + 1", "", "number", "3"), ("b", "'x'", "", "string", "x")])
    found = {"cases": 2, "agree": 1, "differ": [{"id": "a", "expected": "3", "got": "2.0"}]}
    assert evaluated(path, capsys) == (3, found)
    assert main(["form", "evaluate", str(path)]) == 3
    assert capsys.readouterr().out == "a: expected '3', got '2.0'\n2 expressions: 1 agree, 1 differ.\n"
    for rows, said in (
        ([("id", "expression")], "the column is missing"),
        ([header, ("a", "1", "", "figure", "1")], "row 2"),
        ([header, ("a", "1", "<a>", "number", "1")], "the XML can't be read"),
        ([header, ("a", "1", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "number", "1")], "declares entities"),
        ([header, ("a", "1", "<a>" * 150 + "</a>" * 150, "number", "1")], "inside each other"),
        ([header, ("a", "1")], "as many columns"),
    ):
        assert main(["form", "evaluate", str(write(tmp_path / "bad.csv", rows))]) == 2
        assert said in capsys.readouterr().err


ITEMS = "<root>" + "<item>a</item>" * 2_000 + "</root>"


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("1" + "+1" * 30_000, "longer than 50,000 characters"),
        ("(" * 200 + "1" + ")" * 200, "levels of parentheses"),
        ("-" * 20_000 + "1", "levels of parentheses"),
        ("count(//item[count(//item[count(//item) > 1]) > 1])", "steps"),
        ("//item = //item[. = 'b'] or //item != //item", "steps"),
        ("regex('a', '(?=a)')", "can't be used"),
        ("regex('a', '(a')", "can't be used"),
        ("uuid(1000000000)", "number of characters"),
        ("concat(" + ",".join(["uuid(199999)"] * 2) + ")", "more than 200,000 characters"),
        ("document('/etc/passwd')", "no function document()"),
        ("unparsed-text('/etc/passwd')", "no function unparsed-text()"),
        ("$home", "unexpected '$'"),
        ("1 +", "ends too early"),
        (" ", "is empty"),
    ],
)
def test_an_expression_that_costs_too_much_or_reaches_outside_is_refused_in_words(
    expression: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [("id", "expression", "context", "expected_type", "expected"), ("a", expression, ITEMS, "string", "?")]
    start = time.monotonic()
    code, found = evaluated(write(tmp_path / "cases.csv", rows), capsys)
    assert (code, found["agree"]) == (3, 0) and reason in str(found["differ"])
    assert time.monotonic() - start < 10


def test_a_pattern_that_would_backtrack_forever_is_answered_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        ("id", "expression", "context", "expected_type", "expected"),
        ("a", f"regex('{'a' * 5_000}!', '^(a+)+$')", "", "boolean", "false"),
        ("b", r"regex('é', '^[\u00e0-\u00ff]$')", "", "boolean", "true"),
    ]
    start = time.monotonic()
    assert evaluated(write(tmp_path / "cases.csv", rows), capsys)[0] == 0
    assert time.monotonic() - start < 5
