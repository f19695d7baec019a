"""Answers from the law packs about an agency, a person, or an item. All functions are pure, with the day as a
parameter.

If several rules apply to a question, the strictest one decides, and the answer lists every rule that applied.
`ServiceAlone` and `Report` grant something. The first `Signers` or `Compelled` rule also allows something, and each
additional rule only narrows it. `Majority` moves people from one row of the signing table to another. Every other
effect can only restrict.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Generic, TypeVar

from accord.law.codes import (
    InterpreterTie,
    Label,
    Process,
    Purpose,
    Regime,
    Side,
    SignerFlag,
    Situation,
    Statement,
    Trait,
    Who,
)
from accord.law.packs import (
    AdvocatePrivilege,
    BarredInterpreters,
    BarredSigners,
    Binds,
    Compelled,
    Effect,
    ExtraConsent,
    HandOff,
    Majority,
    NeverShared,
    OnlyTo,
    Pack,
    ReleaseContent,
    ReleaseLength,
    ReleaseNeeded,
    Report,
    Rule,
    ServiceAlone,
    Signers,
    Step,
    Threshold,
    Ticks,
    builtin,
)

T = TypeVar("T")
E = TypeVar("E", bound=Effect)

VICTIM_CONFIDENTIALITY = frozenset({Regime.VAWA, Regime.VOCA, Regime.FVPSA, Regime.BASELINE})
EVERYWHERE = "*"
OWN_LENGTH = "agency.release-length"


@dataclass(frozen=True, kw_only=True)
class AgencyFacts:
    """The facts about an agency that the law packs use. `own_length`, the agency's own limit, can only be shorter than
    the law's."""

    side: Side
    traits: frozenset[Trait] = frozenset()
    jurisdictions: frozenset[str] = frozenset()
    own_length: ReleaseLength | None = None


@dataclass(frozen=True)
class Ruling(Generic[T]):
    """An answer, with the sorted ids of all the rules it is based on."""

    value: T
    rule_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Law:
    """The rules in force for one agency on one day."""

    agency: AgencyFacts
    today: date
    regimes: frozenset[Regime]
    rules: tuple[Rule, ...]

    def of(self, effect: type[E]) -> list[tuple[str, E]]:
        """Return the rules with this effect, as (id, effect) pairs."""
        return [(rule.id, rule.effect) for rule in self.rules if isinstance(rule.effect, effect)]


def law_for(agency: AgencyFacts, today: date, packs: Iterable[Pack] | None = None) -> Law:
    """Return an agency's law on a day: the rules in force from its packs for its regimes, and its own release limit."""
    reached = [
        rule
        for pack in (builtin() if packs is None else packs)
        if pack.jurisdiction == EVERYWHERE or pack.jurisdiction in agency.jurisdictions
        for rule in pack.rules
        if rule.in_force(today)
    ]
    bound = frozenset(r.effect.regime for r in reached if isinstance(r.effect, Binds) and _binds(r.effect, agency))
    kept = [
        rule
        for rule in reached
        if (_binds(rule.effect, agency) if isinstance(rule.effect, Binds) else not rule.regimes or rule.regimes & bound)
    ]
    if agency.own_length:
        words = "The agency's own limit for a release."
        kept.append(Rule(id=OWN_LENGTH, words=words, source="the agency", start=today, effect=agency.own_length))
    return Law(agency=agency, today=today, regimes=bound, rules=tuple(sorted(kept, key=lambda rule: rule.id)))


def _binds(effect: Binds, agency: AgencyFacts) -> bool:
    return agency.side in effect.sides and (not effect.traits or bool(effect.traits & agency.traits))


def regimes(law: Law) -> Ruling[frozenset[Regime]]:
    """Return the regimes that bind the agency, with their rules."""
    return Ruling(law.regimes, tuple(rule_id for rule_id, _ in law.of(Binds)))


def covered(law: Law) -> bool:
    """Return True if one of the victim confidentiality regimes binds the agency."""
    return bool(law.regimes & VICTIM_CONFIDENTIALITY)


def release_needed(law: Law) -> Ruling[bool]:
    """Return True if nothing may leave without a release, a statute, or a judge's order."""
    ids = tuple(rule_id for rule_id, _ in law.of(ReleaseNeeded))
    return Ruling(bool(ids), ids)


