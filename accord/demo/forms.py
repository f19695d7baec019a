"""Riverbend's forms: Harbor House uses forms that come with Accord, and other agencies brought their own."""

from __future__ import annotations

from importlib import resources
from typing import Any

from accord.access.actors import Actor
from accord.demo.riverbend import Region
from accord.questionnaires import queries, services

SHIPPED = (("adele", "adult-screen", "screening"), ("adele", "needs-assessment", "needs"))
# Who brought a form, the files of its versions, and the kind of information that its answers belong to.
BROUGHT = (
    ("finn", ("clinic-check",), "health"),
    ("emil", ("first-visit", "first-visit-2"), "needs"),
)


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


def _replace(actor: Actor, card: queries.VersionCard, file: str, kind: str) -> None:
    version = services.load_again(actor=actor, questionnaire=card.questionnaire, **_file(file))
    services.publish(actor=actor, card=queries.version(actor=actor, version=version), kind=kind)


def _file(name: str) -> dict[str, Any]:
    content = resources.files("accord.demo").joinpath("xlsforms", f"{name}.md").read_bytes()
    return {"name": f"{name}.md", "content": content}
