"""What may be written down about who she is and how she may be reached."""

from __future__ import annotations

from accord.core.text import LANGUAGES, N_
from accord.sharing.codes import Codes, entry_type, field, iso_day, one_of, whole_years

CONTACT_METHODS = Codes(
    {
        "text": N_("Text message"),
        "call": N_("Telephone call"),
        "email": N_("E-mail"),
        "person": N_("Only in person"),
        "through": N_("Through somebody she trusts"),
        "none": N_("No safe way at the moment"),
    }
)
TASKS = {
    "get_it_in_writing": N_("Ask her to put the withdrawal in writing. It holds already."),
    "tell_her": N_("Tell her, safely, what was disclosed and why."),
    "answer_paper": N_("A legal paper waits for an answer."),
    "check_who_spoke": N_("Make sure that it was she who asked for this."),
    "look_at_releases": N_("Her age or her record was changed. Look at what she signed."),
    "ask_her_again": N_("Ask her whether she still wants this, and have it signed."),
    "assign": N_("Assign somebody who helps."),
    "her_date": N_("One of her deadlines is near. Her page says which."),
}


@entry_type("name", kind="identity.name")
class PersonName:
    """Names."""

    used: str = field(N_("Name she uses"))
    others: str = field(N_("Other names"), sensitive=True)
    pronouns: str = field(N_("Pronouns"), sensitive=True)


@entry_type("birth", kind="identity.birth")
class Birth:
    """Age: a date, or years as she says them. Either may be left out."""

    date: str = field(N_("Date of birth"), sensitive=True, reads=iso_day)
    years: str = field(N_("Age in years"), sensitive=True, reads=whole_years)


@entry_type("safe_contact", kind="contact.safe")
class SafeContact:
    """How someone may be reached without danger. Checked again and again: an old number can kill. A warning in `never`
    counts whatever else is filled, and stays until someone clears it."""

    method: str = field(N_("How"), reads=one_of(CONTACT_METHODS))
    address: str = field(N_("Number or address"), sensitive=True)
    when: str = field(N_("When"))
    never: str = field(N_("Never do this"))
    language: str = field(N_("Preferred language"), reads=one_of(Codes(LANGUAGES)))
    checked_on: str = field(N_("Asked on"), reads=iso_day)
