"""Steps of the coalition's bodies: one with seats and a decision."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from accord.bodies import services
from accord.core import clock
from tests.region import World

NAME, CHARGE, DECIDED = "Quarry Lane review", "Marmalade protocols", "Adopt the lantern schedule"
SECRETS = (NAME, CHARGE, DECIDED)


@dataclass(frozen=True)
class Made:
    """A body, the seat of Harbor House in it, and its decision."""

    body: uuid.UUID
    seat: uuid.UUID
    decision: uuid.UUID


def create(world: World, *, is_open: bool = False, name: str = NAME) -> uuid.UUID:
    """Create a body as the coordinator."""
    with world.as_("grace") as grace:
        return services.create(actor=grace, name=name, kind="committee", charge=CHARGE, is_open=is_open)


def seat(
    world: World,
    body: uuid.UUID,
    agency: str,
    role: str = "member",
    *,
    anyone: bool = False,
    since: date | None = None,
    until: date | None = None,
) -> uuid.UUID:
    """Give an agency a seat as the coordinator, from today on."""
    with world.as_("grace") as grace:
        return services.add_seat(
            actor=grace,
            body=body,
            agency=world.agencies[agency],
            role=role,
            for_anyone=anyone,
            since=since or clock.today(grace.zone),
            until=until,
        )


def name(world: World, officer: str, body: uuid.UUID, seat: uuid.UUID, user: str) -> None:
    """Name who holds a seat, as a privacy officer of its agency."""
    with world.as_(officer) as actor:
        services.name_representative(actor=actor, body=body, seat=seat, membership=world.memberships[user])


def made(world: World, *, is_open: bool = False) -> Made:
    """Create a body in which Alma sits for Harbor House as its chair, with one decision that Alma recorded."""
    body = create(world, is_open=is_open)
    chair = seat(world, body, "harbor", "chair")
    name(world, "adele", body, chair, "alma")
    with world.as_("alma") as alma:
        decision = services.record(actor=alma, body=body, day=clock.today(alma.zone), words=DECIDED)
    return Made(body, chair, decision)
