"""Sealed entries about screening: what the answers indicate, what a named person determined, and the steps that the law
or the agency requires afterward."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from accord.core.text import N_
from accord.law.codes import FirstStep, Form
from accord.law.elements import Element, Indicated
from accord.sharing.codes import Codes, Payload, entry_type, field, iso_day, one_of, text

OUTCOMES = Codes(
    {
        "sex": N_("Sex trafficking"),
        "labor": N_("Labor trafficking"),
        "both": N_("Sex and labor trafficking"),
        "other": N_("Another form of trafficking"),
        "not_indicated": N_("Not trafficking, based on what is known now"),
        "cannot_tell": N_("Can't tell, based on what is known now"),
    }
)
"""What a person can determine. None of them decides whether someone gets help."""
POSITIVE = frozenset({"sex", "labor", "both", "other"})
BASES = Codes(
    {
        "screen": N_("Answers to a screening"),
        "talk": N_("A conversation with this person"),
        "documents": N_("Documents"),
        "agency": N_("Information that another agency shared"),
        "official": N_("An official decision or letter"),
        "other": N_("Something else, described in the note"),
    }
)
UNDER_18 = Codes({"yes": N_("Yes"), "no": N_("No"), "unknown": N_("Not known")})
INDICATED = Codes(
    {
        Indicated.YES: N_("Indicated"),
        Indicated.ATTEMPT: N_("Attempt indicated"),
        Indicated.CANNOT_TELL: N_("Can't tell"),
        Indicated.NO: N_("Not indicated"),
    }
)
ELEMENTS = Codes(
    {
        Element.ACT: N_("what was done (recruiting, housing, transporting, or a similar act)"),
        Element.MEANS: N_("how it was done (force, fraud, or coercion)"),
        Element.AIM: N_("what it was for (commercial sex or work)"),
        Element.AGE: N_("the person's age when it happened"),
    }
)
FORMS = Codes({Form.SEX: N_("Sex trafficking"), Form.LABOR: N_("Labor trafficking"), Form.ANY: N_("Any form")})
STEPS = Codes(
    {
        "child_protection": N_("Report to child protection"),
        "police": N_("Report to police"),
        "hhs": N_("Notify the U.S. Department of Health and Human Services"),
        "ncmec": N_("Report to the National Center for Missing and Exploited Children"),
        FirstStep.CHILD_PROGRAM: N_("Refer to a children's program"),
    }
)
"""Steps after a screen: a report to an authority, or a `FirstStep`."""
CLOSINGS = Codes({"done": N_("Done"), "not_needed": N_("Not needed")})
TOOLS = Codes(
    {
        "adult-screen": N_("Accord's adult screening"),
        "youth-screen": N_("Accord's youth screening"),
        "ahtst": N_("Adult Human Trafficking Screening Tool"),
        "tvit": N_("Trafficking Victim Identification Tool (long or short)"),
        "htst": N_("Human Trafficking Screening Tool (long or short)"),
        "qyit": N_("Quick Youth Indicators for Trafficking"),
        "pearr": N_("PEARR Tool"),
        "cse-it": N_("Commercial Sexual Exploitation Identification Tool"),
        "other": N_("Another form"),
    }
)
"""Screening forms by which screens are counted. Licensed forms are not in Accord, but their results can be recorded."""
RESULTS = Codes(
    {
        "positive": N_("Positive: trafficking is indicated"),
        "unclear": N_("Unclear"),
        "negative": N_("Negative: trafficking is not indicated"),
        "declined": N_("This person chose not to answer"),
    }
)


def triples(value: Any) -> tuple[tuple[str, str, str], ...]:
    """Return the triples of text in a sealed value. Anything else is left out."""
    found = [each for each in value if isinstance(each, tuple) and len(each) == 3] if isinstance(value, tuple) else []
    return tuple((text(one), text(two), text(three)) for one, two, three in found)


def moment_text(value: Any) -> str:
    """Return a moment in UTC in ISO format, such as 2026-06-01T15:00:00+00:00, or empty text."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return ""
    return found.isoformat() if found.tzinfo else ""


@entry_type("screen_result", kind="screening")
@dataclass(frozen=True)
class ScreenResult(Payload):
    """The result of a screen, and what the answers indicate under each definition of the agency's law. It is not a
    determination.

    `found` is computed. Each item holds a rule, a result, and the missing elements (separated by spaces).
    """

    tool: str = field(N_("Form"), reads=one_of(TOOLS))
    title: str = field(N_("Form title"))
    answers: str = field(N_("Entry with the answers"))
    day: str = field(N_("Date"), reads=iso_day)
    result: str = field(N_("Result"), sensitive=True, reads=one_of(RESULTS))
    found: tuple[tuple[str, str, str], ...] = field(
        N_("What the answers indicate"), sensitive=True, default=(), reads=triples
    )
    crossed: str = field(N_("Points to smuggling"), sensitive=True, reads=one_of(UNDER_18))

    def shown(self) -> dict[str, Any]:
        """Return the fields that other programs may read: not the entry's id, because two agencies could match records
        with it."""
        return {name: value for name, value in asdict(self).items() if name != "answers"}


@entry_type("determination", kind="screening")
@dataclass(frozen=True)
class Determination(Payload):
    """What a named person determined, when, and on what basis. It may differ from every computed result."""

    outcome: str = field(N_("Determination"), sensitive=True, reads=one_of(OUTCOMES))
    day: str = field(N_("Date"), reads=iso_day)
    basis: str = field(N_("Basis"), sensitive=True, reads=one_of(BASES))
    note: str = field(N_("Note"), sensitive=True)
    under_18: str = field(N_("Under 18 on this date"), sensitive=True, default="unknown", reads=one_of(UNDER_18))
    by: str = field(N_("Determined by"))


@entry_type("screening_step", kind="screening")
@dataclass(frozen=True)
class ScreeningStep(Payload):
    """A step that a rule requires after a screen, by a certain moment, and how it ended."""

    step: str = field(N_("What"), sensitive=True, reads=one_of(STEPS))
    rule: str = field(N_("Rule"))
    due: str = field(N_("Due"), reads=moment_text)
    closed: str = field(N_("Status"), reads=one_of(CLOSINGS))
    closed_on: str = field(N_("Date"), reads=iso_day)
    note: str = field(N_("Note"), sensitive=True)
