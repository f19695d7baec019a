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
ORGANS = frozenset({Aim.ORGANS})
CHILD = 17  # the highest age of a child, and the age that counts if a colleague says under 18
_RESULTS = {
    Indicated.YES: "positive",
    Indicated.ATTEMPT: "positive",
    Indicated.CANNOT_TELL: "unclear",
    Indicated.NO: "negative",
}


_YES = frozenset({"yes", "true", "1", "ok", "1.0"})
_OPEN = frozenset({"", "unknown", "unsure", "dont_know", "not_asked", "declined", "prefer_not"})


def answers_in(rows: Sequence[Mapping[str, str]], values: Mapping[str, str]) -> dict[str, bool | None]:
    """Return the answer for each element that a form's `elements` sheet names, from the form's values by place, such as
    `/data/home/hurt`. A question in a repeat has several values.

    An element is answered yes if one of its rows has the row's value (any yes, if the row has none). Otherwise it has no
    answer if one of its questions was skipped or is unsure, and is answered no if all of them have another answer.
    """
    by_name: dict[str, list[str]] = {}
    for place, value in values.items():
        by_name.setdefault(place.rpartition("/")[2], []).append(value.strip())
    found: dict[str, bool | None] = {}
    for row in rows:
        element = row["element"].strip().lower()
        told = [_matches(given, row.get("value", "").strip()) for given in by_name.get(row["name"], [""])]
        both = [*told, found.get(element, False)]
        found[element] = True if True in both else None if None in both else False
    return found


def _matches(given: str, wanted: str) -> bool | None:
    if wanted in given.split() if wanted else given.lower() in _YES:
        return True
    return None if given.lower() in _OPEN else False


def _said(answers: Mapping[str, bool | None], element: str, about: str) -> Said:
    """Return what was answered about an element: as a whole, and for single codes such as `means:vulnerability`."""
    whole = answers.get(f"{element}_{about}", answers.get(element))
    codes = {name.partition(":")[2]: answer for name, answer in answers.items() if name.startswith(f"{element}:")}
    every = frozenset({EVERY})
    return Said(
        yes=(every if whole else frozenset()) | {code for code, answer in codes.items() if answer},
        no=(every if whole is False else frozenset()) | {code for code, answer in codes.items() if answer is False},
    )


def _aim(answer: bool | None, codes: frozenset[Aim]) -> Said:
    """Return an answer about one kind of exploitation. Every other kind belongs to another event."""
    others = frozenset(Aim) - codes
    return Said(yes=codes, no=others) if answer else Said(no=others if answer is None else others | codes)


def events(answers: Mapping[str, bool | None]) -> list[Event]:
    """Return the kinds of exploitation that someone was asked about, as events that are judged separately.

    `answers` has `act`, `means`, `sex`, `labor`, `organs`, `under18`, and `attempt`. An answer can also be given for one
    event alone, such as `means_labor`, or for a code of the law packs, such as `means:vulnerability`.
    """
    asked = [("sex", SEX), ("labor", LABOR), *([("organs", ORGANS)] if "organs" in answers else [])]
    return [
        Event(
            act=_said(answers, "act", about),
            means=_said(answers, "means", about),
            aim=_aim(answers.get(about), codes),
            under_18=answers.get(f"under18_{about}", answers.get("under18")),
            attempted=answers.get("attempt") is True,
        )
        for about, codes in asked
    ]


def with_age(answers: Mapping[str, bool | None], most: int | None) -> dict[str, bool | None]:
    """Return the answers with what the recorded age adds: someone who is under 18 now was under 18 when it happened."""
    if most is None or most > CHILD:
        return dict(answers)
    asked = ("under18", *(name for name in answers if name.startswith("under18")))
    return {**answers, **{name: True for name in asked if answers.get(name) is None}}


def crossing(answers: Mapping[str, bool | None]) -> str:
    """Return whether the answers point to smuggling, as a code of `UNDER_18`. Empty if they say nothing about it."""
    told = [answers[name] for name in ("crossing", "crossing_only") if name in answers]
    if not told:
        return ""
    return "yes" if True in told else "unknown" if None in told else "no"


def declined(marks: Sequence[tuple[str, str]]) -> bool:
    """Return whether someone chose not to answer a whole form. `marks` has the answer and the mark of each question."""
    return any(mark == "declined" for _answer, mark in marks) and not any(answer and not mark for answer, mark in marks)


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
