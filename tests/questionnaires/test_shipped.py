"""The forms that come with Accord: they load, can be filled out or skipped, can be read, and find the elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from accord.formlib import loading, markdown
from accord.formlib.answering import Answers
from accord.formlib.filling import fill
from accord.formlib.model import Form
from accord.formlib.scoring import scores
from accord.questionnaires.codes import SHIPPED, source_of
from tests.steps.reading import grade_english, grade_spanish, sentences, words

CODES = sorted(SHIPPED)
SCREENS = ("adult-screen", "youth-screen")
ENGLISH, SPANISH = "English (en)", "Español (es)"
ZONE = ZoneInfo("America/Chicago")
NOON = datetime(2026, 11, 18, 12, tzinfo=ZONE)
# What no form of ours asks: status, why something happened, a story, blame.
NEVER_ASKED = re.compile(
    r"immigra|\bvisas?\b|citizen|status|undocumented|\bwhy\b|tell us what happened|prostitut|"
    r"\bmigra|inmigra|ciudadan|estatus|indocumentad|por qué|cuéntenos|\btú\b|\btu\b|\bella\b|añad|pulse",
    re.IGNORECASE,
)


@cache
def form(code: str) -> Form:
    return loading.load(source_of(code), f"{code}.md", lambda name: None)


@cache
def sheet(code: str, name: str) -> list[dict[str, str]]:
    header, *rows = markdown.sheets(source_of(code)).get(name, [()])
    return [{str(title): str(cell) for title, cell in zip(header, row, strict=False) if cell} for row in rows]


def pages(code: str) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Yield each group or repeat with its rows. No form of ours has one inside another."""
    name, found = "", list[dict[str, str]]()
    for row in sheet(code, "survey"):
        if row["type"].startswith("begin"):
            name, found = row["name"], [row]
        elif row["type"].startswith("end"):
            yield name, found
        else:
            found.append(row)


def said(found: list[dict[str, str]], language: str) -> list[str]:
    columns = ("label", "hint", "constraint_message")
    return [row[f"{column}::{language}"] for row in found for column in columns if row.get(f"{column}::{language}")]


def answered(code: str, **given: str) -> Answers:
    """Return a form after these answers, which are given in the order of the questions."""
    answers = Answers(form(code), NOON, ZONE)
    named = {question.path.rpartition("/")[2]: question.path for question in answers.form.questions()}
    for name, value in given.items():
        (node,) = answers.nodes(named[name])
        assert answers.shown(node), f"{name} is not asked"
        answers.answer(node, value)
    return answers


def values(answers: Answers) -> dict[str, str]:
    return {path.rpartition("/")[2]: value for path, value in answers.export().items()}


def asked(answers: Answers) -> set[str]:
    return {node.name for question, node in answers.asking() if question.kind != "note"}


@pytest.mark.parametrize("code", CODES)
def test_a_shipped_form_loads_without_a_warning_and_can_be_filled_out(code: str) -> None:
    assert form(code).warnings == []
    assert form(code).languages == (ENGLISH, SPANISH) and form(code).id == code
    assert [fill(form(code), seed=seed, now=NOON, zone=ZONE) for seed in range(20)] == [[]] * 20


@pytest.mark.prove
@pytest.mark.parametrize("code", CODES)
def test_a_shipped_form_can_be_filled_out_two_hundred_times(code: str) -> None:
    assert [fill(form(code), seed=seed, now=NOON, zone=ZONE) for seed in range(200)] == [[]] * 200


@pytest.mark.parametrize("code", CODES)
def test_both_languages_are_complete(code: str) -> None:
    every = [*sheet(code, "survey"), *sheet(code, "choices"), *sheet(code, "scores")]
    columns = ("label", "hint", "guidance_hint", "constraint_message")
    for row in every:
        for column in columns:
            both = {bool(row.get(f"{column}::{language}")) for language in (ENGLISH, SPANISH)}
            assert len(both) == 1, (column, row)
        needs_words = row.get("type", "choice") not in ("end_group", "end_repeat", "calculate")
        assert not needs_words or row.get(f"label::{SPANISH}"), row
        assert bool(row.get("constraint")) == bool(row.get(f"constraint_message::{ENGLISH}")), row


