"""What is shown before the first question of a screening: the text to read out, or who to call instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accord.access.actors import Actor, require
from accord.access.codes import SCREEN_PERSON
from accord.agencies import queries as agencies
from accord.core import clock
from accord.core.errors import Invalid
from accord.core.text import LANGUAGES, N_
from accord.law import prefaces
from accord.law.rules import Law, law_for
from accord.people import queries as people
from accord.people.queries import Page
from accord.questionnaires.queries import VersionCard
from accord.screening import presenters, queries
from accord.sharing.queries import PersonRef

READ_IN = ("en", "es")
Facts = tuple[tuple[str, str, str], ...]
Age = tuple[int, int] | None


@dataclass(frozen=True)
class Text:
    """The text to read out in one language. `trained` replaces `untrained` if the screener has the training that a
    privilege needs."""

    language: str
    name: str
    untrained: list[str]
    trained: list[str]
    rest: list[str]


def build(*, actor: Actor, page: Page, card: VersionCard) -> dict[str, Any]:
    """Return the text to read out in each language or, for police and prosecutors, who to call instead."""
    if queries.is_handed_off(actor=actor):
        return {**presenters.base(actor), "stops": True, "agencies": agencies.helpers(actor=actor)}
    law = law_for(actor.facts, clock.today(actor.zone))
    age = (page.age, page.age_at_most) if page.age is not None and page.age_at_most is not None else None
    privilege = prefaces.protection(law, actor.roles, is_trained=False).trained
    texts = [_text(actor, law, age, language) for language in READ_IN]
    texts.sort(key=lambda text: text.language != translation.get_language())
    return {**presenters.base(actor), "texts": texts, "privilege": privilege}


def _text(actor: Actor, law: Law, age: Age, language: str) -> Text:
    with translation.override(language):
        can = prefaces.protection(law, actor.roles, is_trained=False).trained is not None
        untrained = _learn(actor, law, is_trained=False)
        trained = _learn(actor, law, is_trained=True) if can else []
        return Text(language, LANGUAGES[language], untrained, trained, [*_reports(law, age), *_always()])


def _learn(actor: Actor, law: Law, *, is_trained: bool) -> list[str]:
    protected = prefaces.protection(law, actor.roles, is_trained=is_trained)
    return [_(sentence) % {"agency": actor.agency_name} for sentence in prefaces.who_may_learn(protected)]


def _reports(law: Law, age: Age) -> list[str]:
    found = prefaces.must_be_reported(law, age)
    said = [
        _(sentence) % {"authority": _(AUTHORITIES[authority]), "hours": report.within_hours}
        for sentence, _rule_id, report in found
        for authority in sorted(report.to)
    ]
    return said or [_(prefaces.nothing_to_report(age))]


def _always() -> list[str]:
    return [_(sentence) for sentence in prefaces.ALWAYS]


def confirm(*, actor: Actor, known: PersonRef, card: VersionCard, post: Mapping[str, Any]) -> Facts:
    """Return what was read out, in the screen's language, to keep with the answers. Raises Refused if the actor may not
    screen, and Invalid if the screener has not said that it was read out."""
    require(actor, SCREEN_PERSON)
    queries.raise_if_handed_off(actor=actor)
    law = law_for(actor.facts, clock.today(actor.zone))
    found = people.ages(actor=actor, known=known)
    asks = prefaces.protection(law, actor.roles, is_trained=False).trained is not None
    language, told, trained = (str(post.get(f"preface_{name}", "")) for name in ("language", "told", "trained"))
    missing = {}
    if asks and trained not in ("yes", "no"):
        missing["preface_trained"] = N_("Say whether you have the training and a supervisor.")
    if language not in (*READ_IN, "other"):
        missing["preface_language"] = N_("Choose the language that you read the text in.")
    if told != "on":
        missing["preface_told"] = N_("Read the text out first. Then check the box below it.")
    if missing:
        raise Invalid(fields=missing)
    is_trained = asks and trained == "yes"
    protected = prefaces.protection(law, actor.roles, is_trained=is_trained)
    age = (found.least, found.most) if found else None
    skip, same_help = _always()
    said = _("Through an interpreter") if language == "other" else LANGUAGES[language]
    return (
        ("protection", _("How the law protects the answers"), _(PROTECTIONS[protected.protection])),
        ("learn", _("Who may learn the answers"), " ".join(_learn(actor, law, is_trained=is_trained))),
        ("reports", _("What must be reported"), " ".join(_reports(law, age))),
        ("skip", _("Skipping questions"), skip),
        ("help", _("Getting help"), same_help),
        ("read_in", _("Read out in"), said),
    )


PROTECTIONS = {
    prefaces.Protection.PRIVILEGED: N_("Privileged"),
    prefaces.Protection.CONFIDENTIAL: N_("Confidential"),
    prefaces.Protection.DISCOVERABLE: N_("May have to be given to prosecutors and the defense"),
}
AUTHORITIES = {
    "child_protection": N_("child protection"),
    "police": N_("the police"),
    "hhs": N_("the U.S. Department of Health and Human Services"),
    "ncmec": N_("the National Center for Missing and Exploited Children"),
}
