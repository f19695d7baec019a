"""Workbooks, tables, and expressions that are broken or hostile: each is refused in words and within limits."""

from __future__ import annotations

import struct
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from accord.cli import main
from accord.cli.form import beside
from accord.formlib import answering, attaching, copies
from accord.formlib.answering import Answers
from accord.formlib.filling import fill
from accord.formlib.loading import load
from accord.formlib.problems import Refused
from accord.formlib.xpath import tree
from accord.formlib.xpath.evaluating import Scope, evaluate
from accord.formlib.xpath.limits import EvaluationFailed
from accord.formlib.xpath.tree import read_xml
from tests.steps.workbooks import save

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
HEAD = "type | name | label | relevant | calculation | choice_filter | appearance | parameters\n"
ONE = [["type", "name", "label"], ["text", "a", "A"]]


def refusal(path: Path) -> str:
    """Return the first line of the refusal of a form."""
    with pytest.raises(Refused) as refused:
        load(path.read_bytes(), path.name, beside(path, None))
    return refused.value.problems[0].line()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "calculate | c | | | ${c} + 1 | | |\nnote | n | ${c} | | | | |",
            "row 2: calculation: c is computed from its own",
        ),
        (
            "calculate | c | | | concat(., 'x') | | |\nnote | n | N | | | | |",
            "row 2: calculation: c is computed from its",
        ),
        ("calculate | c | | | if(. = 1, 2, 3) | | |\nnote | n | N | | | | |", "row 2: calculation: c is computed from"),
        ("text | a | A | ${a} != 'x' | | | |", "row 2: relevant: a can't depend on its own answer"),
        (
            "begin_group | g | G | ${a} = '' | | | |\ntext | a | A | | | | |\nend_group | | | | | | |",
            "row 2: relevant: g can't depend on its own answer or on an answer inside it",
        ),
        ("select_one l | a | A | | | | search() |", "row 2: search() needs the name of a file in quotes"),
        ("select_one l | a | A | | | | search(towns) |", "row 2: search() needs the name of a file in quotes"),
        ("select_one l | a | A | | | | search('towns', 'matches') |", "row 2: search() needs the name of a file"),
        (
            "select_one l | a | A | | | | search('t', 'like', 'b', 'c') |",
            "row 2: search(): 'like' is not a way to compare",
        ),
        ("select_one l | a | A | | | | search('empty') |", "row 2: the file empty.csv can't be read: it is empty"),
        ("select_one l | a | A | | | | search('header') |", "row 2: the file header.csv has no rows"),
        ("select_one l | a | A | | | | search('other') |", "row 2: the file other.csv has no column 'v'"),
        ("select_one_from_file other.csv | a | A | | | | |", "row 2: the file other.csv has no column 'name'"),
        (
            "select_one_from_file twice.csv | a | A | | | | |",
            "row 2: the file twice.csv can't be read: the column 'name'",
        ),
        (
            "select_one_from_file latin.csv | a | A | | | | |",
            "row 2: the file latin.csv can't be read: it is not UTF-8 text",
        ),
        ("select_one_from_file wide.csv | a | A | | | | |", "wide.csv can't be read: it has more than 500 columns"),
        ("select_one_from_file large.csv | a | A | | | | |", "large.csv can't be read: it has more than 5,000 cells"),
        (
            "select_one_from_file tags.xml | a | A | | | | |",
            "tags.xml can't be read: the XML has more than 5,000 elements",
        ),
        (f"select_one_from_file {'n' * 300}.csv | a | A | | | | |", ".csv is missing"),
        ("range | a | A | | | | | start=1 end=2 step=1e-320", "row 2: parameters: a range needs numbers"),
        ("range | a | A | | | | | start=0 end=99999999 step=1", "row 2: parameters: a range needs numbers"),
    ],
)
def test_a_row_that_can_never_work_is_refused(
    rows: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "MOST_CELLS", 5_000)
    if "tags.xml" in rows:
        monkeypatch.setattr(tree, "LARGEST_TREE", 5_000)
    for name, text in {
        "empty.csv": "",
        "header.csv": "v,w\n",
        "other.csv": "key,w\n1,2\n",
        "twice.csv": "name,name\n1,2\n",
        "wide.csv": ",".join(f"c{number}" for number in range(501)) + "\n",
        "large.csv": "name," + ",".join(f"c{number}" for number in range(99)) + "\n" + ("1," * 99 + "1\n") * 51,
        "tags.xml": "<root>" + "<a/>" * 5_001 + "</root>",
    }.items():
        if name.partition(".")[0] in rows:
            (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "latin.csv").write_bytes("name,label\na,Añejo\n".encode("latin-1"))
    choices = "list_name | name | label\nl | v | w"
    assert said in refusal(save(tmp_path / "form.xlsx", survey=HEAD + rows, choices=choices))


