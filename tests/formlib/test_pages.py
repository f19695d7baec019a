"""Pages of a form, marks instead of answers, words in two languages, and scores."""

from __future__ import annotations

import random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accord.formlib import paging, scoring
from accord.formlib.answering import Answers
from accord.formlib.loading import load
from accord.formlib.model import Form
from accord.formlib.problems import Refused
from accord.formlib.transcript import transcript
from tests.steps.surveys import NOW, at

ZONE = ZoneInfo("America/New_York")
SURVEY = """
# A visit. Lines without a bar at the start are not read.

| survey |
|--------|
| | type | name | label::English (en) | label::Español (es) | hint::English (en) \
| guidance_hint::English (en) | guidance_hint::Español (es) \
| relevant | constraint | constraint_message::English (en) | constraint_message::Español (es) \
| required | required_message | sensitive | repeat_count |
| | begin_group | all | All | Todo |
| | note | hello | Hello | Hola |
| | text | name | Name \\| initials | Nombre | or a nickname | Don't insist. | No insista. | | | | | yes | We need a name. |
| | begin_group | work | Work | Trabajo | | | | | | | | | | yes |
| | integer | hours | Hours, ${name}? | ¿Horas, ${name}? | | | | | . < 100 | \
A week has fewer than ${hours}. | La semana tiene menos. | yes |
| | select_multiple where or_other | places | Where? | ¿Dónde? |
| | begin_group | more | More | Más | | | | ${hours} > 40 |
| | text | why | Why? | ¿Por qué? | | Only if they want | |
| | end_group |
| | end_group |
| | begin_repeat | child | Child | Hijo | | | | ${name} != 'nobody' |
| | integer | age | Age | Edad | | | | | | | | | | yes |
| | end_repeat |
| | begin_repeat | visit | Visit | Visita | | | | | | | | | | | ${hours} div 50 |
| | text | when | When? | ¿Cuándo? |
| | end_repeat |
| | calculate | risk |
| | end_group |
| choices |
| | list_name | name | label::English (en) | label::Español (es) |
| | where | farm | Farm | Granja |
| | where | home | Home | Casa |
| settings |
| | form_title | form_id | version | default_language |
| | A visit | visit | 7 | English (en) |
"""


def form_of(text: str) -> Form:
    return load(text.encode(), "form.md", lambda name: None)


def answers_of(language: str = "English (en)") -> Answers:
    form = form_of(SURVEY.replace("| | calculate | risk |\n", ""))
    return Answers(form, NOW, ZONE, language=language, chance=random.Random(1))


def asked(answers: Answers) -> dict[str, paging.Asked]:
    """Return every question that is asked, by its name."""
    items = [item for page in paging.pages(answers.form) for item in paging.asked(answers, page)]
    return {item.question.path.rpartition("/")[2]: item for item in items if isinstance(item, paging.Asked)}


def outline(answers: Answers) -> list[list[str]]:
    """Return each page as the short names of what is on it."""
    return [[short(item) for item in paging.asked(answers, page)] for page in paging.pages(answers.form)]


def short(item: paging.Item) -> str:
    match item:
        case paging.Asked():
            return f"{item.depth} {item.question.path.rpartition('/')[2]}"
        case paging.RepeatHead():
            return f"{item.depth} {item.words}: {item.copies}{' +' if item.may_add else ''}"
        case paging.Copy():
            return f"{item.depth} #{item.number}{' -' if item.may_remove else ''}"
        case _:
            return f"{item.depth} {item.words}"


def test_a_page_is_a_group_a_repeat_or_the_questions_between_them() -> None:
    answers = answers_of()
    pages = paging.pages(answers.form)
    assert [paging.title(answers, page) for page in pages] == ["", "Work", "Child", "Visit"]
    child = ["0 Child: 1 +", "1 #1 -", "2 age"]
    assert outline(answers) == [["0 hello", "0 name"], ["0 hours", "0 places"], child, []]
    assert [paging.skipped(answers, page) for page in pages] == [False, False, False, True]
    answers.answer(at(answers, "/data/all/work/hours"), "50")
    answers.answer(at(answers, "/data/all/work/places"), "farm other")
    assert outline(answers)[1] == ["0 hours", "0 places", "0 places_other", "0 More", "1 why"]
    assert outline(answers)[3] == ["0 Visit: 1", "1 #1", "2 when"]
    answers.remove_repeat(at(answers, "/data/all/child[1]"))
    assert outline(answers)[2] == ["0 Child: 0 +"]
    answers.answer(at(answers, "/data/all/name"), "nobody")
    assert outline(answers)[2] == []


