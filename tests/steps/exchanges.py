"""A kind of exchange that no room declares yet, a referral, and steps to take it past the services, as a statement."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from types import ModuleType
from typing import Any

import psycopg

from accord.access.codes import COMMUNITY, READ_LEGAL_REQUESTS, SUBMISSIONS_KEY, SUBMIT_TOTALS, SYSTEMS
from accord.config.rooms import ROOMS
from accord.core import rooms
from accord.core.exchange import Exchange, Side, Turn
from accord.core.rooms import Notice, Room
from accord.core.workflow import Move, Workflow
from accord.exchange import terms
from tests.region import World


class State(StrEnum):
    SENT = "sent"
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DONE = "done"


class Do(StrEnum):
    SEND = "send"
    ASK = "ask"
    TELL = "tell"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    FINISH = "finish"


def _move(before: State | None, action: Do, after: State) -> Move[State, Do]:
    who = SUBMIT_TOTALS if REFERRAL_TURNS[action].by is Side.ASKER else READ_LEGAL_REQUESTS
    return Move(before=before, action=action, after=after, who=who, log=f"referral-{action}")


REFERRAL_TURNS = {
    Do.SEND: Turn(by=Side.ASKER, tells="referral-came", notice="referral-came"),
    Do.ASK: Turn(by=Side.ANSWERER, tells="referral-asked-back", notice="referral-answered"),
    Do.TELL: Turn(by=Side.ASKER, tells="referral-told-more"),
    Do.ACCEPT: Turn(by=Side.ANSWERER, tells="referral-accepted", notice="referral-answered", once=True),
    Do.DECLINE: Turn(by=Side.ANSWERER, tells="referral-declined", notice="referral-answered"),
    Do.WITHDRAW: Turn(by=Side.ASKER, tells="referral-taken-back"),
    Do.FINISH: Turn(by=Side.ANSWERER, tells="referral-finished"),
}
REFERRAL = Exchange(
    code="referral",
    workflow=Workflow(
        name="Referral",
        about="",
        states=State,
        moves=(
            _move(None, Do.SEND, State.SENT),
            _move(State.SENT, Do.ASK, State.ASKED),
            _move(State.ASKED, Do.TELL, State.SENT),
            _move(State.SENT, Do.ACCEPT, State.ACCEPTED),
            _move(State.SENT, Do.DECLINE, State.DECLINED),
            _move(State.SENT, Do.WITHDRAW, State.WITHDRAWN),
            _move(State.ASKED, Do.WITHDRAW, State.WITHDRAWN),
            _move(State.ACCEPTED, Do.FINISH, State.DONE),
        ),
        refusal="Someone has answered this already.",
    ),
    turns=REFERRAL_TURNS,
    asking=frozenset({COMMUNITY}),
    answering=frozenset({COMMUNITY, SYSTEMS}),
    ring_key=SUBMISSIONS_KEY,
    to_many=True,
)


@contextmanager
def declared(world: World) -> Iterator[None]:
    """Let a room declare referrals, and nothing else: the database then has their table."""
    module: Any = ModuleType("accord.referrals.workflows")
    module.REFERRAL = REFERRAL
    notices = {code: Notice("", needs=READ_LEGAL_REQUESTS) for code in ("referral-came", "referral-answered")}
    room = Room("referrals", "does a need find help?", exchanges=("workflows.REFERRAL",), notices=notices)
    sys.modules[module.__name__] = module
    rooms.fill((*ROOMS, room))
    try:
        with world.owner() as owner:
            owner.execute(terms.exchange_moves().encode())
        yield
    finally:
        del sys.modules[module.__name__]
        rooms.fill(ROOMS)


TAKE = "select accord.exchange_take(%s, %s, %s, %s::uuid[], %s, %s, 'bed', null, {0}::integer[], {1}::bytea[], {0}, {1}, %s)"


def as_statement(
    web: psycopg.Connection, asker: uuid.UUID, exchange: uuid.UUID, to: Sequence[uuid.UUID], action: Do, after: int
) -> bool:
    """Take a step of a referral by SQL, with the events that belong to it. Returns whether the database took it."""
    turn, agency = REFERRAL_TURNS[action], web.execute("select accord.actor_agency()").fetchone()[0]
    lines = [(agency, f"referral-{action}") for _ in to]
    lines += [(asker if turn.by is Side.ANSWERER else each, turn.tells) for each in to]
    events = [{"chain": chain and str(chain), "action": line, "outcome": "done", "about": []} for chain, line in lines]
    nothing = TAKE.format(f"array_fill(0, array[{len(to)}])", f"array_fill(''::bytea, array[{len(to)}])")
    values = ["referral", asker, exchange, list(to), action.value, after, json.dumps(events)]
    return web.execute(nothing, values).fetchone()[0]
