"""Every sentence that makes a promise about who can see information, chosen from the facts about an agency. All
functions are pure.

Which sentence is chosen depends on the law that binds the promising agency and on the recipient's side. The table is
docs/reference/specs/promises.md. Tests compare each sentence with the decision it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from accord.core.text import N_
from accord.law.codes import Side
from accord.law.rules import AgencyFacts, law_for, release_needed, ticks_needed


@dataclass(frozen=True)
class Keeper:
    """The facts about an agency that its promises depend on.

    `consent`: nothing leaves without a release, a statute, or a judge's order. `own`: an officer may share what the
    agency wrote. `discoverable`: its files may have to be given to other authorities and to the defense.
    """

    consent: bool
    own: bool
    discoverable: bool
    meets_people: bool = True


@lru_cache(256)
def keeper(facts: AgencyFacts, today: date) -> Keeper:
    """Return the facts that an agency's promises depend on, for a given day."""
    law = law_for(facts, today)
    consent = release_needed(law).value
    own = not consent and bool(ticks_needed(law).value)
    return Keeper(consent, own, facts.side is Side.SYSTEMS, facts.side is not Side.COALITION)


def everywhere(who: Keeper | None) -> str:
    """Return the line at the bottom of every page. `who` is None if no one is signed in."""
    if who is None or not who.meets_people:
        return N_(
            "Each agency shares only what the law lets it share. Most agencies need the person's written consent."
        )
    if who.consent:
        return N_("We share a person's information only with their written consent, or when the law requires it.")
    if who.own:
        return N_(
            "The law lets us share our own records without consent. What a partner agency shared with us stays with us."
        )
    return N_(
        "We share only what the law lets us share or requires us to share. What a partner agency shared with "
        "us stays with us."
    )


def of_a_record(who: Keeper) -> str:
    """Return the sentence next to the button that opens a record. Contains `%(agency)s`."""
    if who.consent:
        return N_(
            "Only %(agency)s can see this. A partner agency sees it only if the person signs a release or the "
            "law requires it."
        )
    if who.own:
        return N_(
            "%(agency)s can see this. Authorized staff may share it without a release, and it may have to be "
            "given to prosecutors, defense attorneys or a court."
        )
    return N_("%(agency)s can see this. It may have to be given to prosecutors, defense attorneys or a court.")


def of_a_save(who: Keeper, *, shared: bool) -> str:
    """Return the sentence shown after something about a person was saved. Contains `%(agency)s` and, with `shared`,
    `%(partners)s` for the partners that can see it now."""
    if not who.discoverable:
        if shared:
            return N_("Staff at %(agency)s whose role allows it can see this, and so can %(partners)s.")
        return N_("Only staff at %(agency)s whose role allows it can see this.")
    if shared:
        return N_(
            "Staff at %(agency)s whose role allows it can see this, and so can %(partners)s. It may have to be "
            "given to prosecutors, defense attorneys or a court."
        )
    return N_(
        "Only staff at %(agency)s whose role allows it can see this. It may have to be given to prosecutors, "
        "defense attorneys or a court."
    )


def beyond(recipient: Keeper) -> str:
    """Return the sentence about who else may see the information through this recipient, for the form that the person
    signs.

    Contains `%(recipient)s`. Returns '' if there is nothing to say.
    """
    if recipient.discoverable:
        return N_(
            "%(recipient)s may have to give this to prosecutors, defense attorneys, courts or other authorities. "
            "We can't prevent that."
        )
    if not recipient.consent:
        return N_(
            "Under the law that applies to %(recipient)s, that agency doesn't need your consent to share this "
            "with others."
        )
    return ""


def of_a_search() -> str:
    """Return the sentence on the page where staff search for a person."""
    return N_("This search covers only your own agency's clients. The audit log records that you searched.")
