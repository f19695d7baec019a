"""The screens that come with Accord, answered as in worked examples, and what the answers indicate under each law."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from accord.formlib import loading
from accord.formlib.answering import Answers
from accord.formlib.model import Form
from accord.law.codes import Side
from accord.law.rules import AgencyFacts, law_for
from accord.questionnaires.codes import source_of
from accord.screening import rules

FACTS = AgencyFacts(side=Side.COMMUNITY, traits=frozenset(), jurisdictions=frozenset({"us", "us-calder", "un"}))
LAW = law_for(FACTS, date(2026, 11, 18))
NOON = datetime(2026, 11, 18, 12, tzinfo=ZoneInfo("America/Chicago"))
UN, SEX, LABOR = "un.trafficking", "us.trafficking.sex", "us.trafficking.labor"
ADULT, YOUTH = "adult-screen", "youth-screen"
NO_MEANS = (
    *("kept_in", "hurt", "threats", "law_threats", "exposed", "lies", "love", "papers"),
    *("kept_money", "watched", "held_back", "drugs", "hard_time"),
)
NO_WORK, NO_SEX = {"worked": "no", "made_to": "no"}, {"traded": "no"}
NOTHING_ELSE = {"made_marry": "no", "body_part": "no"}
FORCED = {"worked": "yes", "could_quit": "no"}
CROSSED = {"traveled": "yes", "trip_choice": "yes", "trip_free": "yes", "trip_owed": "no"}


@cache
def form(code: str) -> Form:
    return loading.load(source_of(code), f"{code}.md", lambda name: None)


def indicated(code: str, given: dict[str, str], means: str = "") -> dict[str, str]:
    """Return the result under each definition. `means` answers every question about a means that isn't in `given`."""
    answers = Answers(form(code), NOON, ZoneInfo("America/Chicago"))
    places = {one.path.rpartition("/")[2]: one.path for one in answers.form.questions()}
    every = {**given, **{name: means for name in NO_MEANS if means and name in places and name not in given}}
    for name, value in every.items():
        answers.answer(answers.nodes(places[name])[0], value)
    told = rules.answers_in(answers.form.tables["elements"], answers.export())
    return {rule: result for rule, result, _missing in rules.computed(LAW, told)}


@pytest.mark.parametrize(
    ("code", "given", "means", "un", "sex", "labor"),
    [
        # recruited, no means, commercial sex: at 17, on the 18th birthday, and if the age isn't known
        (YOUTH, {"age_now": "under_18", **NO_WORK, "traded": "yes", "acts": "recruited"}, "no", "yes", "yes", "no"),
        (ADULT, {**NO_WORK, "traded": "yes", "trade_minor": "yes", "acts": "recruited"}, "no", "yes", "yes", "no"),
        (ADULT, {**NO_WORK, "traded": "yes", "trade_minor": "no", "acts": "recruited"}, "no", "no", "no", "no"),
        (ADULT, {**NO_WORK, "traded": "yes", "acts": "recruited"}, "no", "cannot_tell", "cannot_tell", "no"),
        # harbored, threats, commercial sex, adult
        (ADULT, {**NO_WORK, "traded": "yes", "trade_minor": "no", "acts": "harbored", "threats": "yes"}, "no",
         "yes", "yes", "no"),
        # transported, no means, forced to work at 16: a means is needed at every age in the United States
        (YOUTH, {"age_now": "under_18", **FORCED, **NO_SEX, "others_gained": "no", "acts": "transported"}, "no",
         "yes", "no", "no"),
        # obtained, abuse of legal process, debt bondage, 30
        (ADULT, {"worked": "yes", "work_debt": "yes", "work_minor": "no", **NO_SEX, "acts": "obtained",
                 "law_threats": "yes"}, "no", "yes", "no", "yes"),
        # sex for shelter at 15, and no other act: buying isn't on the list of the United Nations
        (YOUTH, {"age_now": "under_18", **NO_WORK, "traded": "yes", "acts": "patronized"}, "no",
         "cannot_tell", "yes", "no"),
        # crossed a border, agreed, free to leave
        (ADULT, {**NO_WORK, **NO_SEX, **NOTHING_ELSE, **CROSSED}, "", "no", "no", "no"),
        # the same, but papers taken and work forced
        (ADULT, {**FORCED, "work_minor": "no", **NO_SEX, **CROSSED, "acts": "transported", "papers": "yes"}, "no",
         "yes", "no", "yes"),
        # harbored in an employer's home, never moved, fraud, servitude
        (ADULT, {**FORCED, "work_minor": "no", **NO_SEX, "traveled": "no", "acts": "harbored", "lies": "yes"}, "no",
         "yes", "no", "yes"),
        # every means declined, adult
        (ADULT, {**FORCED, "work_minor": "no", **NO_SEX, "acts": "harbored"}, "", "cannot_tell", "no", "cannot_tell"),
        # sex at 16 without a means, and forced labor as an adult: each is judged alone
        (ADULT, {**FORCED, "work_minor": "no", "traded": "yes", "trade_minor": "no", "acts": "recruited",
                 "kept_in": "yes", "about_what": "labor"}, "no", "yes", "no", "yes"),
        (ADULT, {**FORCED, "work_minor": "no", "traded": "yes", "trade_minor": "yes", "acts": "recruited",
                 "kept_in": "yes", "about_what": "labor"}, "no", "yes", "yes", "yes"),
        # recruiting was tried at 16
        (YOUTH, {"age_now": "under_18", **NO_WORK, **NO_SEX, "others_gained": "no", "tried_sex": "yes"}, "no",
         "attempt", "attempt", "no"),
        # nothing was answered
        (ADULT, {}, "", "cannot_tell", "cannot_tell", "cannot_tell"),
        (YOUTH, {}, "", "cannot_tell", "cannot_tell", "cannot_tell"),
    ],
)  # fmt: skip
def test_a_worked_example_gives_its_result(
    code: str, given: dict[str, str], means: str, un: str, sex: str, labor: str
) -> None:
    found = indicated(code, given, means)
    assert (found[UN], found[SEX], found[LABOR]) == (un, sex, labor)
