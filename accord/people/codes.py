"""Entry types for identity and safe contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accord.core.text import LANGUAGES, N_
from accord.people.rules import Ages, age_on, born_for_age
from accord.sharing.codes import Codes, Payload, calendar_year, entry_type, field, iso_day, one_of, whole_years

CONTACT_METHODS = Codes(
    {
        "text": N_("Text message"),
        "call": N_("Phone call"),
        "email": N_("Email"),
        "person": N_("In person only"),
        "through": N_("Through someone they trust"),
        "none": N_("No safe way right now"),
    }
)


@entry_type("name", kind="identity.name")
@dataclass(frozen=True)
class PersonName(Payload):
    """The names a person uses, and their pronouns."""

    used: str = field(N_("Name they go by"))
    others: str = field(N_("Other names"), sensitive=True)
    pronouns: str = field(N_("Pronouns"), sensitive=True)


@entry_type("birth", kind="identity.birth")
@dataclass(frozen=True)
class Birth(Payload):
    """An age, given as a date of birth, a year of birth, or a number of years with the date when it was given. Each
    field is optional."""

    date: str = field(N_("Date of birth"), sensitive=True, reads=iso_day)
    years: str = field(N_("Age in years"), sensitive=True, reads=whole_years)
    year: str = field(N_("Year of birth"), sensitive=True, reads=calendar_year)
    said_on: str = field(N_("Date the age was given"), sensitive=True, reads=iso_day)


def born_between(birth: Birth) -> tuple[date, date] | None:
    """Return the first and last possible dates of birth, or None if nothing is known."""
    if birth.date:
        day = date.fromisoformat(birth.date)
        return day, day
    if birth.year:
        return date(int(birth.year), 1, 1), date(int(birth.year), 12, 31)
    if birth.years and birth.said_on:
        return born_for_age(int(birth.years), date.fromisoformat(birth.said_on))
    return None


def ages_of(birth: Birth, today: date) -> Ages | None:
    """Return the lowest and highest possible ages today, or None if nothing is known."""
    between = born_between(birth)
    return Ages(age_on(between[1], today), age_on(between[0], today)) if between else None


@entry_type("safe_contact", kind="contact.safe")
@dataclass(frozen=True)
class SafeContact(Payload):
    """The ways to reach a person without putting them in danger. Staff recheck the contact regularly, because an
    outdated number can get someone killed. A warning in `never` applies no matter what the other fields say, until
    someone clears it."""

    method: str = field(N_("Contact method"), reads=one_of(CONTACT_METHODS))
    address: str = field(N_("Number or address"), sensitive=True)
    when: str = field(N_("When"))
    never: str = field(N_("Never do this"))
    language: str = field(N_("Preferred language"), reads=one_of(Codes(LANGUAGES)))
    checked_on: str = field(N_("Asked on"), reads=iso_day)
