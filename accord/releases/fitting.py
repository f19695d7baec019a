"""Pure functions that choose the purposes, kinds of information, and last days to offer on a release form.

Nothing here allows sharing. `rules.py` decides what may be shared. This module decides only what a form for one partner
offers first, what it shows behind a button, and what it leaves out because the rules would refuse it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accord.access.codes import KINDS, ROLES
from accord.core.text import N_
from accord.law import rules as law_rules
from accord.law.codes import Purpose, Trait
from accord.law.packs import ReleaseLength
from accord.law.rules import AgencyFacts, Law

WORK: dict[Trait, tuple[Purpose, ...]] = {
    Trait.LAW_PRACTICE: (Purpose.LEGAL_HELP, Purpose.COMPENSATION, Purpose.BENEFITS),
    Trait.HEALTH_PROVIDER: (Purpose.HEALTH_CARE, Purpose.COUNSELLING),
    Trait.SUBSTANCE_USE_PROGRAMME: (Purpose.SUBSTANCE_USE_CARE, Purpose.COUNSELLING),
    Trait.SCHOOL: (Purpose.SCHOOL_AND_WORK,),
    Trait.POLICE: (Purpose.INVESTIGATION, Purpose.SAFETY_PLANNING),
    Trait.PROSECUTOR: (Purpose.PROSECUTION, Purpose.COMPENSATION, Purpose.SAFETY_PLANNING),
    Trait.PROBATION: (Purpose.SAFETY_PLANNING,),
    Trait.CHILD_PROTECTION: (Purpose.CHILD_PROTECTION,),
    Trait.JUVENILE_COURT: (Purpose.CHILD_PROTECTION,),
}
"""The purposes of each kind of agency, with the main purpose first."""
HELP = (
    *(Purpose.HOUSING, Purpose.SAFETY_PLANNING, Purpose.CASE_COORDINATION),
    *(Purpose.COUNSELLING, Purpose.BENEFITS),
)
"""The purposes of every other agency that helps people."""
ONE_SERVICE = frozenset({Trait.LAW_PRACTICE, Trait.HEALTH_PROVIDER, Trait.SUBSTANCE_USE_PROGRAMME, Trait.SCHOOL})
"""Agencies that people go to for one purpose, which the form fills in. The form never fills in a purpose for police,
prosecution, or child protection, because the person chooses what those agencies may use information for."""

SENSITIVE = {
    "exploitation": N_("This information can label a person for years. Share it only if this service depends on it."),
    "screening": N_("Answers often reveal more than this partner needs to know."),
    "notes.case": N_(
        "Notes contain the person's own words and other people's names. A court could ask for these notes."
    ),
    "health": N_("People who receive health information may share it with others."),
    "substance_use": N_("This information can affect custody, work and housing. It requires separate consent."),
    "immigration": N_(
        "If this information reaches the wrong agency, it can be used against the person. Talk about it separately."
    ),
    "justice": N_("This information can become evidence, and the defense may be able to read it."),
    "education": N_("This information may show schools, parents or guardians where the person is."),
    "juvenile": N_("Juvenile court records are confidential. Only some agencies may receive them."),
}
"""Kinds that the form shows separately, each with the risk of sharing it. They are never preselected."""


@dataclass(frozen=True)
class Fit:
    """What the form for one partner offers. `first` and `others` are purposes that at least one role at the partner can
    have. `usual` is the purpose that is filled in, or None. The law allows `kinds` and `sensitive` to be shared with
    this partner. The agreement covers `barred` kinds, but the law does not let this partner receive them."""

    first: tuple[Purpose, ...]
    others: tuple[Purpose, ...]
    usual: Purpose | None
    kinds: tuple[str, ...]
    sensitive: tuple[str, ...]
    barred: tuple[str, ...]


def fit(*, kind: str, to: AgencyFacts, agreed: Iterable[str], opens: frozenset[str], law: Law) -> Fit:
    """Return what the form offers for a partner of this kind. `agreed` contains the kinds that an agreement covers, and
    `opens` the kinds that the actor's role can open. `law` is the law that binds the sharing agency."""
    possible = {code for role in ROLES.values() if kind in role.within for code in role.purposes}
    mine = [purpose for trait, work in WORK.items() if trait in to.traits for purpose in work] or list(HELP)
    first = tuple(dict.fromkeys(purpose for purpose in mine if purpose.value in possible))
    others = tuple(purpose for purpose in Purpose if purpose.value in possible and purpose not in first)
    known = [code for code in KINDS if code in agreed and code in opens]
    passing = [code for code in known if law_rules.may_pass(law, code, to).allowed]
    return Fit(
        first=first,
        others=others,
        usual=_usual(to, first),
        kinds=tuple(code for code in passing if code not in SENSITIVE),
        sensitive=tuple(code for code in passing if code in SENSITIVE),
        barred=tuple(code for code in known if code not in passing),
    )


def _usual(to: AgencyFacts, first: tuple[Purpose, ...]) -> Purpose | None:
    """Return the one purpose that people go to this partner for, or None if there are several."""
    if set(WORK) & to.traits and len(ONE_SERVICE & to.traits) == len(set(WORK) & to.traits) == 1:
        return first[0] if first else None
    return None


def last_days(today: date, length: ReleaseLength, until: date | None) -> tuple[date, ...]:
    """Return the last days that the form offers, earliest first and none later than `until`. The days come from the
    law's usual length, the longest length that needs no reason, and the midpoint between them. `until` is the last day
    that the agreement covers without another review. It replaces any later day."""
    middle = (length.default_days + length.reason_over_days + 1) // 2
    days = [today + timedelta(days=n) for n in (length.default_days, middle, length.reason_over_days)]
    if until is not None:
        days = [min(day, until) for day in days]
    return tuple(dict.fromkeys(day for day in days if day >= today))