def ticks_needed(law: Law) -> Ruling[frozenset[str]]:
    """Return the boxes an officer must check before a systems-based agency shares its own information."""
    found = law.of(Ticks)
    return Ruling(frozenset().union(*(e.ticks for _, e in found)), tuple(rule_id for rule_id, _ in found))


def release_length(law: Law) -> Ruling[ReleaseLength]:
    """For each release length, return the shortest value that any rule or the agency itself sets. Raises LookupError if
    no pack sets one.
    """
    found = law.of(ReleaseLength)
    if not found:
        raise LookupError("no law pack sets the length of a release")
    refuse = min(e.refuse_over_days for _, e in found)
    reason = min(refuse, *(e.reason_over_days for _, e in found))
    default = min(reason, *(e.default_days for _, e in found))
    shortest = ReleaseLength(default_days=default, reason_over_days=reason, refuse_over_days=refuse)
    return Ruling(shortest, tuple(rule_id for rule_id, _ in found))


def statements_needed(law: Law) -> Ruling[frozenset[Statement]]:
    """Return the statements that must be made to the person before any of this agency's releases is signed."""
    found = law.of(ReleaseContent)
    return Ruling(frozenset().union(*(e.statements for _, e in found)), tuple(rule_id for rule_id, _ in found))


def signers(law: Law, situation: Situation) -> Ruling[Signers] | None:
    """Return who signs in this situation: every group that any rule requires. Return None if no rule lets anyone
    sign."""
    found = [(rule_id, e) for rule_id, e in law.of(Signers) if e.situation is situation]
    if not found:
        return None
    groups = tuple(sorted({group for _, e in found for group in e.groups}, key=sorted))
    need = Signers(
        situation=situation,
        groups=groups,
        court_appointed=any(e.court_appointed for _, e in found),
        inform_person=any(e.inform_person for _, e in found),
    )
    return Ruling(need, tuple(rule_id for rule_id, _ in found))


def barred_flags(law: Law) -> Ruling[frozenset[SignerFlag]]:
    """Return the flags that bar someone from signing for another person."""
    found = law.of(BarredSigners)
    return Ruling(frozenset().union(*(e.flags for _, e in found)), tuple(rule_id for rule_id, _ in found))


def barred_ties(law: Law) -> Ruling[frozenset[InterpreterTie]]:
    """Return the ties that bar someone from interpreting."""
    found = law.of(BarredInterpreters)
    return Ruling(frozenset().union(*(e.ties for _, e in found)), tuple(rule_id for rule_id, _ in found))


def majority_age(law: Law) -> Ruling[int]:
    """Return the age of majority in years, which is the highest that any rule sets. Raises LookupError."""
    found = law.of(Majority)
    if not found:
        raise LookupError("no law pack sets the age of majority")
    return Ruling(max(e.age for _, e in found), tuple(rule_id for rule_id, _ in found))


def service_alone(law: Law, who: Who, age: int, purposes: frozenset[Purpose]) -> Ruling[bool]:
    """Decide whether the law lets a minor or a ward receive all the services for these purposes alone.

    For each purpose, one law that grants this is enough (28 CFR 90.4(b): "permitted by law to receive services without
    the parent's or guardian's consent"). Every purpose of the release needs a law like this.
    """
    found = [(i, e) for i, e in law.of(ServiceAlone) if e.who is who and age >= e.from_age and e.purposes & purposes]
    granted = frozenset().union(*(e.purposes for _, e in found))
    if not purposes or not purposes <= granted:
        return Ruling(False, ())
    return Ruling(True, tuple(rule_id for rule_id, _ in found))


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether an item may go to a recipient, and what else must be said or sent with it.

    `a & b` is the stricter of the two. It allows something only if both do, requires everything that either one
    requires, and has the ids of both.
    """

    allowed: bool = True
    reasons: frozenset[str] = frozenset()
    statements: frozenset[Statement] = frozenset()
    travels_with: frozenset[str] = frozenset()
    rule_ids: tuple[str, ...] = ()

    def __and__(self, other: Verdict) -> Verdict:
        return Verdict(
            allowed=self.allowed and other.allowed,
            reasons=self.reasons | other.reasons,
            statements=self.statements | other.statements,
            travels_with=self.travels_with | other.travels_with,
            rule_ids=tuple(sorted({*self.rule_ids, *other.rule_ids})),
        )


def _verdict(rule: Rule, law: Law, kind: str, labels: frozenset[Label], to: AgencyFacts) -> Verdict | None:
    """Return one rule's verdict on this item, or None if the rule says nothing about it."""
    effect, ids = rule.effect, (rule.id,)
    if isinstance(effect, NeverShared) and (kind in effect.kinds or labels & effect.labels):
        if effect.unless_trait is None or effect.unless_trait not in law.agency.traits:
            return Verdict(allowed=False, reasons=frozenset({"never_shared"}), rule_ids=ids)
    elif isinstance(effect, OnlyTo) and kind in effect.kinds:
        allowed = bool(effect.traits & to.traits)
        return Verdict(allowed=allowed, reasons=frozenset() if allowed else frozenset({"only_to"}), rule_ids=ids)
    elif isinstance(effect, ExtraConsent) and kind in effect.kinds and to.side in effect.to_sides:
        return Verdict(statements=effect.statements, travels_with=effect.travels_with, rule_ids=ids)
    return None


