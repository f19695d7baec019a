"""Rules for whether a release may be saved, whether it may begin, and who signs it.

These are pure functions: they use no clock and no database, and the law is a parameter. Each function returns a list of
problems, so that a form can show all of them at once. An empty list means that the step is allowed. `lifecycle` covers
what happens to a release later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

from accord.law import rules as law_rules
from accord.law.codes import InterpreterTie, SignerCapacity, Situation, Statement, Who
from accord.law.packs import Signers
from accord.law.rules import Law, Ruling, Verdict
from accord.releases.codes import (
    EVERYONE,
    EVERYTHING,
    STATEMENT_WORDS,
    Ability,
    Draft,
    Facts,
    Problem,
    RecordedAs,
    Signature,
    problem,
)
from accord.releases.workflows import RELEASE, Action, Status

MINORS = frozenset({Situation.MINOR, Situation.MINOR_ALONE, Situation.MINOR_UNABLE})
FOR_A_MINOR = frozenset({SignerCapacity.PARENT, SignerCapacity.GUARDIAN})


# Moves


def problems_with_move(status: Status, action: Action) -> list[Problem]:
    """Return the reasons why this action is not allowed for a release with this status."""
    if RELEASE.allows(status, action):
        return []
    if status is Status.WITHDRAWN:
        return [problem("no_way_back")]
    return [problem("not_allowed_now", status=status)]


# Time


def adult_on(birth: date, law: Law) -> date:
    """Return the first day on which someone born on `birth` is an adult."""
    years = law_rules.majority_age(law).value
    leap_day = (birth.month, birth.day) == (2, 29)
    # February 28 plus one day is February 29 or, in a non-leap year, March 1
    day = birth.replace(year=birth.year + years, day=28 if leap_day else birth.day)
    return day + timedelta(days=1) if leap_day else day


def age_to_sign(least: int | None, most: int | None, law: Law) -> int | None:
    """Return the age that determines who signs. Return None if the age is unknown or could be on either side of
    majority."""
    if least is None or most is None or least < law_rules.majority_age(law).value <= most:
        return None
    return least


def last_day_in_force(last_day: date, signatures: Iterable[Signature], birth: date | None, law: Law) -> date:
    """Return the last day on which a release can be in force without another review. If a parent or guardian signed,
    that day is no later than the day before the person becomes an adult. This way, coming of age ends the release even
    though the database floor can't read a birth date. `birth` is the latest possible date, so the release ends once
    majority is certain. If no birth date is known, the signed last day applies."""
    if birth is None or not any(each.capacity in FOR_A_MINOR for each in signatures):
        return last_day
    return min(last_day, adult_on(birth, law) - timedelta(days=1))


def start_instant(start: date, zone: str) -> datetime:
    """Return the UTC time at which this day begins in the time zone. If clocks skip midnight, the day begins when they
    change. If midnight comes twice, the day begins at the first midnight."""
    return datetime(start.year, start.month, start.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def end_instant(last_day: date, zone: str) -> datetime:
    """Return the UTC time at which the last day ends in the owner's time zone. A release is in force strictly before
    that time."""
    return start_instant(last_day + timedelta(days=1), zone)


def default_last_day(start: date, law: Law) -> date:
    """Return the last day that a new form suggests."""
    return start + timedelta(days=law_rules.release_length(law).value.default_days)


# The form


def verdict(draft: Draft, law: Law) -> Verdict:
    """Return the strictest verdict across all of the draft's kinds and recipients."""
    found = (law_rules.may_pass(law, kind, to.facts) for to in draft.recipients for kind in sorted(draft.kinds))
    return reduce(Verdict.__and__, found, Verdict())


def statements_needed(draft: Draft, law: Law) -> Ruling[frozenset[Statement]]:
    """Return every statement that must be made and checked for these kinds and this recipient. The form shows exactly
    these statements."""
    always, extra = law_rules.statements_needed(law), verdict(draft, law)
    return Ruling(always.value | extra.statements, tuple(sorted({*always.rule_ids, *extra.rule_ids})))


def problems_on_saving(draft: Draft, law: Law, today: date) -> list[Problem]:
    """Return the reasons why a draft can't be saved."""
    return [*_recipient_problems(draft), *_scope_problems(draft, law), *_length_problems(draft, law, today)]


def _recipient_problems(draft: Draft) -> list[Problem]:
    if not draft.recipients:
        return [problem("no_recipient")]
    found = [problem("one_recipient")] if len(draft.recipients) > 1 else []
    for to in draft.recipients:
        if to.agency == EVERYONE:
            found.append(problem("blanket_recipient"))
        elif to.agreement_kinds is None:
            found.append(problem("no_agreement"))
        elif outside := draft.kinds - to.agreement_kinds - {EVERYTHING}:
            found.append(problem("outside_agreement", kinds=", ".join(sorted(outside))))
    return found