def test_a_sheet_name_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "form.xlsx", **{"survey": ONE, "Survey ": [*ONE, ["text", "b", "B"]]})
    assert "there are two sheets named survey" in refusal(path)


def packed(path: Path, method: int) -> bytes:
    """Return a workbook whose parts claim to be packed with this method."""
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = content.find(mark)
        while at >= 0:
            content[at + place : at + place + 2] = struct.pack("<H", method)
            at = content.find(mark, at + 4)
    return bytes(content)


def garbled(path: Path) -> bytes:
    """Return a workbook whose first packed part is not what it claims to be."""
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        part = max(archive.infolist(), key=lambda one: one.compress_size)
        at = part.header_offset + 30 + len(part.filename) + 10
    content[at : at + 40] = b"\xff" * 40
    return bytes(content)


def future(path: Path) -> bytes:
    """Return a workbook that asks for a later version of the archive format."""
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 6 : at + 8] = struct.pack("<H", 200)
    return bytes(content)


def with_part(name: str, text: str) -> Callable[[Path], bytes]:
    def add(path: Path) -> bytes:
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, text)
        return path.read_bytes()

    return add


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda path: packed(path, 14), "packed in an unusual way"),
        (lambda path: packed(path, 99), "packed in an unusual way"),
        (garbled, "damaged"),
        (future, "damaged"),
        (with_part("xl/media/a.bin", "0" * 31_000_000), "unpacks to more than 30 MB"),
        (with_part("xl/styles2.xml", "<a/>" * 1_000_001), "more than 1,000,000 XML marks"),
        (with_part("a/workbook.xml", "<sheet name='x'/>" * 101), "more than 100 sheets"),
    ],
    ids=["method 14", "method 99", "garbled", "future", "large", "marks", "sheets"],
)
def test_an_archive_that_cannot_be_read_safely_is_refused(
    change: Callable[[Path], bytes], said: str, tmp_path: Path
) -> None:
    path = save(tmp_path / "form.xlsx", survey=ONE)
    path.write_bytes(change(path))
    started = time.process_time()
    assert said in refusal(path)
    assert time.process_time() - started < 3


WIDE = "<a>" + "<b/>" * 12_000 + "</a>"
LONG = "<a><t>" + "ab " * 33_000 + "</t>" + "<b/>" * 7_000 + "</a>"


@pytest.mark.parametrize(
    ("xml", "expression", "said"),
    [
        (WIDE, "count(//b[(. | ..)])", "steps"),
        (WIDE, "count(//b[position(.) > 0])", "steps"),
        (WIDE, "count(//b[following-sibling::c])", "steps"),
        (WIDE, "count(//b[preceding::c])", "steps"),
        (WIDE.replace("<b/>", "<b>x</b>"), "count(//b[string-length(/) > 1])", "steps"),
        (WIDE.replace("<b/>", "<b>x</b>"), "count(//b[/ = 'x'])", "steps"),
        (WIDE.replace("<b/>", "<b>1</b>"), "count(//b[/ + 1 > 1])", "steps"),
        (WIDE.replace("<b/>", "<b>1</b>"), "count(//b[sum(/) > 1])", "steps"),
        (WIDE, "count(//b[randomize(//b)])", "steps"),
        (LONG, "count(//b[translate(/a/t, 'ab', 'cd') = 'x'])", "steps"),
        (LONG, "count(//b[regex(/a/t, '(x+x+)+y')])", "steps"),
        (LONG, "count(//b[substring(/a/t, 2) = 'x'])", "steps"),
        (LONG, "string-length(concat(/a/t, /a/t, /a/t))", "200,000 characters"),
        (LONG, "string-length(join(/a/t, //b))", "200,000 characters"),
        (LONG, "count(//b[regex('aaa', concat('(a{1,300}){1,3}', position()))])", "steps"),
    ],
)
def test_an_expression_is_charged_for_everything_that_it_visits(xml: str, expression: str, said: str) -> None:
    root, _ = read_xml(xml)
    started = time.process_time()
    with pytest.raises(EvaluationFailed, match=said):
        evaluate(expression, root, Scope(root, NOW, ZONE))
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("round(0, 400)", 0.0),
        ("round(1.25, 999999)", 1.25),
        ("round(1 div 0)", float("inf")),
        ("substring('12345', -1 div 0, 1 div 0)", ""),
        ("substring('12345', 0 div 0)", ""),
        ("substring('12345', -5, 8)", "12"),
        ("count(//b[2]/preceding-sibling::*[1])", 1.0),
        ("string(//b[3]/preceding-sibling::*[1])", "2"),
        ("string(//b[3]/ancestor-or-self::*)", "123"),
    ],
)
def test_numbers_at_the_edge_and_axes_that_look_back(expression: str, value: object) -> None:
    root, _ = read_xml("<a><b>1</b><b>2</b><b>3</b></a>")
    assert evaluate(expression, root, Scope(root, NOW, ZONE)) == value


