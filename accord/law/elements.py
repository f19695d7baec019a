"""Compare answers with a law's definition of trafficking: an act, a means, and a purpose. All functions are pure.

A result says only what the answers indicate. It is not a finding, and no help depends on it. A missing answer leaves
the result open, unless the known answers already decide it. The table is docs/reference/specs/elements.md.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from accord.law.codes import Form
from accord.law.packs import Definition, Smuggling
from accord.law.rules import Law, Ruling

EVERY = "*"


class Indicated(StrEnum):
    """What the answers indicate, from the weakest to the strongest."""

    NO = "no"
    CANNOT_TELL = "cannot_tell"
    ATTEMPT = "attempt"
    YES = "yes"


class Element(StrEnum):
    """Something that a definition asks about."""

    ACT = "act"
    MEANS = "means"
    AIM = "aim"
    AGE = "age"


@dataclass(frozen=True)
class Said:
    """The codes that were answered yes or no. All other codes have no answer. `EVERY` stands for every code, because many
    forms ask about an element only as a whole."""

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()

    def any_of(self, codes: Collection[str]) -> bool | None:
        """Return whether one of these codes was answered yes, or None if that isn't known."""
        if EVERY in self.yes or self.yes & set(codes):
            return True
        return False if EVERY in self.no or set(codes) <= self.no else None

    def listed_in(self, codes: Collection[str]) -> bool | None:
        """Do what `any_of` does, but return None if something happened that is not on this law's list. Whether the list
        covers it is a question for an attorney."""
        found = self.any_of(codes)
        return None if found is False and self.yes else found


@dataclass(frozen=True, kw_only=True)
class Event:
    """The answers about one thing that happened. Each event is judged separately.

    `under_18` is about the day it happened. The 18th birthday is not under 18 (22 USC 7102(11)(A), and Article 3(d) of
    the UN Protocol).
    """

    act: Said = field(default=Said())
    means: Said = field(default=Said())
    aim: Said = field(default=Said())
    under_18: bool | None = None
    attempted: bool = False


@dataclass(frozen=True)
class Result:
    """What one event indicates under one definition. `missing` lists the elements that would decide it."""

    indicated: Indicated
    missing: frozenset[Element] = frozenset()


@dataclass(frozen=True)
class Finding:
    """What all events together indicate under one rule of a pack."""

    rule_id: str
    form: Form
    result: Result


def judge(definition: Definition, event: Event) -> Result:
    """Return what an event indicates under a definition."""
    act, aim = event.act.listed_in(definition.acts), event.aim.any_of(definition.aims)
    means = event.means.listed_in(definition.means)
    child = event.under_18 if definition.child_needs_no_means else False
    whole = _all(act, _either(means, child), aim)
    if whole is not None:
        return Result((Indicated.ATTEMPT if event.attempted else Indicated.YES) if whole else Indicated.NO)
    known = {Element.ACT: act, Element.MEANS: means, Element.AIM: aim, Element.AGE: child}
    if _either(means, child):
        known = {element: known[element] for element in (Element.ACT, Element.AIM)}
    return Result(Indicated.CANNOT_TELL, frozenset(element for element, answer in known.items() if answer is None))


def _all(*answers: bool | None) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _either(*answers: bool | None) -> bool | None:
    if True in answers:
        return True
    return None if None in answers else False


def findings(law: Law, events: Sequence[Event]) -> tuple[Finding, ...]:
    """Return, for each definition in an agency's law, the strongest result of any event."""
    return tuple(
        Finding(rule_id, definition.form, _strongest([judge(definition, event) for event in events]))
        for rule_id, definition in law.of(Definition)
    )


def _strongest(results: Sequence[Result]) -> Result:
    order = list(Indicated)
    return max(results, key=lambda result: order.index(result.indicated), default=Result(Indicated.CANNOT_TELL))


def strongest(found: Sequence[Finding], form: Form | None = None) -> Result:
    """Return the strongest result under the definitions that cover a form of trafficking, or under any definition."""
    return _strongest([each.result for each in found if form in (None, each.form)])


def smuggling(law: Law, crossed: bool | None) -> Ruling[bool | None]:
    """Return whether the answers point to smuggling. This never changes what they indicate about trafficking."""
    ids = tuple(rule_id for rule_id, _ in law.of(Smuggling))
    return Ruling(crossed if ids else None, ids)