def _scope_problems(draft: Draft, law: Law) -> list[Problem]:
    found = [] if draft.purposes else [problem("no_purpose")]
    if not draft.kinds:
        found.append(problem("no_kind"))
    if EVERYTHING in draft.kinds:
        found.append(problem("blanket_kinds"))
    for kind in sorted(draft.kinds):
        one = verdict(replace(draft, kinds=frozenset({kind})), law)
        found += [problem(reason, one.rule_ids, kind=kind) for reason in sorted(one.reasons)]
    return found


def _length_problems(draft: Draft, law: Law, today: date) -> list[Problem]:
    if draft.start is None or draft.last_day is None:
        missing = {"no_start": draft.start, "no_last_day": draft.last_day}
        return [problem(code) for code, value in missing.items() if value is None]
    if draft.last_day < draft.start:
        return [problem("ends_before_start")]
    if draft.last_day < today:
        return [problem("already_past")]
    length = law_rules.release_length(law)
    # if the release starts later, still count from today, so that a late start can't extend it
    days = (draft.last_day - min(draft.start, today)).days
    if days > length.value.refuse_over_days:
        return [problem("too_long", length.rule_ids, days=length.value.refuse_over_days)]
    if days > length.value.reason_over_days and not draft.reason_for_length.strip():
        return [problem("reason_needed", length.rule_ids, days=length.value.reason_over_days)]
    return []


# Who signs


def who_signs(draft: Draft, facts: Facts, law: Law) -> Ruling[Signers] | Problem:
    """Return the signatures that this release needs and the rules that require them, or a problem if no one can sign.
    The table comes from confidentiality law (34 USC 12291(b)(2)(B)(ii); 28 CFR 90.4(b)(3)) and is kept in the law
    packs."""
    if facts.deceased:
        return problem("deceased")
    majority = law_rules.majority_age(law)
    age = facts.age
    if age is None and facts.adult is not None:
        age = majority.value if facts.adult else 0  # a minor of unknown age can't decide anything alone
    if age is None:
        return problem("age_unknown")
    minor = age < majority.value and not facts.emancipated
    situation, ids = _situation(draft, facts, law, age, minor)
    if situation is None:
        return problem("nobody_can_sign")
    need = law_rules.signers(law, situation)
    if need is None:
        return problem("nobody_can_sign")
    return Ruling(need.value, tuple(sorted({*need.rule_ids, *majority.rule_ids, *ids})))


def _situation(draft: Draft, facts: Facts, law: Law, age: int, minor: bool) -> tuple[Situation | None, tuple[str, ...]]:
    if facts.ability is Ability.CANNOT_UNDERSTAND:
        return (Situation.MINOR_UNABLE if minor else None), ()
    if facts.ability is Ability.LEGAL_INCAPACITY:
        alone = law_rules.service_alone(law, Who.WARD, age, draft.purposes)
        return (Situation.INCAPACITY_ALONE if alone.value else Situation.INCAPACITY), alone.rule_ids
    if minor:
        alone = law_rules.service_alone(law, Who.MINOR, age, draft.purposes)
        return (Situation.MINOR_ALONE if alone.value else Situation.MINOR), alone.rule_ids
    return Situation.ADULT, ()


def barred(signature: Signature, law: Law) -> bool:
    """Return whether this signer must not sign for someone else because of what they have done."""
    flags = law_rules.barred_flags(law).value
    return signature.capacity is not SignerCapacity.SELF and bool(signature.flags & flags)


def problems_with_signatures(draft: Draft, facts: Facts, law: Law, today: date) -> list[Problem]:
    """Return every problem with the signatures on a draft, including missing signatures."""
    need = who_signs(draft, facts, law)
    if isinstance(need, Problem):
        return [need]
    found = []
    if facts.ability is not Ability.FULL and not facts.ability_basis.strip():
        found.append(problem("ability_basis_missing", need.rule_ids))
    if need.value.inform_person and not facts.informed:
        found.append(problem("not_informed", need.rule_ids))
    if any(barred(each, law) for each in draft.signatures):
        found.append(problem("signer_barred", law_rules.barred_flags(law).rule_ids))
    if any(each.version != draft.version for each in draft.signatures):
        found.append(problem("signed_other_text"))
    if any(each.signed_on > today for each in draft.signatures):
        found.append(problem("signed_in_future"))
    good = [s for s in draft.signatures if s.version == draft.version and s.signed_on <= today and not barred(s, law)]
    return found + [_missing(group, need) for group in need.value.groups if not _signed(group, need.value, good)]