def may_pass(law: Law, kind: str, to: AgencyFacts, labels: frozenset[Label] = frozenset()) -> Verdict:
    """Decide whether an item of this kind with these labels may go to this recipient, given a release or other
    basis."""
    found = (_verdict(rule, law, kind, labels, to) for rule in law.rules)
    return reduce(Verdict.__and__, (one for one in found if one is not None), Verdict())


def privileged(law: Law, role: str, hours: int, *, supervised: bool) -> Ruling[AdvocatePrivilege | None]:
    """Decide whether communication with someone in this role, with this training on file, is privileged under the
    agency's law.

    The privilege depends on the state, the role, and the training together, never on the agency.
    """
    if law.agency.side is Side.SYSTEMS:
        return Ruling(None, ())
    for rule_id, effect in law.of(AdvocatePrivilege):
        if role in effect.roles and hours >= effect.hours and (supervised or not effect.supervised):
            return Ruling(effect, (rule_id,))
    return Ruling(None, ())


def threshold(law: Law) -> Ruling[int]:
    """Return the smallest count above zero that may be shown, which is the highest threshold that any rule sets. Raises
    LookupError."""
    found = law.of(Threshold)
    if not found:
        raise LookupError("no law pack sets a suppression threshold")
    return Ruling(max(e.smallest for _, e in found), tuple(rule_id for rule_id, _ in found))


def accepted_processes(law: Law) -> Ruling[frozenset[Process]]:
    """Return the legal documents that compel a disclosure because every rule accepts them. If there is no rule, no
    document compels a disclosure."""
    found = law.of(Compelled)
    if not found:
        return Ruling(frozenset(), ())
    return Ruling(frozenset.intersection(*(e.accepts for _, e in found)), tuple(rule_id for rule_id, _ in found))


def compels(law: Law, process: str | None) -> bool | None:
    """Decide whether this legal document can compel a disclosure. Return None if no loaded rule covers it.

    If the answer is None, no page may claim that the document can't compel a disclosure.
    """
    accepted = accepted_processes(law)
    return process in accepted.value if accepted.rule_ids else None


def report(law: Law, rule_id: str) -> Report | None:
    """Return the report that this rule requires or permits this agency to make, or None."""
    for found, effect in law.of(Report):
        if found == rule_id and (not effect.traits or effect.traits & law.agency.traits):
            return effect
    return None


def hands_off(law: Law, roles: Collection[str]) -> Ruling[bool]:
    """Decide whether someone with these roles at this agency hands a screening off to another agency."""
    ids = [
        rule_id for rule_id, effect in law.of(HandOff) if effect.traits & law.agency.traits or effect.roles & set(roles)
    ]
    return Ruling(bool(ids), tuple(ids))


def due_after_screening(law: Law, age: int | None) -> list[tuple[str, Report | Step]]:
    """Return the reports and steps that this agency must take when a screen indicates that a person of this age was
    trafficked. If the age is not known, only what is due at every age is returned."""
    found: list[tuple[str, Report | Step]] = [
        (rule_id, effect)
        for rule_id, effect in law.of(Report)
        if effect.required and effect.after_screening and (not effect.traits or effect.traits & law.agency.traits)
    ]
    found += law.of(Step)
    return [
        (rule_id, effect)
        for rule_id, effect in found
        if not effect.under_age or (age is not None and age < effect.under_age)
    ]
