"""Codes for needs and services, which are counted the same way everywhere. Service categories follow the US Office on
Trafficking in Persons (public information collections 0970-0467 and 0970-0542) and OVC's victim services measures. The
names are our own."""

from __future__ import annotations

from dataclasses import dataclass

from accord.core.text import ANSWERS, N_
from accord.sharing.codes import Codes, Payload, entry_type, field, iso_day, one_of, pairs_of

CATEGORIES = Codes(
    {
        "safety": N_("Safety planning"),
        "housing": N_("Housing and shelter"),
        "basic": N_("Food, clothing, personal items"),
        "crisis": N_("Crisis intervention"),
        "case_management": N_("Case management"),
        "advocacy": N_("Advocacy and accompaniment"),
        "legal_immigration": N_("Legal help: documents and status"),
        "legal_criminal": N_("Criminal legal help and record relief"),
        "legal_civil": N_("Civil legal help (family, money, housing)"),
        "medical": N_("Medical care"),
        "dental": N_("Dental care"),
        "mental_health": N_("Counseling and mental health"),
        "substance_use": N_("Substance use treatment"),
        "language": N_("Interpreting and translation"),
        "work": N_("Employment"),
        "education": N_("Education and training"),
        "life_skills": N_("Life skills"),
        "childcare": N_("Child care"),
        "family": N_("Family support"),
        "money": N_("Financial help"),
        "benefits": N_("Public benefits"),
        "transport": N_("Transportation"),
        "peer": N_("Peer support"),
    }
)
# Areas of life. In each area, the most requested categories come first.
FIELDS_OF_LIFE: dict[str, tuple[str, tuple[str, ...]]] = {
    "daily": (
        N_("Safety and daily life"),
        ("housing", "safety", "basic", "crisis", "transport", "childcare", "family"),
    ),
    "law": (N_("Legal help"), ("legal_immigration", "legal_criminal", "legal_civil", "advocacy")),
    "health": (N_("Health"), ("medical", "mental_health", "dental", "substance_use")),
    "work": (N_("Money, work and school"), ("benefits", "work", "money", "education", "life_skills")),
    "support": (N_("Support"), ("case_management", "language", "peer")),
}
# The units for services in reports to OVC, VOCA, and OTIP.
UNITS = Codes(
    {
        "hours": N_("hours"),
        "sessions": N_("sessions"),
        "nights": N_("nights"),
        "rides": N_("rides"),
        "items": N_("items"),
        "dollars": N_("dollars"),
    }
)
URGENCY = Codes({"now": N_("Today"), "week": N_("This week"), "month": N_("This month"), "later": N_("Later")})
STATUS = Codes(
    {"open": N_("Not started"), "under_way": N_("In progress"), "met": N_("Met"), "not_wanted": N_("No longer wanted")}
)
EXPLOITATION = Codes(
    {
        "sex": N_("Sex trafficking"),
        "labour": N_("Labor trafficking"),
        "both": N_("Both"),
        "other": N_("Other"),
        "unknown": N_("Not known or not asked"),
    }
)
EXPLOITATION_ANSWERS = Codes({**EXPLOITATION, **ANSWERS})
"""The answers that can be recorded. Totals count every answer that is not in `EXPLOITATION` as `unknown`."""
AGE_GROUPS = {
    "under_18": N_("Under 18"),
    "18_24": N_("18 to 24"),
    "25_59": N_("25 to 59"),
    "60_over": N_("60 and older"),
    "unknown": N_("Not known or not asked"),
}
# The options for survivors in the United States include continued presence (22 USC 7105(c)(3)), T and U status (8 USC
# 1101(a)(15)(T) and (U)), asylum (8 USC 1158), and special immigrant juvenile status (8 USC 1101(a)(27)(J)).
IMMIGRATION_STATUS = Codes(
    {
        "citizen": N_("U.S. citizen or national"),
        "resident": N_("Permanent status (such as a green card)"),
        "for_a_time": N_("Temporary status or visa"),
        "waiting": N_("Application pending"),
        "none": N_("No current status"),
        "unknown": N_("Not known or not asked"),
        **ANSWERS,
    }
)
APPLICATIONS = Codes(
    {
        "continued_presence": N_("Continued presence"),
        "t": N_("T visa"),
        "u": N_("U visa"),
        "asylum": N_("Asylum"),
        "sij": N_("Special immigrant juvenile status"),
        "other": N_("Other application"),
    }
)
APPLICATION_STATES = Codes(
    {
        "thinking": N_("Deciding whether to apply"),
        "preparing": N_("Preparing"),
        "filed": N_("Filed"),
        "granted": N_("Approved"),
        "refused": N_("Application denied"),
    }
)
NEXT_STEPS = Codes(
    {
        "file": N_("Filing deadline"),
        "fingerprints": N_("Biometrics appointment"),
        "interview": N_("Interview"),
        "answer": N_("Respond to a letter or a request for evidence"),
        "decision": N_("Decision expected"),
        "renew": N_("Renew before it expires"),
        "other": N_("Something else"),
    }
)
DOCUMENTS = Codes(
    {
        "passport": N_("Passport"),
        "birth": N_("Birth certificate"),
        "identity": N_("State, consular or national ID"),
        "entry": N_("Visa or I-94"),
        "work_permit": N_("Work permit"),
        "declaration": N_("Law enforcement declaration or certification (I-914B, I-918B)"),
        "receipt": N_("USCIS receipt notice"),
        "court": N_("Court order or other court document"),
    }
)
PLACES = Codes(
    {
        "with_her": N_("This person has it"),
        "our_safe": N_("In our safe"),
        "lawyer": N_("With their attorney"),
        "trusted": N_("With someone they trust"),
        "authority": N_("With a government agency"),
        "taken": N_("Taken by someone else"),
        "lost": N_("Lost"),
    }
)


