"""Each promise about who will see something, compared with the decision that it describes."""

from __future__ import annotations

from accord.law import promises
from accord.law.rules import law_for, release_needed
from accord.releases import rules

from .build import TODAY, agency
from .tables import Row, cases

BOTH_TICKS = frozenset({"right_to_know", "need_to_know"})


@cases("promises.md", "Promises")
def test_a_promise_is_what_the_rules_decide(row: Row) -> None:
    facts = agency(" ".join([row["side"], *row.list("traits")]))
    who = promises.keeper(facts, TODAY)
    law = law_for(facts, TODAY)
    consent, officer = release_needed(law).value, not rules.problems_with_official_share(BOTH_TICKS, law)
    assert row["release first"] == ("yes" if consent else "no")
    for sentence in (promises.everywhere(who), promises.of_a_record(who)):
        only_with_consent = "only with their written consent" in sentence or "only if the person signs" in sentence
        assert only_with_consent is consent, sentence
    assert row["officer shares"] == ("yes" if officer else "no")
    assert ("without a release" in promises.of_a_record(who)) is officer
    assert ("without consent" in promises.everywhere(who)) is officer
    said = promises.beyond(who)
    told = "authorities" if "prosecutors" in said else "law" if "law that applies to" in said else "none"
    assert told == row["told on the form"]


def test_no_agency_that_meets_no_one_promises_anything_of_its_own() -> None:
    for who in (None, promises.keeper(agency("coalition"), TODAY)):
        assert "Each agency" in promises.everywhere(who)
