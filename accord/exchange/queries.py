"""Read exchanges and open their steps."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from accord.access.actors import Actor
from accord.core.exchange import Side
from accord.core.rooms import exchanges
from accord.exchange.models import Step
from accord.vault import sealing


@dataclass(frozen=True, kw_only=True)
class Lane:
    """The steps between the agency that asks and one agency that answers, as far as the actor's agency can read them.
    Before the first step, a lane has no steps."""

    code: str
    asker: uuid.UUID
    exchange: uuid.UUID
    answerer: uuid.UUID
    topic: str
    day: date | None = None
    steps: tuple[Step, ...] = ()

    @property
    def last(self) -> Step | None:
        """Return the newest step, or None."""
        return self.steps[-1] if self.steps else None

    @property
    def state(self) -> Any:
        """Return the workflow's state after the newest step, or None before the first."""
        return exchanges()[self.code].workflow.states(self.steps[-1].state) if self.steps else None

    def agency(self, side: Side) -> uuid.UUID:
        """Return the agency on this side."""
        return self.asker if side is Side.ASKER else self.answerer


def lanes(*, actor: Actor, side: Side, code: str, **known: Any) -> list[Lane]:
    """Return the exchanges of one kind in which the actor's agency is on this side, sorted by agency and id. `known`
    filters by `topic` or `exchange`."""
    rows = Step.objects.filter(**{side.value: actor.agency}, code=code, **known)
    grouped = groupby(
        rows.order_by("asker", "exchange", "answerer", "step"), lambda row: (row.asker, row.exchange, row.answerer)
    )
    return [_lane(tuple(steps)) for _key, steps in grouped]


def _lane(steps: tuple[Step, ...]) -> Lane:
    first = steps[0]
    return Lane(
        code=first.code,
        asker=first.asker,
        exchange=first.exchange,
        answerer=first.answerer,
        topic=first.topic,
        day=first.day,
        steps=steps,
    )


def open_step(*, actor: Actor, step: Step) -> bytes:
    """Open a step's body, either from the copy that the actor's agency kept or as the side that the step was encrypted
    to. Raises CannotOpen if the row was moved or changed, and NoKey if the actor's role has no key for it."""
    key = exchanges()[step.code].ring_key
    if step.owner == actor.agency:
        return sealing.decrypt(actor.ring.kind_key(key, step.own_ring_version), bytes(step.sealed_own), bound(step))
    return actor.ring.inbound(key, step.ring_version).open(bytes(step.sealed), bound(step))


def bound(step: Step) -> bytes:
    """Return the bytes that a step's body is bound to, on both sides."""
    of = exchanges()[step.code].bound or _bound
    return sealing.bind(*of(step))


def _bound(step: Step) -> tuple[str | int, ...]:
    return (
        *(
            "exchange",
            step.code,
            step.asker.hex,
            step.exchange.hex,
            step.answerer.hex,
            step.step,
            step.action,
            step.topic,
        ),
        *(step.day.isoformat() if step.day else "", step.ring_version, step.own_ring_version),
    )