@pytest.mark.parametrize("code", CODES)
def test_a_sixth_grader_can_read_each_page(code: str) -> None:
    for name, found in pages(code):
        for language, grade in ((ENGLISH, grade_english), (SPANISH, grade_spanish)):
            text = "\n".join(said(found, language))
            assert grade(text) <= 6, (name, language, grade(text))
            assert [one for one in sentences(text) if len(words(one)) > 22] == []


@pytest.mark.parametrize("code", CODES)
def test_a_page_is_short_and_the_first_one_says_that_the_form_is_not_validated(code: str) -> None:
    first = dict(pages(code))["opening"]
    assert "not validated" in " ".join(said(first, ENGLISH)) and "No está validado" in " ".join(said(first, SPANISH))
    for name, found in pages(code):
        questions = [row for row in found[1:] if row["type"] not in ("note", "calculate")]
        assert len(questions) <= 6, name


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_asked_about_status_or_reasons(code: str) -> None:
    for row in [*sheet(code, "survey"), *sheet(code, "choices")]:
        text = " ".join(row.get(f"label::{language}", "") for language in (ENGLISH, SPANISH))
        assert not NEVER_ASKED.search(text), text


@pytest.mark.parametrize("code", CODES)
def test_every_question_can_be_skipped(code: str) -> None:
    answers = answered(code)
    assert answers.missing() == []
    for question, node in answers.asking():
        assert not answers.required(question, node)
        if question.kind != "note":
            answers.mark(node, "declined")
    assert answers.missing() == []
    assert {value for name, value in values(answers).items() if name.startswith("el_")} <= {"unknown"}
    plain = {one.path.rpartition("/")[2] for one in form(code).questions() if not one.sensitive and one.kind != "note"}
    assert plain <= {"review_on", "helped", "next_time"}  # these say nothing about the person


