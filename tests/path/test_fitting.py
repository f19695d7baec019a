"""What the form of a release offers for one partner, and what it never fills in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accord.access.codes import COMMUNITY, KINDS, ROLES, SURVIVOR_LED, SYSTEMS
from accord.law.codes import Purpose, Side, Trait
from accord.law.packs import ReleaseLength
from accord.law.rules import AgencyFacts, law_for
from accord.releases.fitting import SENSITIVE, WORK, Fit, fit, last_days

TODAY = date(2026, 11, 18)
OURS = AgencyFacts(
    side=Side.COMMUNITY, traits=frozenset({Trait.GRANT_VAWA}), jurisdictions=frozenset({"us", "us-calder"})
)
SIDES = {COMMUNITY: Side.COMMUNITY, SURVIVOR_LED: Side.COMMUNITY, SYSTEMS: Side.SYSTEMS}
LAW, HEALTH, POLICE, CPS = Trait.LAW_PRACTICE, Trait.HEALTH_PROVIDER, Trait.POLICE, Trait.CHILD_PROTECTION

# Kind of agency, its traits, the purposes that come first, the one that is filled in.
PARTNERS = (
    (COMMUNITY, {LAW}, "legal_help compensation benefits", "legal_help"),
    (COMMUNITY, {HEALTH}, "health_care counselling", "health_care"),
    (COMMUNITY, {LAW, HEALTH}, "legal_help compensation benefits health_care counselling", ""),
    (COMMUNITY, set(), "housing safety_planning case_coordination counselling benefits", ""),
    (SURVIVOR_LED, set(), "housing safety_planning case_coordination counselling benefits", ""),
    (SYSTEMS, {POLICE}, "investigation safety_planning", ""),
    (SYSTEMS, {Trait.PROSECUTOR}, "prosecution compensation safety_planning", ""),
    (SYSTEMS, {CPS}, "child_protection", ""),
    (SYSTEMS, {CPS, LAW}, "child_protection compensation benefits", ""),
)


def offered(kind: str, traits: set[Trait]) -> Fit:
    to = AgencyFacts(side=SIDES[kind], traits=frozenset(traits), jurisdictions=OURS.jurisdictions)
    return fit(kind=kind, to=to, agreed=KINDS, opens=frozenset(KINDS), law=law_for(OURS, TODAY))


@pytest.mark.parametrize(("kind", "traits", "first", "usual"), PARTNERS)
def test_a_partner_is_offered_what_it_does(kind: str, traits: set[Trait], first: str, usual: str) -> None:
    found = offered(kind, traits)
    assert sorted(found.first) == sorted(first.split()) and (found.usual or "") == usual
    all_of_them = {*found.first, *found.others}
    declared = {code for role in ROLES.values() if kind in role.within for code in role.purposes}
    assert all_of_them == declared & set(Purpose), "a purpose that no one there can work for opens nothing"
    if kind != SYSTEMS:
        assert not all_of_them & {Purpose.INVESTIGATION, Purpose.PROSECUTION, Purpose.CHILD_PROTECTION}


@pytest.mark.parametrize(("kind", "traits"), [row[:2] for row in PARTNERS])
def test_kinds_that_the_law_keeps_from_a_partner_are_not_offered(kind: str, traits: set[Trait]) -> None:
    found = offered(kind, traits)
    assert not {"releases", "notes.advocate", "legal.privileged", "linkage"} & {*found.kinds, *found.sensitive}
    assert ("juvenile" in found.sensitive) is bool(traits & {CPS, Trait.PROSECUTOR})
    assert not set(found.kinds) & set(SENSITIVE) and set(found.sensitive) <= set(SENSITIVE)
    assert len(found.kinds) + len(found.first) <= 10  # with days, language and age at most 25 controls at once


LENGTH = ReleaseLength(default_days=30, reason_over_days=90, refuse_over_days=365)
DAYS = (
    (LENGTH, None, [30, 60, 90]),
    (LENGTH, 200, [30, 60, 90]),
    (LENGTH, 70, [30, 60, 70]),
    (LENGTH, 10, [10]),
    (LENGTH, -1, []),
    (ReleaseLength(default_days=14, reason_over_days=14, refuse_over_days=30), None, [14]),
)


@pytest.mark.parametrize(("length", "until", "days"), DAYS)
def test_last_days_are_the_laws_and_none_outlasts_the_agreement(
    length: ReleaseLength, until: int | None, days: list[int]
) -> None:
    agreed = None if until is None else TODAY + timedelta(days=until)
    assert last_days(TODAY, length, agreed) == tuple(TODAY + timedelta(days=n) for n in days)


def test_every_work_is_a_purpose_that_someone_can_have() -> None:
    assert {purpose.value for work in WORK.values() for purpose in work} <= {
        code for role in ROLES.values() for code in role.purposes
    } | {Purpose.SCHOOL_AND_WORK.value}