def age_group(age: int | None) -> str:
    """Return the age group used in OVC's measures."""
    if age is None:
        return "unknown"
    if age < 18:
        return "under_18"
    if age < 25:
        return "18_24"
    return "25_59" if age < 60 else "60_over"


@entry_type("need", kind="needs")
@dataclass(frozen=True)
class Need(Payload):
    """Something the person needs, with a goal in their own words. Staff do not ask for a narrative."""

    category: str = field(N_("What"), reads=one_of(CATEGORIES))
    urgency: str = field(N_("How soon"), reads=one_of(URGENCY))
    words: str = field(N_("In their own words"), sensitive=True)
    status: str = field(N_("Status"), default="open", reads=one_of(STATUS))


@entry_type("service", kind="services")
@dataclass(frozen=True)
class Service(Payload):
    """A service provided on one day, with the amount, the provider, and a note."""

    category: str = field(N_("What"), reads=one_of(CATEGORIES))
    day: str = field(N_("Date"), reads=iso_day)
    amount: str = field(N_("Amount"))
    unit: str = field(N_("Unit"), reads=one_of(UNITS))
    provider: str = field(N_("Provider"), sensitive=True)
    note: str = field(N_("Note"), sensitive=True)


@entry_type("exploitation", kind="exploitation")
@dataclass(frozen=True)
class Exploitation(Payload):
    """The type of trafficking as a code for counting, never as a story."""

    type: str = field(N_("Type"), sensitive=True, default="unknown", reads=one_of(EXPLOITATION_ANSWERS))


@entry_type("case_note", kind="notes.case")
@dataclass(frozen=True)
class CaseNote(Payload):
    """A case note. A note at a systems agency is discoverable, and the form says so."""

    text: str = field(N_("Note"), sensitive=True)
    discoverable: bool = field(N_("May be disclosed to the defense"), default=False)


@entry_type("immigration", kind="immigration")
@dataclass(frozen=True)
class Immigration(Payload):
    """Immigration status and where the person's documents are. It is shared only if this kind is chosen explicitly."""

    status: str = field(N_("Immigration status"), sensitive=True, default="unknown", reads=one_of(IMMIGRATION_STATUS))
    papers: tuple[tuple[str, str], ...] = field(
        N_("Documents and where they are"), sensitive=True, default=(), reads=pairs_of(DOCUMENTS, PLACES)
    )
    note: str = field(N_("Note"), sensitive=True)


@entry_type("application", kind="immigration")
@dataclass(frozen=True)
class Application(Payload):
    """An application and its next step."""

    type: str = field(N_("Application type"), sensitive=True, reads=one_of(APPLICATIONS))
    state: str = field(N_("Status"), sensitive=True, default="thinking", reads=one_of(APPLICATION_STATES))
    receipt: str = field(N_("Receipt number"), sensitive=True)
    next_day: str = field(N_("Next date"), sensitive=True, reads=iso_day)
    next_step: str = field(N_("Next step"), sensitive=True, reads=one_of(NEXT_STEPS))