# The elements. A name and its answer, then what follows: the elements whose answer is not "unknown".
QUIT = {"worked": "yes", "could_quit": "no"}
FREE = {"worked": "yes", "could_quit": "yes", "work_debt": "no", "made_to": "no"}
NO_WORK = {"worked": "no", "made_to": "no"}
NO_MEANS_ADULT = dict.fromkeys(
    ("kept_in", "hurt", "threats", "law_threats", "lies", "papers", "kept_money", "watched", "held_back", "drugs"), "no"
)
NO_MEANS_YOUTH = dict.fromkeys(
    ("kept_in", "hurt", "threats", "exposed", "lies", "love", "kept_money", "watched", "held_back", "drugs"), "no"
)
NO_PURPOSE = {"made_marry": "no", "body_part": "no"}
CHOSEN = {"traveled": "yes", "trip_choice": "yes", "trip_free": "yes", "trip_owed": "no"}
NEITHER = {"sex": "no", "labor": "no"}
DONE = {"purpose": "yes", "attempt": "no", "crossing_only": "no"}  # what follows if it was more than an attempt
TABLE: tuple[tuple[str, dict[str, str], dict[str, str]], ...] = (
    ("adult-screen", {}, {}),
    ("adult-screen", {"talk_here": "no"}, {}),
    ("adult-screen", {"traded": "unsure", "worked": "unsure"}, {}),
    ("adult-screen", {**NO_WORK, "traded": "no"}, NEITHER),
    ("adult-screen", {**NO_WORK, "tried_work": "no", "traded": "no", "tried_sex": "no"}, {**NEITHER, "attempt": "no"}),
    ("adult-screen", {**NO_WORK, "traded": "no", **NO_PURPOSE}, {**NEITHER, "purpose": "no"}),
    ("adult-screen", {**NO_WORK, "traded": "no", "made_marry": "yes"},
     {**NEITHER, "purpose": "yes", "crossing_only": "no"}),
    ("adult-screen", {**FREE, "traded": "no", **NO_PURPOSE}, {**NEITHER, "purpose": "no"}),
    ("adult-screen", {"worked": "yes", "could_quit": "yes", "made_to": "no"}, {}),
    ("adult-screen", {"worked": "yes", "work_debt": "yes"}, {**DONE, "labor": "yes"}),
    (
        "adult-screen",
        {**QUIT, "traded": "no", "acts": "harbored", "lies": "yes"},
        {**DONE, "labor": "yes", "sex": "no", "act": "yes", "means": "yes",
         "means_sex": "yes", "means_labor": "yes"},
    ),
    (
        "adult-screen",
        {**QUIT, "work_minor": "no", "traded": "no", "acts": "none", **NO_MEANS_ADULT, "hard_time": "yes"},
        {**DONE, "labor": "yes", "sex": "no", "act": "no", "means": "no",
         "means_sex": "no", "means_labor": "no", "vulnerable": "yes", "under18": "no", "under18_labor": "no"},
    ),
    (
        "adult-screen",
        {"traded": "yes", "trade_minor": "yes", "acts": "patronized", "hurt": "no"},
        {**DONE, "sex": "yes", "act": "no", "under18": "yes",
         "under18_sex": "yes"},
    ),
    (
        "adult-screen",
        {**QUIT, "work_minor": "no", "traded": "yes", "trade_minor": "no", "threats": "yes", "about_what": "labor"},
        {**DONE, "sex": "yes", "labor": "yes", "means": "yes", "means_sex": "no",
         "means_labor": "yes", "under18": "no", "under18_sex": "no", "under18_labor": "no"},
    ),
    ("adult-screen", {**QUIT, "traded": "yes", "threats": "yes"},
     {**DONE, "sex": "yes", "labor": "yes", "means": "yes"}),
    ("adult-screen", {"body_part": "yes"}, {"purpose": "yes", "crossing_only": "no"}),
    ("adult-screen", {**NO_WORK, "tried_work": "yes", "traded": "no", "lies": "yes"},
     {"sex": "no", "labor": "yes", "purpose": "yes", "attempt": "yes", "act": "yes",
      "means": "yes", "means_sex": "yes", "means_labor": "yes", "crossing_only": "no"}),
    ("adult-screen", {**QUIT, "traded": "no", "tried_sex": "yes"}, {**DONE, "labor": "yes", "sex": "no"}),
    ("adult-screen", {**NO_WORK, "traded": "no", **NO_PURPOSE, **CHOSEN},
     {**NEITHER, "purpose": "no", "crossing_only": "yes"}),
    ("adult-screen", {**NO_WORK, "traded": "no", **NO_PURPOSE, **CHOSEN, "trip_free": "no"},
     {**NEITHER, "purpose": "no", "crossing_only": "no"}),
    ("adult-screen", {**CHOSEN, "traded": "no"}, {"sex": "no"}),
    ("youth-screen", {}, {}),
    ("youth-screen", {"age_now": "under_18"}, {"under18": "yes", "under18_sex": "yes", "under18_labor": "yes"}),
    (
        "youth-screen",
        {"age_now": "under_18", "traded": "yes", "acts": "recruited", **NO_MEANS_YOUTH},
        {**DONE, "sex": "yes", "act": "yes", "means": "no", "means_sex": "no",
         "means_labor": "no", "under18": "yes", "under18_sex": "yes", "under18_labor": "yes"},
    ),
    ("youth-screen", {"age_now": "adult", "traded": "no", "others_gained": "yes", "trade_minor": "no"},
     {**DONE, "sex": "yes", "under18_sex": "no"}),
    ("youth-screen", {"age_now": "adult", **NO_WORK, "traded": "yes", "trade_minor": "no"},
     {**DONE, "sex": "yes", "labor": "no", "under18": "no", "under18_sex": "no"}),
    ("youth-screen", {"age_now": "under_18", **NO_WORK, "traded": "no", "others_gained": "no", "tried_sex": "yes"},
     {"sex": "yes", "labor": "no", "purpose": "yes", "attempt": "yes", "act": "yes",
      "under18": "yes", "under18_sex": "yes", "under18_labor": "yes", "crossing_only": "no"}),
    ("youth-screen", {**NO_WORK, "traded": "no", "others_gained": "no", **CHOSEN},
     {**NEITHER, "purpose": "no", "crossing_only": "yes"}),
    ("youth-screen", {"age_now": "adult", "made_to": "yes", "love": "yes"},
     {**DONE, "labor": "yes", "means": "yes", "means_sex": "yes", "means_labor": "yes"}),
)  # fmt: skip


