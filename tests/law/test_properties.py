"""What is true of any packs and any release: the strictest wins, and more rules never allow more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import reduce
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from accord.law import rules as law_rules
from accord.law.codes import (
    InterpreterTie,
    Label,
    Process,
    Purpose,
    Side,
    SignerCapacity,
    SignerFlag,
    Situation,
    Statement,
    Trait,
)
from accord.law.packs import (
    BarredInterpreters,
    BarredSigners,
    Compelled,
    ExtraConsent,
    Majority,
    NeverShared,
    OnlyTo,
    Pack,
    ReleaseContent,
    ReleaseLength,
    ReleaseNeeded,
    Rule,
    Signers,
    Threshold,
    builtin,
)
from accord.law.rules import AgencyFacts, Verdict, law_for
from accord.people.rules import age_on
from accord.releases import lifecycle, rules
from accord.releases.codes import Ability, Draft, Facts, Interpreter, InterpreterKind, Recipient, Signature
from accord.releases.workflows import RELEASE, Status

TODAY = date(2026, 6, 1)
KINDS = ["identity.name", "needs", "health", "substance_use", "immigration", "juvenile", "linkage", "legal.privileged"]
STATES = frozenset({"us", "us-calder"})


def some(values: type | list[str], least: int = 0) -> st.SearchStrategy:
    """Return a set of some of these."""
    return st.frozensets(st.sampled_from(list(values)), min_size=least)  # type: ignore[arg-type]


kinds = some(KINDS)
ids = st.lists(st.sampled_from("abcde"), unique=True).map(sorted).map(tuple)
verdicts = st.builds(
    Verdict,
    allowed=st.booleans(),
    reasons=some(["never_shared", "only_to"]),
    statements=some(Statement),
    travels_with=some(["notice", "copy"]),
    rule_ids=ids,
)
lengths = (
    st.lists(st.integers(1, 500), min_size=3, max_size=3)
    .map(sorted)
    .map(lambda d: ReleaseLength(default_days=d[0], reason_over_days=d[1], refuse_over_days=d[2]))
)
narrowing = st.one_of(
    lengths,
    st.builds(ReleaseNeeded),
    st.builds(ReleaseContent, statements=some(Statement)),
    st.builds(
        Signers,
        situation=st.sampled_from(Situation),
        groups=st.lists(some(SignerCapacity, 1), max_size=2).map(tuple),
        court_appointed=st.booleans(),
        inform_person=st.booleans(),
    ),
    st.builds(BarredSigners, flags=some(SignerFlag)),
    st.builds(BarredInterpreters, ties=some(InterpreterTie)),
    st.builds(NeverShared, kinds=kinds, labels=some(Label)),
    st.builds(OnlyTo, kinds=kinds, traits=some(Trait)),
    st.builds(ExtraConsent, kinds=kinds, statements=some(Statement), to_sides=some(Side)),
    st.builds(Threshold, smallest=st.integers(1, 50)),
    st.builds(Compelled, accepts=some(Process)),
)
owners = st.builds(AgencyFacts, side=st.sampled_from(Side), traits=some(Trait), jurisdictions=st.just(STATES))
packs = st.lists(narrowing, min_size=1, max_size=3).map(
    lambda effects: Pack(
        name="more",
        words="More rules",
        jurisdiction="*",
        checked=TODAY,
        rules=tuple(
            Rule(id=f"more.{n}", words="One more", source="Nowhere", start=TODAY, effect=effect)
            for n, effect in enumerate(effects)
        ),
    )
)
signings = st.builds(
    Signature,
    signer=st.sampled_from("ab"),
    capacity=st.sampled_from(SignerCapacity),
    signed_on=st.just(TODAY),
    version=st.just(1),
    languages=some(["en", "es"], 1),
    court_appointed=st.booleans(),
    flags=some(SignerFlag),
)
self_signed = st.just(
    Signature(signer="s", capacity=SignerCapacity.SELF, signed_on=TODAY, version=1, languages=frozenset({"es"}))
)
drafts = st.builds(
    Draft,
    recipients=st.builds(Recipient, agency=st.just("r"), facts=owners, agreement_kinds=st.just(frozenset(KINDS))).map(
        lambda r: (r,)
    ),
    purposes=some(Purpose, 1),
    kinds=some(KINDS[:4], 1),
    start=st.just(TODAY),
    last_day=st.integers(0, 120).map(lambda n: TODAY + timedelta(days=n)),
    reason_for_length=st.sampled_from(["", "a hearing"]),
    text_languages=st.just(frozenset({"en", "es"})),
    template_version=st.just("1"),
    statements=st.one_of(st.just(frozenset(Statement)), some(Statement)),
    staff_witness=st.just("Alma"),
    interpreter=st.one_of(
        st.none(),
        st.builds(
            Interpreter,
            kind=st.sampled_from(InterpreterKind),
            language=st.just("es"),
            promised_confidence=st.just(True),
            ties=some(InterpreterTie),
        ),
    ),
    signatures=st.tuples(self_signed, signings) | st.tuples(self_signed) | st.tuples(signings),
)
people = st.just(Facts(age=30, languages=frozenset({"es"}))) | st.builds(
    Facts,
    age=st.integers(0, 40),
    languages=st.just(frozenset({"es"})),
    ability=st.sampled_from(Ability),
    ability_basis=st.just("on file"),
    informed=st.booleans(),
    emancipated=st.booleans(),
)


@given(verdicts, verdicts, verdicts)
def test_the_stricter_of_verdicts(a: Verdict, b: Verdict, c: Verdict) -> None:
    """Line 128: in any order, however often, the stricter decides and every rule id stays."""
    assert a & b == b & a
    assert a & a == a
    assert (a & b) & c == a & (b & c)
    assert a & Verdict() == a
    both = a & b
    assert both.allowed <= a.allowed
    assert both.statements >= a.statements | b.statements
    assert set(both.rule_ids) == set(a.rule_ids) | set(b.rule_ids)


@given(owners, owners, st.sampled_from(KINDS), some(Label), packs)
def test_more_rules_never_allow_more(
    owner: AgencyFacts, to: AgencyFacts, kind: str, labels: frozenset[Label], more: Pack
) -> None:
    before, after = law_for(owner, TODAY), law_for(owner, TODAY, (*builtin(), more))
    one, two = (law_rules.may_pass(law, kind, to, labels) for law in (before, after))
    assert two.allowed <= one.allowed
    assert two.statements >= one.statements
    assert set(two.rule_ids) >= set(one.rule_ids)
    assert law_rules.threshold(after).value >= law_rules.threshold(before).value
    accepted = law_rules.accepted_processes(before)
    assert not accepted.rule_ids or law_rules.accepted_processes(after).value <= accepted.value
    shorter, longer = (law_rules.release_length(law).value for law in (after, before))
    assert shorter.refuse_over_days <= longer.refuse_over_days
    assert shorter.reason_over_days <= longer.reason_over_days
    assert shorter.default_days <= longer.default_days


@settings(max_examples=100)
@given(owners, drafts, people, packs)
def test_more_rules_never_allow_a_release_to_begin(owner: AgencyFacts, draft: Draft, facts: Facts, more: Pack) -> None:
    before, after = law_for(owner, TODAY), law_for(owner, TODAY, (*builtin(), more))
    if rules.problems_on_activation(draft, facts, before, TODAY):
        assert rules.problems_on_activation(draft, facts, after, TODAY)


@given(owners, some(Trait), owners, st.sampled_from(KINDS), some(Label))
def test_being_bound_by_more_never_allows_more(
    owner: AgencyFacts, traits: frozenset[Trait], to: AgencyFacts, kind: str, labels: frozenset[Label]
) -> None:
    bound = replace(owner, traits=owner.traits | traits - {Trait.CJI_PROFILE})
    one, two = (law_rules.may_pass(law_for(each, TODAY), kind, to, labels) for each in (owner, bound))
    assert two.allowed <= one.allowed
    assert two.statements >= one.statements


@given(owners, lengths)
def test_an_agency_can_only_lower(owner: AgencyFacts, own: ReleaseLength) -> None:
    law = law_rules.release_length(law_for(owner, TODAY)).value
    after = law_rules.release_length(law_for(replace(owner, own_length=own), TODAY)).value
    for field in ("default_days", "reason_over_days", "refuse_over_days"):
        assert getattr(after, field) <= min(getattr(law, field), getattr(own, field))


terms = st.builds(
    lifecycle.Terms,
    status=st.sampled_from(Status),
    kinds=kinds,
    purposes=some(Purpose),
    start=st.integers(0, 90).map(lambda n: TODAY + timedelta(days=n)),
    last_day=st.integers(0, 365).map(lambda n: TODAY + timedelta(days=n)),
    additions=st.booleans(),
)


def opens(held: lifecycle.Terms, kind: str, purpose: Purpose, day: date) -> bool:
    """Return whether these terms let one kind be read for one purpose on one day."""
    in_time = held.start <= day <= held.last_day
    return held.status is Status.ACTIVE and in_time and kind in held.kinds and purpose in held.purposes


@given(st.lists(terms, min_size=1, max_size=4), st.randoms(), st.sampled_from(KINDS), st.sampled_from(Purpose))
def test_joined_records_allow_nothing_that_one_of_them_did_not(
    members: list[lifecycle.Terms], chance: object, kind: str, purpose: Purpose
) -> None:
    """Line 25, for any number of records in any order."""
    joined = lifecycle.Joined(tuple(members)).effective
    shuffled = sorted(members, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert lifecycle.Joined(tuple(shuffled)).effective == joined == reduce(lambda a, b: a & b, [*members, *members])
    day = TODAY + timedelta(days=45)
    assert opens(joined, kind, purpose, day) is all(opens(each, kind, purpose, day) for each in members)


@settings(max_examples=200)
@given(st.sampled_from(sorted(available_timezones())), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_last_day_is_included_in_every_zone(zone: str, last_day: date) -> None:
    """Lines 1 and 2: the end is the first moment after the last day, through every clock change."""
    end = rules.end_instant(last_day, zone)
    place, tick = ZoneInfo(zone), timedelta(microseconds=1)
    assert (end - tick).astimezone(place).date() <= last_day
    assert end.astimezone(place).date() > last_day
    assert end == rules.start_instant(last_day + timedelta(days=1), zone)


@given(st.dates(date(1920, 1, 1), date(2026, 1, 1)), st.integers(0, 40000))
def test_age_never_falls(birth: date, days: int) -> None:
    assume(birth.toordinal() + days < date.max.toordinal())
    day = birth + timedelta(days=days)
    assert age_on(birth, day) in {days // 366, (days * 4) // 1461, days // 365}
    assert age_on(birth, day) <= age_on(birth, day + timedelta(days=1))


@given(st.dates(date(1920, 1, 1), date(2026, 1, 1)), st.integers(16, 21))
def test_the_day_of_majority_is_the_first_at_that_age(birth: date, years: int) -> None:
    """The highest age that any rule sets decides, and no one is an adult before 18."""
    rule = Rule(id="more", words="One more", source="Nowhere", start=TODAY, effect=Majority(age=years))
    more = Pack(name="more", words="More", jurisdiction="*", checked=TODAY, rules=(rule,))
    law = law_for(AgencyFacts(side=Side.COMMUNITY, jurisdictions=STATES), TODAY, (*builtin(), more))
    day = rules.adult_on(birth, law)
    assert age_on(birth, day) == max(18, years)
    assert age_on(birth, day - timedelta(days=1)) == max(18, years) - 1


def test_an_ended_release_never_restarts() -> None:
    """Line 21."""
    assert {state for state in Status if not RELEASE.actions(state)} == {Status.WITHDRAWN, Status.DISCARDED}
