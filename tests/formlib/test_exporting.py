"""What leaves a form: tables, workbooks, XForm instances, and the saved form itself."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pyxform.xls2xform import convert

from accord.formlib import compiled, exporting, paging
from accord.formlib.answering import Answers
from accord.formlib.filling import fill_out
from accord.formlib.loading import load
from accord.formlib.problems import Refused
from accord.formlib.xpath.limits import BadExpression, EvaluationFailed
from tests.steps.surveys import CHOICES, EVERYTHING, NOW, SETTINGS, at
from tests.steps.workbooks import save

ZONE = ZoneInfo("America/New_York")
SURVEY = r"""
| survey |
| | type            | name  | label | relevant          | choice_filter |
| | text            | name  | Name  |                   | |
| | integer         | much  | Much  |                   | |
| | select_multiple c | kinds | Kinds |                 | |
| | select_multiple c | some  | Some  |                 | of = 'x' |
| | begin_group     | home  | Home  | ${name} != 'none' | |
| | text            | town  | Town  |                   | |
| | end_group       |       |       |                   | |
| | begin_repeat    | child | Child |                   | |
| | integer         | age   | Age   |                   | |
| | end_repeat      |       |       |                   | |
| choices |
| | list_name | name | label | of |
| | c | a | A | x |
| | c | b | B | |
| settings |
| | form_title | form_id | version |
| | Small      | small   | 2026-1  |
"""
FORMULAS = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "a;=1"]


def answers_of(source: str = SURVEY) -> Answers:
    form = load(source.encode(), "small.md", lambda name: None)
    return Answers(compiled.load(compiled.dump(form)), NOW, ZONE, chance=random.Random(1))


def row_of(answers: Answers) -> dict[str, str]:
    return dict(zip(*exporting.rows(answers), strict=True))


def test_a_row_has_choices_joined_and_split_and_marks_of_their_own() -> None:
    answers = answers_of()
    empty = row_of(answers)
    assert list(empty) == [
        *("name", "much", "kinds", "kinds/a", "kinds/b", "some", "some/a", "some/b"),
        *("home/town", "child[1]/age", "meta/instanceID"),
    ]
    assert [value for name, value in empty.items() if name != "meta/instanceID"] == [""] * 10
    answers.answer(at(answers, "/data/kinds"), "b a")
    answers.answer(at(answers, "/data/some"), "a")
    answers.answer(at(answers, "/data/home/town"), "Albany")
    answers.mark(at(answers, "/data/much"), "declined")
    answers.mark(at(answers, "/data/child[1]/age"), "not_asked")
    found = row_of(answers)
    assert (found["kinds"], found["kinds/a"], found["kinds/b"]) == ("b a", "1", "1")
    assert (found["some"], found["some/a"], found["some/b"]) == ("a", "1", "0")
    assert (found["much"], found["child[1]/age"], found["home/town"]) == ("PREFER_NOT", "NOT_ASKED", "Albany")
    answers.answer(at(answers, "/data/name"), "none")
    answers.mark(at(answers, "/data/kinds"), "declined")
    found = row_of(answers)
    assert list(found) == list(empty)
    assert (found["home/town"], found["kinds"], found["kinds/a"]) == ("", "PREFER_NOT", "")
    root = ElementTree.fromstring(exporting.xml_bytes(answers))
    assert (root.find("home"), root.findtext("kinds"), root.findtext("some")) == (None, "", "a")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    answers = answers_of()
    answers.answer(at(answers, "/data/name"), text)
    answers.answer(at(answers, "/data/much"), "-5")
    header, values = exporting.rows(answers)
    read = list(csv.reader(io.StringIO(exporting.csv_bytes(header, [values, values]).decode("utf-8-sig"))))
    assert len(read) == 3 and read[1][1] == "-5"
    assert not read[1][0].lstrip().startswith(("=", "+", "-", "@")) and ";=" not in read[1][0]
    content = exporting.xlsx_bytes(header, [values], title="a/b")
    cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"} and cells[len(header)].value == text
    assert all(cell.value is None for cell in cells if cell.data_type == "n")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def check_instance(model: ElementTree.Element, instance: ElementTree.Element) -> None:
    """Check that an instance has only what its model has, in the same order, and repeats only what is repeated."""
    names = list(dict.fromkeys(child.tag for child in model))
    found = [child.tag for child in instance]
    assert set(found) <= set(names), (model.tag, found)
    assert [names.index(tag) for tag in found] == sorted(names.index(tag) for tag in found), model.tag
    for tag in set(found):
        one = model.findall(tag)[0]  # the template of a repeat, if it is one
        repeated = any(key.endswith("}template") for each in model.findall(tag) for key in each.attrib)
        assert found.count(tag) == 1 or repeated or len(model.findall(tag)) > 1, tag
        for child in instance.findall(tag):
            assert not any(key.endswith("}template") for key in child.attrib)
            check_instance(one, child)


def primary(path: Path) -> ElementTree.Element:
    """Return the primary instance of the XForm that pyxform makes, without namespaces in its names."""
    root = ElementTree.fromstring(convert(xlsform=path).xform)
    found = next(one for one in root.iter("{http://www.w3.org/2002/xforms}instance") if "id" not in one.attrib)[0]
    for one in found.iter():
        one.tag = one.tag.rpartition("}")[2]
    return found


@pytest.mark.parametrize("seed", range(4))
def test_the_instance_is_one_that_the_model_of_pyxform_accepts(seed: int, tmp_path: Path) -> None:
    path = save(tmp_path / "all.xlsx", survey=EVERYTHING, choices=CHOICES, settings=SETTINGS)
    files = {"fruits.csv": b"key,name\nmango,Mango\nfig,Fig\n"}
    form = load(path.read_bytes(), path.name, files.get)
    answers = Answers(form, NOW, ZONE, chance=random.Random(seed))
    assert fill_out(answers, random.Random(seed)) == []
    root = ElementTree.fromstring(exporting.xml_bytes(answers))
    model = primary(path)
    assert (root.tag, root.get("id"), root.get("version")) == (model.tag, "all", "1")
    assert root.findtext("meta/instanceID", "").startswith("uuid:")
    check_instance(model, root)
    assert [child.findtext("called") for child in root.findall("child")] == [
        value for place, value in answers.export().items() if place.endswith("]/called")
    ]
    for question, node in answers.asking():
        if question.kind == "select_multiple":
            offered = {choice.value for choice in answers.choices(question, node)}
            assert set((root.findtext(question.path.removeprefix("/data/")) or "").split(" ")) <= offered | {""}
    assert {line for line in root.itertext() if line.strip()} == {value for value in answers.export().values() if value}


@settings(max_examples=25, deadline=None)
@given(text=st.text(alphabet=st.characters(), max_size=20))
def test_every_text_can_be_exported(text: str) -> None:
    answers = answers_of()
    answers.answer(at(answers, "/data/name"), text)
    header, values = exporting.rows(answers)
    exporting.csv_bytes(header, [values])
    load_workbook(io.BytesIO(exporting.xlsx_bytes(header, [values])))
    ElementTree.fromstring(exporting.xml_bytes(answers))


def paths_in(found: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = found if isinstance(found, dict) else range(len(found)) if isinstance(found, list) else ()
    return [path, *(each for key in keys for each in paths_in(found[key], (*path, key)))]


SAVED = compiled.dump(load(SURVEY.encode(), "small.md", lambda name: None))
PATHS = paths_in(json.loads(SAVED))[1:]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_saved_form_that_was_changed_is_refused_or_is_only_another_form(data: st.DataObject) -> None:
    found = json.loads(SAVED)
    *path, last = data.draw(st.sampled_from(PATHS))
    place = found
    for key in path:
        place = place[key]
    place[last] = data.draw(st.sampled_from([None, 1, "", "x", [], {}, ["a"], "/data/name", "1 +", True]))
    try:
        form = compiled.load(json.dumps(found).encode())
    except Refused as refused:
        assert "load its workbook again" in str(refused) or "depends on itself" in str(refused)
        return
    try:
        answers = Answers(form, NOW, ZONE)
        assert all(list(paging.asked(answers, page)) or page for page in paging.pages(form))
        exporting.xml_bytes(answers)
    except (EvaluationFailed, BadExpression):
        return
    assert compiled.dump(compiled.load(compiled.dump(form))) == compiled.dump(form)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[" * 100_000, b"\x80\x04K\x01.", b"\xff", b'{"format": 2}', b"null", b"1"]
)
def test_bytes_that_are_no_saved_form_are_refused_in_words(content: bytes) -> None:
    with pytest.raises(Refused, match="load its workbook again"):
        compiled.load(content)
