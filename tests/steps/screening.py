"""Steps for screening: a person of some age, a determination, and the steps that follow."""

from __future__ import annotations

import uuid

from accord.access.actors import Actor
from accord.core import clock
from accord.people import services as people
from accord.people.codes import Birth, PersonName, SafeContact
from accord.screening import services
from accord.screening.codes import Determination, ScreeningStep
from accord.sharing import queries as sharing
from tests.region import World


def aged(world: World, years: str, user: str = "alma") -> uuid.UUID:
    """Return one of the user's people of this age, or of no known age."""
    with world.as_(user) as actor:
        contact = SafeContact(method="person", checked_on=world.today().isoformat())
        named = PersonName(used="Robin")
        return people.open_record(actor=actor, name=named, birth=Birth(years=years), contact=contact).ref


def a_step(actor: Actor, ref: uuid.UUID, note: str = "Pay stubs") -> uuid.UUID:
    """Determine that the person was trafficked as a child, and return the first step that follows."""
    day = clock.today(actor.zone).isoformat()
    made = Determination("sex", day, "documents", note, "yes", actor.name)
    services.determine(actor=actor, ref=ref, determination=made)
    return steps_of(actor, ref)[0]


def steps_of(actor: Actor, ref: uuid.UUID) -> list[uuid.UUID]:
    """Return the person's steps, the first one due first."""
    items = sharing.read(actor=actor, known=sharing.find(actor=actor, ref=ref), kinds=["screening"])["screening"]
    found = [item for item in items if item.type == ScreeningStep.code]
    return [item.series for item in sorted(found, key=lambda item: item.payload.due)]
