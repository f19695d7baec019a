"""Riverbend's forms: Harbor House uses forms that come with Accord, and other agencies brought their own. One is filled
out, and one is half filled out."""

from __future__ import annotations

import uuid
from importlib import resources
from typing import Any

from accord.access.actors import Actor
from accord.answers import queries as answers_queries
from accord.answers import services as answers
from accord.demo.riverbend import Region
from accord.people import queries as people_queries
from accord.questionnaires import queries, services
from accord.questionnaires.codes import FORM_KINDS
from accord.sharing import queries as sharing

SHIPPED = (("adele", "adult-screen", "screening"), ("adele", "needs-assessment", "needs"))
# Who brought a form, the files of its versions, and the kind of information that its answers belong to.
BROUGHT = (
    ("finn", ("clinic-check",), "health"),
    ("emil", ("first-visit", "first-visit-2"), "needs"),
)

# What was answered, by the name of each question, and the questions that someone preferred not to answer.
ANSWERED = {
    "has_children": "no",
    "housing": "month",
    "money": "week",
    "transport": "week",
    "job": "later",
    "benefits": "month",
    "legal": "none",
    "medical": "now",
    "sleep": "week",
    "first": "medical benefits",
    "goal": "Dormir toda la noche.",
    "strengths": "friend faith",
}
BEGUN = {"talk_here": "yes", "safe_now": "yes", "bed_tonight": "yes", "worked": "yes", "could_quit": "no"}
READ_OUT = {"preface_language": "en", "preface_told": "on", "preface_trained": "yes"}  # before a screening
NOT_SAID = ("substance", "someone_waits")


def publish(region: Region) -> None:
    """Publish the forms that come with Accord at Harbor House, the hospital's own form with a score, and two versions of
    Legal Aid's form."""
    for user, code, kind in SHIPPED:
        with region.as_(user) as actor:
            card = queries.version(actor=actor, version=services.add_shipped(actor=actor, code=code))
            services.publish(actor=actor, card=card, kind=kind)
    for user, files, kind in BROUGHT:
        with region.as_(user) as actor:
            first, *later = files
            card = queries.version(actor=actor, version=services.add(actor=actor, **_file(first)))
            services.publish(actor=actor, card=card, kind=kind)
            for file in later:
                _replace(actor, card, file, kind)


def answer(region: Region) -> None:
    """Have Alma finish Lucía's needs assessment in Spanish, and stop in the middle of Tomas's screening."""
    with region.as_("alma") as alma:
        refs = {card.name: card.ref for card in people_queries.my_people(actor=alma)}
        _fill(alma, refs["Tomas"], "Adult screening", "English (en)", BEGUN, page=2)
        done = _fill(alma, refs["Lucía"], "Needs assessment", "Español (es)", ANSWERED, page=5)
        answers.finish(actor=alma, sitting=done, seen=done.draft.revision)


def _fill(
    actor: Actor, ref: uuid.UUID, title: str, language: str, given: dict[str, str], *, page: int
) -> answers_queries.Sitting:
    """Begin a form, answer these questions, save it on a page, and return the saved form."""
    (card,) = [one for one in queries.published(actor=actor, kinds=FORM_KINDS) if one.title == title]
    draft = answers.begin(actor=actor, ref=ref, version=card.id, language=language, post=READ_OUT)
    place: dict[str, Any] = {"actor": actor, "known": sharing.find_own(actor=actor, ref=ref), "draft": draft}
    sitting = answers_queries.sitting(**place)
    named = {one.path.rpartition("/")[2]: one.path for one in sitting.answers.form.questions()}
    for name, path in named.items():
        (node,) = sitting.answers.nodes(path)
        if name in given:
            sitting.answers.answer(node, given[name])
        elif name in NOT_SAID:
            sitting.answers.mark(node, "declined")
    answers.save(actor=actor, sitting=sitting, page=page, seen=sitting.draft.revision, new={})
    return answers_queries.sitting(**place)


def _replace(actor: Actor, card: queries.VersionCard, file: str, kind: str) -> None:
    version = services.load_again(actor=actor, questionnaire=card.questionnaire, **_file(file))
    services.publish(actor=actor, card=queries.version(actor=actor, version=version), kind=kind)


def _file(name: str) -> dict[str, Any]:
    content = resources.files("accord.demo").joinpath("xlsforms", f"{name}.md").read_bytes()
    return {"name": f"{name}.md", "content": content}
