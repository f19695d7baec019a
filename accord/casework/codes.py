"""Needs and services, in codes that count alike everywhere.

Service categories follow the list of the US Office on Trafficking in Persons (information collections 0970-0467 and
0970-0542, public) and OVC's victim-services measures; names are ours.
"""

from __future__ import annotations

from accord.core.text import N_
from accord.sharing.codes import entry_type, field

CATEGORIES = {
    "safety": N_("Safety planning"),
    "housing": N_("A safe place to live"),
    "basic": N_("Food, clothes, everyday things"),
    "crisis": N_("Help in a crisis"),
    "case_management": N_("Case management"),
    "advocacy": N_("Someone at her side"),
    "legal_immigration": N_("Legal help: papers and status"),
    "legal_criminal": N_("Legal help: criminal record and court"),
    "legal_civil": N_("Legal help: family, money, housing"),
    "medical": N_("Doctor"),
    "dental": N_("Dentist"),
    "mental_health": N_("Counselling and mental health"),
    "substance_use": N_("Alcohol and drugs"),
    "language": N_("Interpreter and translation"),
    "work": N_("Work"),
    "education": N_("School and training"),
    "life_skills": N_("Life skills"),
    "childcare": N_("Childcare"),
    "family": N_("Family"),
    "money": N_("Money"),
    "benefits": N_("Public benefits"),
    "transport": N_("Transport"),
    "peer": N_("Peer support"),
}
URGENCY = {"now": N_("Today"), "week": N_("This week"), "month": N_("This month"), "later": N_("Later")}
STATUS = {"open": N_("Open"), "under_way": N_("Under way"), "met": N_("Met"), "not_wanted": N_("No longer wanted")}
EXPLOITATION = {
    "sex": N_("Sexual exploitation"),
    "labour": N_("Labour exploitation"),
    "both": N_("Both"),
    "other": N_("Other"),
    "unknown": N_("Not known or not asked"),
}
AGE_GROUPS = {
    "under_18": N_("Under 18"),
    "18_24": N_("18 to 24"),
    "25_59": N_("25 to 59"),
    "60_over": N_("60 and over"),
    "unknown": N_("Not known or not asked"),
}


def age_group(age: int | None) -> str:
    """The age group of OVC's measures."""
    if age is None:
        return "unknown"
    if age < 18:
        return "under_18"
    if age < 25:
        return "18_24"
    return "25_59" if age < 60 else "60_over"


@entry_type("need", kind="needs")
class Need:
    """Something she needs, with her own goal. No narrative is asked for."""

    category: str = field(N_("What"))
    urgency: str = field(N_("How soon"))
    words: str = field(N_("In her words"), sensitive=True)
    status: str = field(N_("Where it stands"), default="open")


@entry_type("service", kind="services")
class Service:
    """Help given on one day."""

    category: str = field(N_("What"))
    day: str = field(N_("On"))


@entry_type("exploitation", kind="exploitation")
class Exploitation:
    """The type of exploitation, as a code for counting; never the story."""

    type: str = field(N_("Type"), sensitive=True, default="unknown")


@entry_type("case_note", kind="notes.case")
class CaseNote:
    """A note on the work. In a systems agency it is discoverable, and the form says so."""

    text: str = field(N_("Note"), sensitive=True)
    discoverable: bool = field(N_("May reach the defence"), default=False)
