"""Riverbend's agencies and a valid form, as the texts above the tables describe them."""

from __future__ import annotations

import re
from datetime import date, timedelta

from accord.law.codes import Side, Trait
from accord.law.rules import AgencyFacts, Law, law_for
from accord.releases.codes import (
    Draft,
    Facts,
    Purpose,
    Recipient,
    Signature,
    SignerCapacity,
    SignerFlag,
    Statement,
)

TODAY = date(2026, 6, 1)
CALDER = frozenset({"us", "us-calder"})
AGREED = frozenset(
    {"identity.name", "identity.birth", "contact.safe", "needs", "services", "health", "substance_use", "immigration"}
    | {"education", "juvenile", "linkage", "legal.privileged", "notes.advocate"}
)
SAID = frozenset(
    {
        Statement.SERVICES_DO_NOT_DEPEND,
        Statement.RISKS_DISCUSSED,
        Statement.ALTERNATIVES_DISCUSSED,
        Statement.PRIVILEGE_WAIVER_DISCUSSED,
        Statement.RIGHT_TO_WITHDRAW_TOLD,
        Statement.PRIVATE_CONVERSATION,
        Statement.MANDATED_REPORTING_TOLD,
    }
)
PARTIES = {
    "legal_aid": "community law_practice",
    "hospital": "community health_provider",
    "police": "systems police",
    "child_protection": "systems child_protection",
    "statistics_unit": "coalition statistics_unit",
}


def agency(words: str, states: frozenset[str] = CALDER) -> AgencyFacts:
    """Return an agency from its side and traits, as "community grant_vawa"."""
    side, *traits = words.split()
    return AgencyFacts(side=Side(side), traits=frozenset(Trait(each) for each in traits), jurisdictions=states)


def recipient(name: str) -> Recipient:
    """Return a recipient by the name that the tables use."""
    if name == "everyone":
        return Recipient(agency="*", facts=agency("coalition"), agreement_kinds=AGREED)
    if name == "newcomer":
        return Recipient(agency=name, facts=agency("community"), agreement_kinds=None)
    return Recipient(agency=name, facts=agency(PARTIES[name]), agreement_kinds=AGREED)


def harbor_law(today: date = TODAY) -> Law:
    """Return the law that binds Harbor House."""
    return law_for(agency("community grant_ovc_trafficking"), today)


def signatures(cell: str) -> tuple[Signature, ...]:
    """Return signatures from "self, parent (abuser_of_person)"; each capacity is one human, unless it says "same"."""
    found = []
    for capacity, words in re.findall(r"(\w+)(?: \(([^)]*)\))?", "" if cell == "none" else cell):
        notes = set(words.split())
        found.append(
            Signature(
                signer="self" if "same" in notes else capacity,
                capacity=SignerCapacity(capacity),
                signed_on=TODAY + timedelta(days=1 if "tomorrow" in notes else 0),
                version=0 if "old" in notes else 1,
                languages=frozenset({"es"}),
                court_appointed="appointed" in notes,
                flags=frozenset(SignerFlag(n) for n in notes - {"same", "old", "tomorrow", "appointed"}),
            )
        )
    return tuple(found)


def form(**terms: object) -> Draft:
    """Return a valid form: name and needs to Legal Aid for legal help, thirty days, in Spanish, signed by the person."""
    base: dict[str, object] = {
        "recipients": (recipient("legal_aid"),),
        "purposes": frozenset({Purpose.LEGAL_HELP}),
        "kinds": frozenset({"identity.name", "needs"}),
        "start": TODAY,
        "last_day": TODAY + timedelta(days=30),
        "text_languages": frozenset({"es"}),
        "template_version": "2026-1",
        "statements": SAID,
        "staff_witness": "Alma",
        "signatures": signatures("self"),
    }
    return Draft(**{**base, **terms})  # type: ignore[arg-type]


def adult(**more: object) -> Facts:
    """Return an adult who can decide alone and reads Spanish."""
    base: dict[str, object] = {"age": 30, "languages": frozenset({"es"})}
    return Facts(**{**base, **more})  # type: ignore[arg-type]


def codes(problems: list) -> list[str]:
    """Return the codes of problems, in order."""
    return [each.code for each in problems]