def _signed(group: frozenset[SignerCapacity], need: Signers, good: list[Signature]) -> bool:
    # the same person can't be both the young person and their guardian
    themselves = {s.signer for s in good if s.capacity is SignerCapacity.SELF}
    return any(
        s.capacity in group
        and (s.capacity is SignerCapacity.SELF or s.signer not in themselves)
        and (s.court_appointed or not need.court_appointed or s.capacity is SignerCapacity.SELF)
        for s in good
    )


def _missing(group: frozenset[SignerCapacity], need: Ruling[Signers]) -> Problem:
    if SignerCapacity.SELF in group:
        return problem("minor_signature_missing" if need.value.situation in MINORS else "unsigned", need.rule_ids)
    return problem(
        "court_guardian_missing" if need.value.court_appointed else "guardian_signature_missing", need.rule_ids
    )


def problems_before_signing(draft: Draft, facts: Facts, law: Law, today: date) -> list[Problem]:
    """Return what would prevent a release even if everyone who must sign did so and every statement was made. Staff see
    this before they hand over the device. `draft` has the expected signatures. What staff know about a signer is left
    out, because the signer may be looking at the screen (acceptance line 29)."""
    unmarked = tuple(replace(each, flags=frozenset()) for each in draft.signatures)
    checked = statements_needed(draft, law).value
    return problems_on_activation(replace(draft, signatures=unmarked, statements=checked), facts, law, today)


# Beginning


def _language_problems(draft: Draft, facts: Facts, law: Law) -> list[Problem]:
    found, interpreter = [], draft.interpreter
    if interpreter is not None:
        ties: Ruling[frozenset[InterpreterTie]] = law_rules.barred_ties(law)
        if interpreter.ties & ties.value:
            found.append(problem("interpreter_tied", ties.rule_ids))
        if not interpreter.promised_confidence:
            found.append(problem("interpreter_confidence", ties.rule_ids))
    if not draft.text_languages:
        return [*found, problem("no_text_language")]
    heard = draft.text_languages | ({interpreter.language} if interpreter and not found else frozenset())
    readers = [s.languages for s in draft.signatures if s.capacity is not SignerCapacity.SELF]
    need = who_signs(draft, facts, law)
    if isinstance(need, Ruling) and any(SignerCapacity.SELF in group for group in need.value.groups):
        readers.append(facts.languages)
    if not all(languages & heard for languages in readers):
        found.append(problem("language"))
    return found


def problems_on_activation(draft: Draft, facts: Facts, law: Law, today: date) -> list[Problem]:
    """Return the reasons why the release in a saved draft can't begin. It doesn't matter whether the person signed or
    declined another release."""
    if refused := problems_with_move(facts.status, Action.ACTIVATE):
        return refused
    found = problems_on_saving(draft, law, today)
    if draft.recorded_as is RecordedAs.ORAL:
        found.append(problem("oral_only", law_rules.release_needed(law).rule_ids))
    if not draft.template_version.strip():
        found.append(problem("no_template"))
    if not draft.staff_witness.strip():
        found.append(problem("no_witness"))
    needed = statements_needed(draft, law)
    for statement in sorted(needed.value - draft.statements):
        found.append(problem("statement_missing", needed.rule_ids, statement=STATEMENT_WORDS[statement]))
    found += _language_problems(draft, facts, law)
    return found + problems_with_signatures(draft, facts, law, today)


def rules_relied_on(draft: Draft, facts: Facts, law: Law) -> tuple[str, ...]:
    """Return the ids of all rules that a release is based on when it begins. The ids are stored with the release."""
    need = who_signs(draft, facts, law)
    parts = (
        law_rules.release_needed(law).rule_ids,
        law_rules.release_length(law).rule_ids,
        statements_needed(draft, law).rule_ids,
        need.rule_ids,
    )
    return tuple(sorted({each for part in parts for each in part}))


# Bases other than a release


def problems_with_official_share(ticks: frozenset[str], law: Law) -> list[Problem]:
    """Return the reasons why a systems agency can't share its own records. An agency that needs releases can't share
    this way at all."""
    need, release = law_rules.ticks_needed(law), law_rules.release_needed(law)
    if release.value or not need.value:
        return [problem("unsigned", release.rule_ids)]
    return [] if need.value <= ticks else [problem("ticks_missing", need.rule_ids)]


def problems_on_sharing_own(draft: Draft, ticks: frozenset[str], law: Law, today: date) -> list[Problem]:
    """Return every reason why a systems agency can't share its own records on these terms. Here, `reason_for_length`
    contains the reason for sharing."""
    found = problems_with_official_share(ticks, law)
    if not draft.reason_for_length.strip():
        found.append(problem("no_reason"))
    return found + problems_on_saving(draft, law, today)