def test_a_form_that_grows_too_large_or_costs_too_much_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "MOST_NODES", 2_000)
    monkeypatch.setattr(answering, "MOST_STEPS_TOGETHER", 200_000)
    deep = """
type | name | label | repeat_count | relevant | calculation
begin_repeat | r | R | 200 | |
begin_repeat | s | S | 200 | |
text | a | A | | |
text | b | B | | 1 = 2 |
end_repeat | | | | |
end_repeat | | | | |
"""
    path = save(tmp_path / "deep.xlsx", survey=deep)
    problems = fill(load(path.read_bytes(), path.name, beside(path, None)), seed=1, now=NOW, zone=ZONE)
    assert "more than 2,000 questions and groups" in problems[0].message
    heavy = """
type | name | label | repeat_count | required
begin_repeat | r | R | 60 |
text | t | T | |
end_repeat | | | |
text | x | X | | count(/data/r[count(/data/r[t = 'x']) = 0]) > 1
"""
    heavy += "".join(f"text | y{i} | Y | | count(/data/r[count(/data/r[t = 'x']) = 0]) > 1\n" for i in range(30))
    path = save(tmp_path / "heavy.xlsx", survey=heavy)
    form = load(path.read_bytes(), path.name, beside(path, None))
    answers = Answers(form, NOW, ZONE)
    answers.missing()  # one question after the other, each with its own count
    with pytest.raises(EvaluationFailed, match="steps"):
        [answers.required(question, node) for question, node in answers.asking()]
    answers.start_reading()
    assert answers.required(*list(answers.asking())[-1])


def test_a_page_can_be_read_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "MOST_STEPS_TOGETHER", 50_000)
    (tmp_path / "big.csv").write_text("name,label\n" + "".join(f"n{i},L\n" for i in range(600)), encoding="utf-8")
    rows = "".join(f"select_one_from_file big.csv | a{i} | A | | | name != 'x' | |\n" for i in range(8))
    path = save(tmp_path / "form.xlsx", survey=HEAD + rows)
    answers = Answers(load(path.read_bytes(), path.name, beside(path, None)), NOW, ZONE)
    for _ in range(30):
        answers.start_reading()
        assert all(len(answers.choices(question, node)) == 600 for question, node in answers.asking())


FACTS = "id,expression,expected_type,expected,context,context_node,tz,tolerance\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["form", "check", "{0}/good.xlsx", "--fill", "1001"],
        ["form", "check", "{0}/good.xlsx", "--attached", "{0}/none"],
        ["form", "check", "{0}"],
        ["form", "evaluate", "{0}/none.csv"],
        ["form", "evaluate", "{0}"],
        *(["form", "evaluate", f"{{0}}/{name}.csv"] for name in ("number", "node", "zone", "zones", "long")),
    ],
)
def test_a_command_that_is_used_wrongly_says_so(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path / "good.xlsx", survey=ONE)
    for name, row in {
        "number": "x,1,number,abc,,,,",
        "node": "x,1,number,1,<a/>,1+,,",
        "zone": "x,1,number,1,,,America,",
        "zones": "x,1,number,1,,,../../etc/passwd,",
        "long": f"x,1,number,1,,,{'A' * 400},",
    }.items():
        (tmp_path / f"{name}.csv").write_text(FACTS + row + "\n", encoding="utf-8")
    assert main([argument.format(tmp_path) for argument in arguments]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_form_that_is_too_large_is_refused_and_no_table_is_read_from_outside(tmp_path: Path) -> None:
    (tmp_path / "big.xlsx").write_bytes(b"PK\x03\x04" + b"0" * 10_000_001)
    assert main(["form", "check", str(tmp_path / "big.xlsx")]) == 3
    (tmp_path / "link.csv").symlink_to("/etc/passwd")
    survey = "type | name | label\nselect_one_from_file link.csv | a | A"
    assert "link.csv is missing" in refusal(save(tmp_path / "form.xlsx", survey=survey))


def test_a_column_that_cannot_be_a_name_is_told(tmp_path: Path) -> None:
    survey = "type | name | label\nselect_one l | a | A"
    choices = "list_name | name | label | of/state\nl | v | w | x"
    assert "sheet choices, row 1: the column 'of/state'" in refusal(
        save(tmp_path / "form.xlsx", survey=survey, choices=choices)
    )
    survey = "type | name | label | bind::x y\ntext | a | A | 1"
    assert "sheet survey, row 1: the column 'bind::x y'" in refusal(save(tmp_path / "form.xlsx", survey=survey))