def test_words_are_in_the_language_that_was_chosen_or_in_another_that_has_them() -> None:
    answers = answers_of("Español (es)")
    answers.answer(at(answers, "/data/all/name"), "Ana")
    found = asked(answers)
    assert (found["name"].label, found["name"].hint, found["name"].guidance) == (
        *("Nombre", "or a nickname"),
        "No insista.",
    )
    assert found["hours"].label == "¿Horas, Ana?" and found["hours"].hint == found["hours"].guidance == ""
    assert found["places"].choices == (("farm", "Granja"), ("home", "Casa"), ("other", "Other"))
    answers.answer(at(answers, "/data/all/work/hours"), "50")
    found = asked(answers)
    assert (found["why"].hint, found["why"].guidance) == ("", "Only if they want")


def test_what_is_missing_or_refused_is_said_in_the_forms_own_words() -> None:
    answers = answers_of()
    pages = {item.place.rpartition("/")[2]: (number, item.wrong) for number, item in paging.missing(answers)}
    assert pages == {"name": (0, "missing"), "hours": (1, "missing"), "places": (1, ""), "age": (2, "")}
    assert asked(answers)["name"].message == "We need a name."
    assert asked(answers)["hours"].message == ""
    answers.answer(at(answers, "/data/all/work/hours"), "168")
    assert (asked(answers)["hours"].wrong, asked(answers)["hours"].message) == (
        "refused",
        "A week has fewer than 168.",
    )
    answers.language = "Español (es)"
    assert asked(answers)["hours"].message == "La semana tiene menos."


@pytest.mark.parametrize("mark", ["declined", "not_asked"])
def test_a_mark_takes_the_place_of_an_answer_and_an_answer_of_the_mark(mark: str) -> None:
    answers = answers_of()
    hours = at(answers, "/data/all/work/hours")
    answers.answer(hours, "50")
    answers.mark(hours, mark)
    found = asked(answers)
    assert (found["hours"].value, found["hours"].mark, found["hours"].wrong) == ("", mark, "")
    assert "why" not in found and "hours" not in {item.place.rpartition("/")[2] for _, item in paging.missing(answers)}
    assert [one.question.path for one in answers.missing()] == ["/data/all/name"]
    (line,) = [line for line in transcript(answers) if line.mark]
    assert (line.words, line.answer, line.code, line.mark) == ("Hours, ?", "", "", mark)
    answers.mark(hours, "")
    assert asked(answers)["hours"].wrong == "missing"
    answers.mark(hours, mark)
    answers.answer(hours, "20")
    assert (asked(answers)["hours"].value, asked(answers)["hours"].mark) == ("20", "")


def test_a_transcript_is_what_was_asked_and_answered_in_words() -> None:
    answers = answers_of("Español (es)")
    for place, value in (("name", "Ana"), ("work/hours", "50"), ("work/places", "home farm"), ("child[1]/age", "4")):
        answers.answer(at(answers, f"/data/all/{place}"), value)
    answers.mark(at(answers, "/data/all/work/more/why"), "not_asked")
    assert [(one.kind, one.depth, one.words, one.answer, one.code, one.mark) for one in transcript(answers)] == [
        ("note", 0, "Hola", "", "", ""),
        ("answer", 0, "Nombre", "Ana", "Ana", ""),
        ("heading", 0, "Trabajo", "", "", ""),
        ("answer", 1, "¿Horas, Ana?", "50", "50", ""),
        ("answer", 1, "¿Dónde?", "Casa, Granja", "home farm", ""),
        ("heading", 1, "Más", "", "", ""),
        ("answer", 2, "¿Por qué?", "", "", "not_asked"),
        ("heading", 1, "Hijo 1", "", "", ""),
        ("answer", 2, "Edad", "4", "4", ""),
        ("heading", 1, "Visita 1", "", "", ""),
        ("answer", 2, "¿Cuándo?", "", "", ""),
    ]


