"""Turn answers into what they indicate, and decide which steps follow. Pure: no Django, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accord.law import elements
from accord.law.codes import Aim
from accord.law.elements import EVERY, Event, Indicated, Said
from accord.law.packs import Report
from accord.law.rules import Law, due_after_screening
from accord.screening.codes import ScreenResult

LABOR = frozenset({Aim.FORCED_LABOR, Aim.SERVITUDE, Aim.PEONAGE, Aim.DEBT_BONDAGE, Aim.SLAVERY})
SEX = frozenset({Aim.COMMERCIAL_SEX, Aim.SEXUAL_EXPLOITATION})
CHILD = 17  # counted as this old if a colleague says under 18
_RESULTS = {
    Indicated.YES: "positive",
    Indicated.ATTEMPT: "positive",
    Indicated.CANNOT_TELL: "unclear",
    Indicated.NO: "negative",
}


def _as_a_whole(answer: bool | None) -> Said:
    every = frozenset({EVERY})
    return Said() if answer is None else Said(yes=every) if answer else Said(no=every)


def _aim(answer: bool | None, codes: frozenset[Aim]) -> Said:
    """Return an answer about one kind of exploitation. Every other kind belongs to another event."""
    others = frozenset(Aim) - codes
    return Said(yes=codes, no=others) if answer else Said(no=others if answer is None else others | codes)


def events(answers: Mapping[str, bool | None]) -> list[Event]:
    """Return the commercial sex and the work that someone was asked about, as two events that are judged separately.

    `answers` has `act`, `means`, `sex`, `labor`, `under18`, and `attempt`. An answer can also be given for one event
    alone, such as `means_labor`.
    """
    found = []
    for about, codes in (("sex", SEX), ("labor", LABOR)):
        act, means, child = (answers.get(f"{name}_{about}", answers.get(name)) for name in ("act", "means", "under18"))
        found.append(
            Event(
                act=_as_a_whole(act),
                means=_as_a_whole(means),
                aim=_aim(answers.get(about), codes),
                under_18=child,
                attempted=answers.get("attempt") is True,
            )
        )
    return found


def computed(law: Law, answers: Mapping[str, bool | None]) -> tuple[tuple[str, str, str], ...]:
    """Return what the answers indicate under each definition of this law: rule, result, and missing elements."""
    found = elements.findings(law, events(answers))
    return tuple((each.rule_id, each.result.indicated, " ".join(sorted(each.result.missing))) for each in found)


def result_of(found: Sequence[tuple[str, str, str]]) -> str:
    """Return the result of a screen whose answers indicate this."""
    order = list(Indicated)
    known = [Indicated(result) for _rule, result, _missing in found if result in order]
    return _RESULTS[max(known, key=order.index, default=Indicated.CANNOT_TELL)]


def is_positive(screen: ScreenResult) -> bool:
    """Return whether a screen, or its computed result, indicates trafficking."""
    return screen.result == "positive" or (screen.result != "declined" and result_of(screen.found) == "positive")


def age_for_steps(most: int | None, *, now: str = "unknown", then: str = "unknown") -> int | None:
    """Return the age that determines which steps follow: the highest possible age, but under 18 if a colleague said so.

    `now` and `then` say whether the person is under 18 now, and was when it happened. The second counts only if no age is
    recorded. A step that was opened by mistake can be closed, but a child's step that never opened is missed.
    """
    if now == "yes":
        return CHILD if most is None else min(most, CHILD)
    return CHILD if most is None and then == "yes" else most


def steps(law: Law, age: int | None) -> list[tuple[str, str, int]]:
    """Return what must follow a positive screen, as rule, step, and hours."""
    found = []
    for rule_id, effect in due_after_screening(law, age):
        names = sorted(effect.to) if isinstance(effect, Report) else [effect.step]
        found += [(rule_id, name, effect.within_hours) for name in names]
    return found
