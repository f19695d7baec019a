"""Take steps in exchanges. Nothing else writes steps."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accord.access.actors import Actor, require
from accord.core.exchange import Exchange, Turn
from accord.core.rooms import exchanges
from accord.core.statements import call_sql
from accord.exchange.models import Step
from accord.exchange.queries import Lane, bound
from accord.vault import sealing


@dataclass(frozen=True)
class Body:
    """The content of a step. `told` is encrypted to the other side's key, given for each agency in `keys` (version and
    public half). `kept` is encrypted under the actor's own key. The caller pads both. None means that there is no
    content."""

    told: bytes | None = None
    kept: bytes | None = None
    keys: Mapping[uuid.UUID, tuple[int, bytes]] = field(default_factory=dict)


NOTHING = Body()


def take(*, actor: Actor, lanes: Sequence[Lane], action: Any, body: Body = NOTHING, **details: Any) -> None:
    """Take a step in these lanes of one exchange. `details` are ids and codes for both sides' audit logs.

    The database makes the same checks again, and takes the step in all lanes or in none. Raises Refused, Conflict (if
    the state does not allow the step or someone else took it first), or NoKey.
    """
    first = lanes[0]
    exchange = exchanges()[first.code]
    for lane in lanes:
        require(actor, exchange.workflow.move(lane.state, action).who)
    steps = [_step(actor, exchange, lane, action, body) for lane in lanes]
    done = call_sql(
        "exchange_take_reading" if exchange.turns[action].reading else "exchange_take",
        *(first.code, first.asker, first.exchange, [lane.answerer for lane in lanes], action),
        *(first.last.step if first.last else 0, first.topic, first.day),
        *([getattr(step, name) for step in steps] for name in SEALED),
        actor.trail.sealed_for(_events(actor, exchange, lanes, action, details)),
    )
    if not done:
        raise exchange.workflow.refused()


SEALED = ("ring_version", "sealed", "own_ring_version", "sealed_own")


def _step(actor: Actor, exchange: Exchange, lane: Lane, action: Any, body: Body) -> Step:
    """Return the step with its sealed bodies, as it will be stored."""
    other = lane.agency(exchange.turns[action].by.other)
    version, public = body.keys[other] if body.told is not None else (0, b"")
    step = Step(
        asker=lane.asker,
        exchange=lane.exchange,
        answerer=lane.answerer,
        step=lane.last.step + 1 if lane.last else 1,
        code=lane.code,
        action=action,
        state=exchange.workflow.after(lane.state, action),
        topic=lane.topic,
        day=lane.day,
        ring_version=version,
        own_ring_version=actor.ring.latest(exchange.ring_key) if body.kept is not None else 0,
    )
    step.sealed = b"" if body.told is None else sealing.seal_to(public, body.told, bound(step))
    step.sealed_own = b"" if body.kept is None else _kept(actor, exchange, step, body.kept)
    return step


def _kept(actor: Actor, exchange: Exchange, step: Step, text: bytes) -> bytes:
    return sealing.encrypt(actor.ring.kind_key(exchange.ring_key, step.own_ring_version), text, bound(step))


def _events(
    actor: Actor, exchange: Exchange, lanes: Sequence[Lane], action: Any, details: Mapping[str, Any]
) -> list[tuple[uuid.UUID, str, dict[str, Any]]]:
    """Return the lines to add to the audit logs, each with its log, its action, and its details."""
    turn: Turn = exchange.turns[action]
    log, found = exchange.workflow.log(action), []
    for lane in lanes:
        other = lane.agency(turn.by.other)
        found += [(actor.agency, log, {**details, "to": str(other)})] if log else []
        found += [(other, turn.tells, dict(details))] if turn.tells else []
    return found
