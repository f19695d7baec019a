"""Read who may screen here, and which agencies to call instead."""

from __future__ import annotations

from accord.access.actors import Actor
from accord.core import clock
from accord.core.errors import Refused
from accord.core.text import N_
from accord.law.rules import hands_off, law_for


def is_handed_off(*, actor: Actor) -> bool:
    """Return whether the actor has to call another agency instead of screening."""
    return hands_off(law_for(actor.facts, clock.today(actor.zone)), actor.roles).value


def raise_if_handed_off(*, actor: Actor) -> None:
    """Raise Refused if the actor has to call another agency instead of screening."""
    if is_handed_off(actor=actor):
        raise Refused(
            N_("Police and prosecutors don't screen. An advocate does."),
            code="hand_off",
            remedy=N_("Call an advocate. This person's “Screening” page lists who to call."),
        )
