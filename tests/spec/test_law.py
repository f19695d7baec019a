"""What the packs say, as the tables of the manual say it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from accord.law import rules as law_rules
from accord.law.codes import Label, Process
from accord.law.packs import ReleaseLength
from accord.law.rules import law_for
from accord.legal_requests import rules as order_rules
from accord.releases import rules

from .build import TODAY, agency, codes
from .tables import Row, cases, lines_proved


def yes(flag: bool) -> str:
    """Return the tables' word for true or false."""
    return "yes" if flag else "no"


@cases("law.md", "What binds an agency")
def test_what_binds_an_agency(row: Row) -> None:
    facts = agency(" ".join([row["side"], *row.list("traits")]))
    law = law_for(facts, date.fromisoformat(row["day"]))
    bound = law_rules.regimes(law)
    assert sorted(bound.value) == row.list("regimes")
    assert yes(law_rules.covered(law)) == row["covered"]
    assert yes(law_rules.release_needed(law).value) == row["release needed"]
    assert row.set("rules") <= set(bound.rule_ids)


@cases("law.md", "Whether it may be shared at all")
def test_may_it_pass(row: Row) -> None:
    labels = frozenset({Label(row["label"])}) if row["label"] else frozenset()
    law, to = law_for(agency(row["owner"]), TODAY), agency(row["recipient"])
    verdict = law_rules.may_pass(law, row["kind"], to, labels)
    assert verdict.allowed is (row["outcome"] == "allowed")
    assert bool(verdict.reasons) is not verdict.allowed
    assert verdict.statements == row.set("must be said")
    assert verdict.travels_with == row.set("travels with it")
    assert list(verdict.rule_ids) == row.list("rules")


def length(cell: str) -> ReleaseLength:
    """Return a length from "30, 90, 365"."""
    default, reason, refuse = map(int, cell.split(","))
    return ReleaseLength(default_days=default, reason_over_days=reason, refuse_over_days=refuse)


@cases("law.md", "Length of a release")
def test_length(row: Row) -> None:
    own = row["the agency's own"]
    facts = replace(agency("community"), own_length=length(own) if own else None)
    ruling = law_rules.release_length(law_for(facts, TODAY))
    assert ruling.value == length(row["in force"])
    assert ("agency.release-length" in ruling.rule_ids) is bool(own)
    assert "house.release-length" in ruling.rule_ids


@cases("law.md", "Small counts")
def test_small_counts(row: Row) -> None:
    ruling = law_rules.threshold(law_for(agency("coalition", row.set("states")), TODAY))
    assert (ruling.value, list(ruling.rule_ids)) == (int(row["smallest count shown"]), row.list("rules"))


@cases("law.md", "Privilege of advocates")
def test_privilege(row: Row) -> None:
    law = law_for(agency(row["side"], row.set("states")), TODAY)
    ruling = law_rules.privileged(law, row["role"], int(row["hours"]), supervised=row["supervised"] == "yes")
    assert yes(ruling.value is not None) == row["privileged"]
    assert bool(ruling.rule_ids) is (ruling.value is not None)


@cases("law.md", "Orders")
def test_orders(row: Row) -> None:
    order = order_rules.Order(
        process=None if row["paper"] == "none" else Process(row["paper"]),
        citation=row["citation"],
        listed=row.set("listed"),
        chosen=row.set("chosen"),
    )
    problems = order_rules.problems_with_order(order, law_for(agency(row["owner"]), TODAY))
    assert codes(problems) == ([] if row["outcome"] == "allowed" else row.list("outcome"))
    assert row.set("rules") <= {rule for problem in problems for rule in problem.rule_ids}


@cases("law.md", "Reports to authorities")
def test_reports(row: Row) -> None:
    problems = order_rules.problems_with_report(row["rule"], row.set("kinds"), law_for(agency(row["owner"]), TODAY))
    assert codes(problems) == ([] if row["outcome"] == "allowed" else row.list("outcome"))


@cases("law.md", "Closing a disclosure")
def test_closing(row: Row) -> None:
    closing = order_rules.Closing(notice_attempt=row["notice"], safety_steps=row["safety"])
    problems = order_rules.problems_on_closing(closing, law_for(agency("community grant_vawa"), TODAY))
    assert codes(problems) == ([] if row["outcome"] == "closed" else row.list("outcome"))


@cases("law.md", "Sharing by a systems-based agency")
def test_official_share(row: Row) -> None:
    problems = rules.problems_with_official_share(row.set("checked"), law_for(agency(row["owner"]), TODAY))
    assert codes(problems) == ([] if row["outcome"] == "allowed" else row.list("outcome"))


def test_the_tables_prove_the_lines_that_they_claim() -> None:
    whole = {9, 10, 11, 12, 14, 15, 19, 21, 25, 27, 28, 29, 30, 31, 32, 33, 36, 37, 55, 58, 59, 60}
    assert lines_proved() == whole
    assert {1, 2, 4, 13, 18, 20, 24, 45, 47, 54, 64, 66, 68, 70, 86, 128} <= lines_proved(rules_only=True)
