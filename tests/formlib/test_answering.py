"""Answers in any order: the result is the same as if everything were computed from the start, and nothing stays behind."""

from __future__ import annotations

import random
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.formlib.answering import Answers
from accord.formlib.loading import load
from accord.formlib.model import Form
from accord.formlib.xpath.limits import EvaluationFailed
from tests.steps.surveys import HEADER, NOW, at, every, from_the_start, surveys
from tests.steps.workbooks import save

CHOICES = """
list_name | name | label | of
size | s | Small |
size | m | Medium |
color | red | Red | s
color | blue | Blue | m
color | green | Green | s
"""


def form_of(folder: Path, rows: list[list[str]]) -> Form:
    path = save(folder / "form.xlsx", survey=[HEADER, *rows], choices=CHOICES)
    return load(path.read_bytes(), path.name, lambda name: None)


def answers_of(form: Form) -> Answers:
    return Answers(form, NOW, ZoneInfo("America/New_York"), chance=random.Random(1))


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_after_every_answer_the_result_is_that_of_a_computation_from_the_start(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    form = form_of(tmp_path_factory.mktemp("form"), data.draw(surveys()))
    answers = answers_of(form)
    for _ in range(data.draw(st.integers(1, 8))):
        asking = [(question, node) for question, node in answers.asking() if not answers.read_only(question, node)]
        asking += 4 * [
            (question, node) for question, node in asking if "/r" in question.path and "/n" not in question.path
        ]
        open_repeats = [path for path, group in answers.repeats.items() if not group.count]
        if open_repeats and data.draw(st.integers(0, 4)) == 0:
            path = data.draw(st.sampled_from(open_repeats))
            there = answers.nodes(path)
            if len(there) > 1 and data.draw(st.booleans()):
                answers.remove_repeat(data.draw(st.sampled_from(there)))
            else:
                answers.add_repeat(path, answers.nodes(path.rpartition("/")[0])[0])
        elif asking:
            question, node = data.draw(st.sampled_from(asking))
            words = (
                ["s", "m", "red", "blue red", "0", "1", "2", "3", ""]
                if question.choices
                else ["0", "1", "2", "3", "a", ""]
            )
            if question.kind == "integer":
                words = ["0", "1", "2", "3", ""]
            answers.answer(node, data.draw(st.sampled_from(words)))
        fresh = from_the_start(answers)
        assert answers.export() == fresh.export()
        assert [answers.place(node) for _, node in answers.asking()] == [
            fresh.place(node) for _, node in fresh.asking()
        ]
        for path in [one for one in answers.repeats if one.rpartition("/")[2].startswith("n")]:
            outer, _, name = path.rpartition("/")
            for inside in answers.nodes(outer):
                (counting,) = inside.every(f"q{name[1:]}")
                assert len(inside.every(name)) == int(counting.value() or 0) * answers.shown(counting)
        shown = {answers.place(node) for node in every(answers.root) if answers.shown(node)}
        assert set(answers.export()) <= shown


def row(kind: str, name: str, **more: str) -> list[str]:
    return [kind, name, name, *(more.get(column, "") for column in HEADER[3:])]


def test_going_back_and_changing_an_answer_leaves_nothing_behind(tmp_path: Path) -> None:
    form = form_of(
        tmp_path,
        [
            row("select_one size", "size"),
            row("select_one color", "color", choice_filter="of = ${size}", relevant="${size} != ''"),
            row("text", "why", relevant="${color} = 'red'"),
            row("calculate", "score", calculation="if(${why} != '', 10, 0)"),
            row("calculate", "when", calculation="now()", trigger="${color}"),
        ],
    )
    answers = answers_of(form)
    assert set(answers.export()) == {f"/data/{name}" for name in ("size", "score", "when", "meta")} - {"/data/meta"} | {
        "/data/meta/instanceID"
    }
    for name, value in (("size", "s"), ("color", "red"), ("why", "because")):
        answers.answer(at(answers, f"/data/{name}"), value)
    found = answers.export()
    assert (found["/data/why"], found["/data/score"], found["/data/when"][:10]) == ("because", "10", "2026-03-04")
    answers.answer(at(answers, "/data/size"), "m")
    found = answers.export()
    assert "/data/why" not in found and (found["/data/color"], found["/data/score"]) == ("", "0")
    answers.answer(at(answers, "/data/size"), "s")
    assert answers.export()["/data/score"] == "10"  # what was answered comes back with its question


def test_a_form_of_many_heavy_rows_is_stopped_in_words(tmp_path: Path) -> None:
    rows = [row("begin_repeat", "r", repeat_count="200"), row("text", "t"), row("end_repeat", "")]
    heavy = "count(/data/r[count(/data/r[t = 'x']) = 0])"
    rows += [row("calculate", f"c{number}", calculation=heavy) for number in range(40)]
    form = form_of(tmp_path, rows)
    with pytest.raises(EvaluationFailed, match="steps"):
        answers_of(form)
