"""What answers indicate, as the tables of the manual say it, and over every combination of answers."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from accord.law.codes import Form
from accord.law.elements import EVERY, Element, Event, Indicated, Said, findings, judge, smuggling, strongest
from accord.law.packs import Definition, builtin
from accord.law.rules import law_for
from accord.people.rules import age_on

from .build import TODAY, agency
from .tables import Row, rows

ANSWERS = (True, False, None)
WORDS = {True: "yes", False: "no", None: "?"}
LAW = law_for(agency("community", frozenset({"us", "us-calder", "un"})), TODAY)
DEFINITIONS = dict(LAW.of(Definition))


def asked(answer: bool | None) -> Said:
    """Return an element that was asked about as a whole."""
    every = frozenset({EVERY})
    return Said() if answer is None else Said(yes=every) if answer else Said(no=every)


def event_of(act: bool | None, means: bool | None, aim: bool | None, child: bool | None) -> Event:
    return Event(act=asked(act), means=asked(means), aim=asked(aim), under_18=child)


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=list(DEFINITIONS))
def test_the_table_decides_every_combination(definition: Definition) -> None:
    table = [
        row for row in rows("elements.md", "Every combination") if row.set("child needs no means") == _needs(definition)
    ]
    for answers in itertools.product(ANSWERS, repeat=4):
        said = dict(zip(("act", "means", "aim", "under 18"), map(WORDS.__getitem__, answers), strict=True))
        match = {row["result"] for row in table if all(row[name] in ("", word) for name, word in said.items())}
        assert len(match) < 2, said
        assert judge(definition, event_of(*answers)).indicated == next(iter(match), "cannot_tell"), said


def _needs(definition: Definition) -> frozenset[str]:
    return frozenset({"yes" if definition.child_needs_no_means else "no"})


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=list(DEFINITIONS))
def test_a_missing_answer_matters_only_if_it_could_change_the_result(definition: Definition) -> None:
    """Each of the 81 combinations, compared with every way in which its missing answers could turn out."""
    for answers in itertools.product(ANSWERS, repeat=4):
        whole = itertools.product(*((True, False) if answer is None else (answer,) for answer in answers))
        ends = {judge(definition, event_of(*each)).indicated for each in whole}
        assert ends <= {Indicated.YES, Indicated.NO}
        result = judge(definition, event_of(*answers))
        assert result.indicated == (ends.pop() if len(ends) == 1 else Indicated.CANNOT_TELL), answers
        assert bool(result.missing) is (result.indicated == Indicated.CANNOT_TELL)
        assert Element.AGE not in result.missing or definition.child_needs_no_means


def test_labor_always_needs_a_means_and_a_child_in_commercial_sex_never_does() -> None:
    assert {definition.form for definition in DEFINITIONS.values()} == set(Form)
    for definition in DEFINITIONS.values():
        assert definition.child_needs_no_means is (definition.form != Form.LABOR)


def test_each_definition_has_its_source() -> None:
    for rule in (rule for pack in builtin() for rule in pack.rules if isinstance(rule.effect, Definition)):
        assert any(cited in rule.source for cited in ("USC", "Article", "Calder Penal Code")), rule.id


def said_in(row: Row, column: str) -> Said:
    """Return an element as a cell of the worked examples says it."""
    return Said() if row[column] == "?" else Said(yes=row.set(column), no=frozenset({EVERY}))


def event_in(row: Row) -> Event:
    child = None
    if row["born"]:
        child = age_on(date.fromisoformat(row["born"]), date.fromisoformat(row["happened"])) < 18
    return Event(
        act=said_in(row, "act"),
        means=said_in(row, "means"),
        aim=said_in(row, "aim"),
        under_18=child,
        attempted=row["attempted"] == "yes",
    )


EXAMPLES = rows("elements.md", "Worked examples")


@pytest.mark.parametrize("row", EXAMPLES, ids=[row["case"] for row in EXAMPLES])
def test_worked_examples(row: Row) -> None:
    event = event_in(row)
    for column, rule in (
        ("UN", "un.trafficking"),
        ("US sex", "us.trafficking.sex"),
        ("US labor", "us.trafficking.labor"),
    ):
        result = judge(DEFINITIONS[rule], event)
        missing = ", ".join(sorted(result.missing))
        assert (f"{result.indicated}: {missing}" if missing else result.indicated) == row[column], column
    crossed = {"yes": True, "no": False, "?": None}[row["crossed"]]
    pointer = smuggling(LAW, crossed)
    assert {True: "yes", False: "no", None: "cannot_tell"}[pointer.value] == row["smuggling"]
    assert pointer.rule_ids == ("un.smuggling", "us.smuggling")


def test_two_events_are_each_judged_alone() -> None:
    """Example 67: neither event alone is both. Together they are sex trafficking of a child, and labor trafficking."""
    first, second = (event_in(row) for row in EXAMPLES if row["case"].startswith("67"))
    found = findings(LAW, [first, second])
    assert strongest(found, Form.SEX).indicated == strongest(found, Form.LABOR).indicated == Indicated.YES
    mixed = findings(LAW, [Event(act=first.act, means=first.means, aim=second.aim, under_18=True)])
    assert strongest(mixed, Form.LABOR).indicated == strongest(mixed, Form.SEX).indicated == Indicated.NO


def test_a_law_without_a_definition_says_nothing() -> None:
    nothing = law_for(agency("community", frozenset({"elsewhere"})), TODAY)
    assert findings(nothing, [event_of(True, True, True, True)]) == ()
    assert strongest((), Form.SEX).indicated == Indicated.CANNOT_TELL
    assert smuggling(nothing, True).value is None
