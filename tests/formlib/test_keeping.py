"""Unfinished answers that are saved and restored: nothing that people see or export changes, and nothing stays behind."""

from __future__ import annotations

import json
import random
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.formlib import compiled, exporting, keeping, paging, scoring
from accord.formlib.answering import Answers
from accord.formlib.loading import load
from accord.formlib.model import Form
from accord.formlib.transcript import transcript
from tests.steps.surveys import HEADER, NOW, at, every, from_the_start, surveys

ZONE = ZoneInfo("America/New_York")
COLUMNS = (*HEADER, "default", "required", "sensitive", "parameters", "label::Español (es)")
CHOICES = """
| choices | | | | |
| | list_name | name | label::English (en) | label::Español (es) | of |
| | size | s | Small | Chico |
| | size | m | Medium | Mediano |
| | color | red | Red | Rojo | s |
| | color | blue | Blue | Azul | m |
| | color | green | Green | Verde | s |
| scores | | | | |
| | name | min | max | label::English (en) | label::Español (es) |
| | total | | 3 | low | bajo |
| | total | 4 | | high | alto |
"""


def row(kind: str, name: str = "", **more: str) -> list[str]:
    label = "" if kind in ("calculate", "end_group", "end_repeat") else name
    return [kind, name, label, *(more.get(column, "") for column in COLUMNS[3:-1]), f"¿{label}?" if label else ""]


