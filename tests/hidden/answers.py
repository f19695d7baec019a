"""A finished form, and another one that its author has not finished."""

from __future__ import annotations

import uuid

from django.http import QueryDict

from accord.answers import queries, services
from accord.formlib.paging import found
from accord.sharing.queries import PersonRef
from tests.hidden import Hidden
from tests.region import World
from tests.steps.forms import published, workbook

KNOWN_TO: dict[str, tuple[str, ...]] = {}
LISTED: tuple[tuple[str, str], ...] = ()
WORDS = ("An answer that no outsider may read",)


def begin(world: World, known: PersonRef) -> uuid.UUID:
    """Begin a form as Alma, and return the draft."""
    card = published(world, workbook())
    with world.as_("alma") as alma:
        return services.begin(actor=alma, ref=known.ref, version=card.id, language="English (en)", post=QueryDict())


def make(world: World, so_far: Hidden) -> dict[str, uuid.UUID]:
    draft = begin(world, so_far.known)
    with world.as_("alma") as alma:
        sitting = queries.sitting(actor=alma, known=so_far.known, draft=draft)
        node = found(sitting.answers, f"/{sitting.answers.top.name}/nickname")
        assert node is not None
        sitting.answers.answer(node, WORDS[0])
        services.save(actor=alma, sitting=sitting, page=0, seen=1, new={})
        sitting = queries.sitting(actor=alma, known=so_far.known, draft=draft)
        return {"answers": services.finish(actor=alma, sitting=sitting, seen=2)}