@pytest.mark.parametrize(("code", "given", "known"), TABLE, ids=lambda value: None)
def test_the_elements_follow_from_the_answers_and_a_missing_answer_gives_cannot_tell(
    code: str, given: dict[str, str], known: dict[str, str]
) -> None:
    found = {name[3:]: value for name, value in values(answered(code, **given)).items() if name.startswith("el_")}
    assert set(found.values()) <= {"yes", "no", "unknown"}
    assert found.pop("patronized") == found["sex"]  # someone who trades sex for something gets it from someone
    assert {name: value for name, value in found.items() if value != "unknown"} == known


@pytest.mark.parametrize("code", SCREENS)
def test_the_elements_sheet_names_every_element_once(code: str) -> None:
    names = [row["name"] for row in sheet(code, "elements") if row["name"].startswith("el_")]
    assert sorted(names) == sorted(name for name in values(answered(code)) if name.startswith("el_"))


def test_no_one_is_asked_what_does_not_apply() -> None:
    assert asked(answered("adult-screen", talk_here="no")) == {"talk_here", "wants"}
    quiet = asked(answered("adult-screen", worked="no", made_to="no", traded="no"))
    assert quiet & {"could_quit", "work_minor", "others_gained", "trade_minor", "acts", "kept_in", "drugs"} == set()
    assert {"acts", "kept_in"} <= asked(answered("adult-screen", traded="unsure"))
    assert "about_what" not in asked(answered("adult-screen", traded="yes", hurt="yes"))
    assert "trade_minor" not in asked(answered("youth-screen", age_now="under_18", traded="yes"))
    assert {"child_step"} == asked(answered("safety-plan", has_children="yes")) - asked(answered("safety-plan"))
    assert {"childcare", "children"} == asked(answered("needs-assessment")) - asked(
        answered("needs-assessment", has_children="no")
    )
    assert asked(answered("peer-check-in", good_time="no")) == {"good_time"}


def test_none_of_these_excludes_the_other_choices() -> None:
    answers = answered("adult-screen", traded="yes", acts="none harbored")
    assert [one.node.name for one in answers.missing()] == ["acts"]


def test_a_needs_assessment_counts_what_is_urgent_and_offers_only_what_was_named() -> None:
    answers = answered("needs-assessment", housing="now", job="week", children="later", medical="none", family="week")
    found = values(answers)
    assert [found[name] for name in ("structural", "relational", "individual", "soon")] == ["2", "1", "0", "3"]
    assert [one.words for one in scores(answers)] == [
        *("Some", "Some", "None", "A few"),
    ]
    question, node = next((one, node) for one, node in answers.asking() if node.name == "first")
    assert [one.value for one in answers.choices(question, node)] == ["housing", "job", "children", "family"]
    assert "first" not in asked(answered("needs-assessment", medical="none"))


def test_a_plan_is_looked_at_again_today_or_later() -> None:
    assert answered("safety-plan", review_on="2026-11-18").missing() == []
    assert [one.node.name for one in answered("safety-plan", review_on="2026-11-17").missing()] == ["review_on"]