def form_of(rows: list[list[str]]) -> Form:
    """Return a form that was loaded from text and saved once."""
    columns = ["label::English (en)" if column == "label" else column for column in COLUMNS]
    lines = ["| survey |", *(f"| | {' | '.join(cells)} |" for cells in (columns, *rows))]
    return compiled.load(compiled.dump(load("\n".join([*lines, CHOICES]).encode(), "form.md", lambda name: None)))


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Draw a form with everything that is kept: defaults, triggers, random values, marks, and repeats in repeats."""
    rows = [[*cells, *[""] * (len(COLUMNS) - len(cells))] for cells in draw(surveys())]
    blocks = [
        [row("text", "fixed", default="as usual", required=draw(st.sampled_from(["", "yes"])))],
        [
            row("integer", "found", default="1 + 1"),
            row("calculate", "seen", calculation="${found} + 1", trigger="${q0}"),
        ],
        [row("calculate", "drawn", calculation="once(random())"), row("text", "lucky", relevant="${drawn} > 0.5")],
        [row("select_multiple color", "mixed", parameters="randomize=true", sensitive="yes", required="yes")],
        [
            row("begin_repeat", "outer"),
            row("select_one size", "how", sensitive="yes", default=draw(st.sampled_from(["", "s"]))),
            row("begin_repeat", "inner", relevant="${how} = 's'"),
            row("integer", "many", constraint=". < 3"),
            row("calculate", "id", calculation="once(concat(position(..), random()))"),
            row("end_repeat"),
            row("end_repeat"),
            row("calculate", "sum", calculation="sum(${many})"),
        ],
    ]
    for block in draw(st.permutations(blocks))[: draw(st.integers(2, 5))]:
        rows += block
    rows.append(row("calculate", "total", calculation="coalesce(${q0}, 0) + 2"))
    rows += [row("note", "told"), row("calculate", "day", calculation="today()")]
    return form_of(rows)


def shown(answers: Answers) -> dict[str, Any]:
    """Return everything that people see on the pages, and everything that is kept or exported."""
    items = [item for page in paging.pages(answers.form) for item in paging.asked(answers, page)]
    return {
        "pages": [{**asdict_of(item), "node": None} for item in items],
        "titles": [paging.title(answers, page) for page in paging.pages(answers.form)],
        "missing": [(number, item.place, item.wrong) for number, item in paging.missing(answers)],
        "transcript": transcript(answers),
        "scores": scoring.scores(answers),
        "rows": exporting.rows(answers),
        "xml": exporting.xml_bytes(answers),
        "export": answers.export(),
    }


def asdict_of(item: Any) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__slots__}


def step(answers: Answers, data: st.DataObject) -> None:
    """Answer, mark, or change the number of copies, as a page would: by the place of what it showed."""
    items = [item for page in paging.pages(answers.form) for item in paging.asked(answers, page)]
    heads = [item for item in items if isinstance(item, paging.RepeatHead) and item.may_add]
    copies = [item for item in items if isinstance(item, paging.Copy) and item.may_remove]
    asked = [item for item in items if isinstance(item, paging.Asked) and not item.read_only]
    what = data.draw(st.sampled_from(["answer", "answer", "answer", "mark", "add", "remove"]))
    if what == "add" and heads:
        head = data.draw(st.sampled_from(heads))
        answers.add_repeat(head.path, at(answers, head.inside))
    elif what == "remove" and copies:
        answers.remove_repeat(at(answers, data.draw(st.sampled_from(copies)).place))
    elif asked:
        item = data.draw(st.sampled_from(asked))
        if what == "mark":
            answers.mark(at(answers, item.place), data.draw(st.sampled_from(["declined", "not_asked", ""])))
        elif item.choices:
            values = [value for value, _ in item.choices]
            picked = data.draw(st.lists(st.sampled_from(values), max_size=2, unique=True))
            several = item.question.kind == "select_multiple"
            answers.answer(at(answers, item.place), " ".join(picked if several else picked[:1]))
        else:
            words = ["0", "1", "2", "3", "-4", ""] + (["<a & b>", "=1+1"] if item.question.kind == "text" else [])
            answers.answer(at(answers, item.place), data.draw(st.sampled_from(words)))


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_answers_that_are_saved_after_every_step_are_those_that_were_never_saved(data: st.DataObject) -> None:
    check_saving(data)


@pytest.mark.prove
@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_many_forms_whose_answers_are_saved_after_every_step(data: st.DataObject) -> None:
    check_saving(data)


def check_saving(data: st.DataObject) -> None:
    form = data.draw(forms())
    chance = random.Random(data.draw(st.integers(0, 9)))
    answers = Answers(form, NOW, ZONE, language="Español (es)", chance=chance)
    for _ in range(data.draw(st.integers(1, 8))):
        step(answers, data)
        saved = json.loads(json.dumps(keeping.state(answers)))
        other = keeping.restored(form, saved, NOW, ZONE, "Español (es)")
        assert shown(other) == shown(answers)
        assert keeping.state(other) == saved
        check_nothing_stays_behind(other)
        if data.draw(st.booleans()):
            answers = other
    fresh = from_the_start(answers)
    assert without_ids(answers).items() ^ without_ids(fresh).items() == set()


def without_ids(answers: Answers) -> dict[str, str]:
    """Return what is exported, without the values that depend on when a copy of a repeat was added."""
    return {place: value for place, value in answers.export().items() if not place.endswith("]/id")}


def check_nothing_stays_behind(answers: Answers) -> None:
    """Check that only questions that are asked now, and calculations that apply now, have a value anywhere."""
    visible = {answers.place(node) for node in every(answers.root) if answers.shown(node)}
    header, values = exporting.rows(answers)
    filled = {f"/data/{name}" for name, value in zip(header, values, strict=True) if value}
    split = {name for name in filled if name.rpartition("/")[0] in visible}
    assert filled - split <= visible
    assert {line.place for line in transcript(answers) if line.code or line.mark} <= visible


def test_what_was_kept_for_another_version_of_a_form_does_no_harm() -> None:
    old = form_of(
        [row("text", "a"), row("begin_repeat", "r"), row("text", "b"), row("end_repeat"), row("integer", "total")]
    )
    new = form_of([row("text", "b"), row("integer", "total")])
    answers = Answers(old, NOW, ZONE)
    answers.answer(at(answers, "/data/r[1]/b"), "x")
    answers.answer(at(answers, "/data/total"), "4")
    other = keeping.restored(new, keeping.state(answers), NOW, ZONE)
    assert (other.export()["/data/b"], other.export()["/data/total"]) == ("", "4")
    for place in (
        "",
        "/",
        "data",
        "/data/r[0]/b",
        "/data/r[9]/b",
        "/data/r/b",
        "/data/../data",
        "/data[1]/a",
        "/data/a[1]",
    ):
        assert paging.found(answers, place) is None, place


@pytest.mark.parametrize("language", ["English (en)", "Español (es)"])
def test_a_form_is_continued_in_another_language(language: str) -> None:
    form = form_of([row("select_one size", "how", relevant="'a' = 'a'"), row("integer", "total")])
    answers = Answers(form, NOW, ZONE, language="Español (es)")
    answers.answer(at(answers, "/data/how"), "s")
    answers.answer(at(answers, "/data/total"), "4")
    other = keeping.restored(form, keeping.state(answers), NOW, ZONE, language)
    words = ("¿how?", "Chico", "alto") if language == "Español (es)" else ("how", "Small", "high")
    assert (transcript(other)[0].words, transcript(other)[0].answer, scoring.scores(other)[0].words) == words
    assert asdict(scoring.scores(other)[0])["value"] == "4"