def test_sensitive_questions_are_those_of_the_column_and_of_a_sensitive_group() -> None:
    found = {question.path.rpartition("/")[2]: question.sensitive for question in answers_of().form.questions()}
    assert [name for name, sensitive in found.items() if sensitive] == ["hours", "places", "places_other", "why", "age"]


SCORED = """
| survey |
| | type | name | label | calculation | relevant | sensitive |
| | integer | a | Days without a bed | | | {sensitive} |
| | select_one c | b | B | | | |
| | calculate | total | | ${{a}} * 2 | | |
| | calculate | late | | 5 | ${{a}} > 3 | |
| | begin_repeat | r | R | | | |
| | integer | in_r | In | | | |
| | end_repeat | | | | | |
| choices |
| | list_name | name | label |
| | c | x | X |
"""
SCORES = """
| scores |
| | name | min | max | Label : English (en) | label::Español (es) |
| | total | | | Total | Suma |
| | total | | 4 | low | baja |
| | total | 4.5 | 10 | high | alta |
| | late | | | Late | Tarde |
| | a | 3 | | many | muchos |
"""


def test_scores_have_words_and_are_left_out_when_they_do_not_apply() -> None:
    answers = Answers(form_of(SCORED.format(sensitive="no") + SCORES), NOW, ZONE, language="Español (es)")
    found = []
    for value in ("", "2", "3", "9"):
        answers.answer(at(answers, "/data/a"), value)
        found.append([(one.label, one.value, one.words) for one in scoring.scores(answers)])
    a, late = "Days without a bed", ("Tarde", "5", "")
    assert found == [
        [("Suma", "", ""), (a, "", "")],
        [("Suma", "4", "baja"), (a, "2", "")],
        [("Suma", "6", "alta"), (a, "3", "muchos")],
        [("Suma", "18", ""), late, (a, "9", "muchos")],
    ]


@pytest.mark.parametrize(
    ("sheet", "row", "said"),
    [
        (
            "scores | name | min | max | label / totl | | | low",
            2,
            "'totl' is not the name of a question or calculation",
        ),
        ("scores | name | min | max | label / total | | | T /  / total | x | | low", 4, "'x' is not a number"),
        ("scores | name | min | max | label / total | 3 | 2 | low", 2, "min is greater than max"),
        ("scores | name | min | max | label / total | 3 | | ", 2, "the column label is empty"),
        ("scores | name | min | max | label / in_r | 3 | | low", 2, "inside a repeat"),
        ("elements | element | name | value / act | | yes", 2, "the column name is empty"),
        ("elements | element | name | value / | a | yes", 2, "the column element is empty"),
        ("elements | element | name | value / act | b | x y", 2, "'y' is not the name of a choice of 'b'"),
    ],
)
def test_what_a_sheet_of_scores_or_elements_gets_wrong_is_named_with_its_row(sheet: str, row: int, said: str) -> None:
    name, header, *rows = [one.strip() for one in sheet.replace(" | ", " / ", 1).split(" / ")]
    table = "\n".join([f"| {name} |", f"| | {header} |", *(f"| | {one} |" if one else "| | |" for one in rows)])
    with pytest.raises(Refused) as refused:
        form_of(SCORED.format(sensitive="yes") + table)
    (problem,) = refused.value.problems
    assert (problem.sheet, problem.row) == (name, row) and said in problem.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Nothing", "the file has no tables"),
        ("| | type |", "the first table has no name"),
        ("| survey |\n| | type |\n| survey |", "is there twice"),
        ("| choices |\n| | name |", "no sheet named survey"),
        (SCORED.format(sensitive="maybe"), "sensitive: 'maybe' is neither yes nor no"),
    ],
)
def test_a_form_as_text_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        form_of(text)
    assert said in refused.value.problems[0].message


def test_a_column_that_is_not_read_is_a_warning() -> None:
    form = form_of(SCORED.format(sensitive="") + SCORES.replace("| max |", "| most |"))
    assert ("scores", 1) in {(one.sheet, one.row) for one in form.warnings}
    notes: list[Any] = [one.message for one in form.warnings if one.sheet == "scores"]
    assert notes == ["the column 'most' is not read; the columns are name, min, max, label"]
