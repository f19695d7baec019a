"""What is read out before a screening, as the tables of the manual say it, and never more than the law packs say."""

from __future__ import annotations

import itertools

import pytest

from accord.access.codes import ROLES
from accord.law import prefaces
from accord.law.prefaces import Protection
from accord.law.rules import law_for, privileged

from .build import TODAY, agency
from .tables import Row, rows

WHO, WHAT = rows("prefaces.md", "Who may learn the answers"), rows("prefaces.md", "What must be reported")


@pytest.mark.parametrize("row", WHO, ids=[row["case"] for row in WHO])
def test_who_may_learn(row: Row) -> None:
    law = law_for(agency(row["agency"], row.set("states")), TODAY)
    found = prefaces.protection(law, {row["role"]}, is_trained=row["trained"] == "yes")
    said = " ".join(prefaces.who_may_learn(found))
    assert (found.protection, list(found.rule_ids)) == (row["protection"], row.list("rules"))
    assert ("judge may look" in said) is (row["judge"] == "yes")
    assert ("privilege" in said) is (found.protection is Protection.PRIVILEGED)
    assert ("defense attorneys" in said) is (found.protection is Protection.DISCOVERABLE)


@pytest.mark.parametrize("row", WHAT, ids=[row["case"] for row in WHAT])
def test_what_must_be_reported(row: Row) -> None:
    law = law_for(agency(row["agency"], row.set("states")), TODAY)
    least_most = tuple(int(part) for part in row.list("age"))
    age = (least_most[0], least_most[1]) if least_most else None
    found = prefaces.must_be_reported(law, age)
    assert sorted({to for _, _, report in found for to in report.to}) == row.list("reports to")
    assert {str(report.within_hours) for _, _, report in found} == row.set("within hours")
    words = {"minor": "You are under 18.", "if minor": "If you are under 18", "nothing": ""}[row["says"]]
    assert all(sentence.startswith(words) for sentence, _, _ in found)
    assert bool(found) is (row["says"] != "nothing")
    if not found:
        assert ("You are an adult" in prefaces.nothing_to_report(age)) is (age is not None and age[0] >= 18)


def test_no_preface_promises_a_privilege_that_the_screener_does_not_have() -> None:
    """Every role in every kind of agency: privileged exactly where the pack's rule says so for the hours on file."""
    kinds = ("community", "community law_practice", "community health_provider", "systems", "systems child_protection")
    for words, role, trained in itertools.product(kinds, ROLES, (True, False)):
        law = law_for(agency(words), TODAY)
        found = prefaces.protection(law, {role}, is_trained=trained)
        has = privileged(law, role, 40 if trained else 0, supervised=trained).value is not None
        attorney = role == "attorney" and "law_practice" in words
        assert (found.protection is Protection.PRIVILEGED) is (has or attorney), (words, role, trained)
        assert (found.protection is Protection.DISCOVERABLE) is words.startswith("systems")


def test_it_always_says_that_questions_can_be_skipped_and_help_does_not_depend_on_them() -> None:
    skip, help_ = prefaces.ALWAYS
    assert "skip any question" in skip and "same help" in help_
