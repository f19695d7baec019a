"""Needs and services, in codes that count alike everywhere.

Service categories follow the list of the US Office on Trafficking in Persons (information collections 0970-0467 and
0970-0542, public) and OVC's victim-services measures; names are ours.
"""

from __future__ import annotations

from accord.core.text import N_
from accord.sharing.codes import Codes, entry_type, field, iso_day, one_of, pairs_of

CATEGORIES = Codes(
    {
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
)
URGENCY = Codes({"now": N_("Today"), "week": N_("This week"), "month": N_("This month"), "later": N_("Later")})
STATUS = Codes(
    {"open": N_("Open"), "under_way": N_("Under way"), "met": N_("Met"), "not_wanted": N_("No longer wanted")}
)
EXPLOITATION = Codes(
    {
        "sex": N_("Sexual exploitation"),
        "labour": N_("Labour exploitation"),
        "both": N_("Both"),
        "other": N_("Other"),
        "unknown": N_("Not known or not asked"),
    }
)
AGE_GROUPS = {
    "under_18": N_("Under 18"),
    "18_24": N_("18 to 24"),
    "25_59": N_("25 to 59"),
    "60_over": N_("60 and over"),
    "unknown": N_("Not known or not asked"),
}
# What is open to survivors in the United States: continued presence (22 USC 7105(c)(3)), T and U status (8 USC
# 1101(a)(15)(T) and (U)), asylum (8 USC 1158), special immigrant juvenile (8 USC 1101(a)(27)(J)).
IMMIGRATION_STATUS = Codes(
    {
        "citizen": N_("Citizen: needs no papers to stay"),
        "resident": N_("May stay for good"),
        "for_a_time": N_("May stay for a time"),
        "waiting": N_("Waits for a decision"),
        "none": N_("No papers at the moment"),
        "unknown": N_("Not known or not asked"),
    }
)
APPLICATIONS = Codes(
    {
        "continued_presence": N_("Continued presence"),
        "t": N_("T visa"),
        "u": N_("U visa"),
        "asylum": N_("Asylum"),
        "sij": N_("Special immigrant juvenile"),
        "other": N_("Another application"),
    }
)
APPLICATION_STATES = Codes(
    {
        "thinking": N_("She is thinking about it"),
        "preparing": N_("Being prepared"),
        "filed": N_("Filed"),
        "granted": N_("Granted"),
        "refused": N_("Not granted"),
    }
)
NEXT_STEPS = Codes(
    {
        "file": N_("Last day to file"),
        "fingerprints": N_("Appointment for fingerprints and photo"),
        "interview": N_("Interview"),
        "answer": N_("Answer a letter, or send more proof"),
        "decision": N_("Decision expected"),
        "renew": N_("Renew before it ends"),
        "other": N_("Something else"),
    }
)
PAPERS = Codes(
    {
        "passport": N_("Passport"),
        "birth": N_("Birth certificate"),
        "identity": N_("Identity card"),
        "entry": N_("Visa or record of entry"),
        "work_permit": N_("Work permit"),
        "declaration": N_("Declaration by the police or another authority"),
        "receipt": N_("Receipt for an application"),
        "court": N_("Court's paper"),
    }
)
PLACES = Codes(
    {
        "with_her": N_("She has it"),
        "our_safe": N_("In our safe"),
        "lawyer": N_("With her lawyer"),
        "trusted": N_("With somebody she trusts"),
        "authority": N_("With an authority"),
        "taken": N_("Somebody took it from her"),
        "lost": N_("Lost"),
    }
)


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

    category: str = field(N_("What"), reads=one_of(CATEGORIES))
    urgency: str = field(N_("How soon"), reads=one_of(URGENCY))
    words: str = field(N_("In her words"), sensitive=True)
    status: str = field(N_("Where it stands"), default="open", reads=one_of(STATUS))


@entry_type("service", kind="services")
class Service:
    """Help given on one day."""

    category: str = field(N_("What"), reads=one_of(CATEGORIES))
    day: str = field(N_("On"), reads=iso_day)


@entry_type("exploitation", kind="exploitation")
class Exploitation:
    """The type of exploitation, as a code for counting; never the story."""

    type: str = field(N_("Type"), sensitive=True, default="unknown", reads=one_of(EXPLOITATION))


@entry_type("case_note", kind="notes.case")
class CaseNote:
    """A note on the work. In a systems agency it is discoverable, and the form says so."""

    text: str = field(N_("Note"), sensitive=True)
    discoverable: bool = field(N_("May reach the defence"), default=False)


@entry_type("immigration", kind="immigration")
class Immigration:
    """Where she stands, and which papers there are. Goes to nobody who was not given this kind by name."""

    status: str = field(N_("Where she stands"), sensitive=True, default="unknown", reads=one_of(IMMIGRATION_STATUS))
    papers: tuple[tuple[str, str], ...] = field(
        N_("Papers, and where each is"), sensitive=True, default=(), reads=pairs_of(PAPERS, PLACES)
    )
    note: str = field(N_("Note"), sensitive=True)


@entry_type("application", kind="immigration")
class Application:
    """One application, and what comes next."""

    type: str = field(N_("Which"), sensitive=True, reads=one_of(APPLICATIONS))
    state: str = field(N_("Where it stands"), sensitive=True, default="thinking", reads=one_of(APPLICATION_STATES))
    receipt: str = field(N_("Number of the receipt"), sensitive=True)
    next_day: str = field(N_("Next date"), sensitive=True, reads=iso_day)
    next_step: str = field(N_("What is due"), sensitive=True, reads=one_of(NEXT_STEPS))
