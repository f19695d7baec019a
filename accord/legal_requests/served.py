"""Legal requests sent to the hub: subpoenas, warrants, and letters. The hub forwards them and can't read them
afterward.

The sender, reference, due date, and text can name a person, so they are encrypted to each receiving agency when the
operator submits the form. The hub keeps no copy. After that, the hub can see only what is in `Forwarded`. The operator
chooses the agencies, because the hub can't know which agency a person is a client of (confidentiality.md 4.1,
acceptance line 62).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from accord.access.actors import Actor, require, require_role
from accord.access.codes import FORWARD_LEGAL_REQUEST, READ_LEGAL_REQUESTS
from accord.agencies.queries import agency_names, every_agency
from accord.core import clock
from accord.core.errors import Conflict, Hidden, Invalid, Refused
from accord.core.exchange import Side
from accord.core.statements import fetch
from accord.core.text import N_
from accord.exchange import queries as exchanges
from accord.exchange import services
from accord.exchange.queries import Lane
from accord.exchange.services import Body
from accord.law.codes import Process
from accord.legal_requests.workflows import FORWARDED, KEPT_DAYS, SERVED, ServedAction, ServedState
from accord.vault import queries as vault
from accord.vault import sealing

_FORWARDED = """
select f.exchange, f.answerer, f.topic, f.day, f.begun_at, f.state
from accord.exchange_states(%(code)s) f
order by f.begun_at desc, f.exchange
"""
_UNOPENED = """
select f.topic, f.begun_at, n.name from accord.exchange_states(%(code)s) f join agencies_agency n on n.owner = f.answerer
where f.state = %(sent)s order by f.begun_at, n.name limit 12
"""


def requests_unopened(*, actor: Actor) -> list[tuple[str, str, datetime]]:
    """Return the type, agency, and forwarding time of requests that no privacy officer has opened. Raises Refused."""
    require_role(actor, FORWARD_LEGAL_REQUEST)
    rows = fetch(_UNOPENED, code=FORWARDED.code, sent=ServedState.SENT.value)
    return [(row.topic, row.name, row.begun_at) for row in rows]


UNREADABLE = N_(
    "This legal request can't be read. It was changed in transit, or it didn't come from the hub's own "
    "page. Ask the operator to send it again."
)
BUCKET = 1024  # padding, so that the length of a short text reveals nothing
# How long a request is kept after a privacy officer starts handling it. Steps taken on the request are recorded in the
# person's own record.
KEPT = timedelta(days=KEPT_DAYS)
NO_DAY = "9999"  # sorts after every due date


@dataclass(frozen=True, kw_only=True)
class Content:
    """The part of a request that only the agency's privacy officers can read. `due_on` is the due date as ISO text, or
    ''."""

    sender: str = ""
    reference: str = ""
    due_on: str = ""
    says: str = ""


@dataclass(frozen=True)
class Forwarded:
    """The part of a request that the hub can still see: its type, its date, and what each agency has done with it."""

    id: uuid.UUID
    process: str
    came_on: date
    sent_at: datetime
    agencies: tuple[tuple[str, ServedState], ...]  # sorted by name


@dataclass(frozen=True)
class ReceivedRequest:
    """A legal request in the receiving agency's list. `due_on` is the due date as ISO text, '' if none is given, or
    None if it can't be read."""

    id: uuid.UUID
    process: str
    came_on: date
    sent_at: datetime
    state: ServedState
    taken_at: datetime | None
    taken_by: uuid.UUID | None
    due_on: str | None

    @property
    def goes_at(self) -> datetime | None:
        """Return when the request will be deleted, or None if no one is handling it."""
        return self.taken_at + KEPT if self.taken_at else None


def recipients() -> list[tuple[uuid.UUID, str]]:
    """Return the agencies that can receive a legal request: those whose first privacy officer has joined."""
    rows = every_agency()
    keys = vault.newest_public(agencies=[owner for owner, _name in rows], code=FORWARDED.ring_key)
    return [(owner, name) for owner, name in rows if owner in keys]


def forward(
    *, actor: Actor, process: str, came_on: date, agencies: Collection[uuid.UUID], content: Content
) -> uuid.UUID:
    """Encrypt a request to each of these agencies' privacy officers, and give them a notice and a task. Raises
    Invalid."""
    require(actor, FORWARD_LEGAL_REQUEST)
    _check(actor, process, came_on, content)
    chosen = sorted(set(agencies))
    keys = vault.newest_public(agencies=chosen, code=FORWARDED.ring_key)
    if not chosen or set(keys) != set(chosen) or actor.agency in chosen:
        raise Invalid(
            fields={"agencies": N_("Choose at least one agency whose privacy officers can open the request.")}
        )
    legal_request = uuid.uuid4()
    lanes = [
        Lane(
            code=FORWARDED.code, asker=actor.agency, exchange=legal_request, answerer=agency, topic=process, day=came_on
        )
        for agency in chosen
    ]
    body = Body(told=_packed(content), keys=keys)
    services.take(actor=actor, lanes=lanes, action=ServedAction.FORWARD, body=body)
    return legal_request


def _check(actor: Actor, process: str, came_on: date, content: Content) -> None:
    fields = {}
    if process not in set(Process):
        fields["process"] = N_("Choose the type of legal request.")
    if came_on > clock.today(actor.zone):
        fields["came_on"] = N_("Choose today or an earlier date.")
    if content.due_on and content.due_on < came_on.isoformat():
        fields["due_on"] = N_("Choose the day it was received or a later date.")
    if not content.says.strip():
        fields["request_says"] = N_("Enter what the request says.")
    if fields:
        raise Invalid(fields=fields)


def _packed(content: Content) -> bytes:
    text = json.dumps(asdict(content)).encode()
    return text + b" " * (-len(text) % BUCKET)


def forwarded(*, actor: Actor) -> list[Forwarded]:
    """Return forwarded requests, newest first, with everything the hub can still see. Raises Refused."""
    require(actor, FORWARD_LEGAL_REQUEST)
    rows = fetch(_FORWARDED, code=FORWARDED.code)
    names = agency_names({row.answerer for row in rows})
    return [
        Forwarded(*head, tuple(sorted((names[row.answerer], ServedState(row.state)) for row in told)))
        for head, told in groupby(rows, key=lambda row: (row.exchange, row.topic, row.day, row.begun_at))
    ]


def received(*, actor: Actor) -> list[ReceivedRequest]:
    """Return the actor's agency's requests. Requests that no one is handling come first, and each group is sorted by
    due date.

    The due date is the only encrypted detail returned, and no request is marked as opened. Raises Refused.
    """
    require(actor, READ_LEGAL_REQUESTS)
    cards = sorted((_card(lane, _due(actor, lane)) for lane in _received(actor)), key=lambda card: card.id)
    newest = sorted(cards, key=lambda card: card.sent_at, reverse=True)
    return sorted(newest, key=lambda card: (card.taken_at is not None, card.due_on or NO_DAY))


def _received(actor: Actor, **known: uuid.UUID) -> list[Lane]:
    return exchanges.lanes(actor=actor, side=Side.ANSWERER, code=FORWARDED.code, **known)


def _one(actor: Actor, legal_request: uuid.UUID) -> Lane:
    require(actor, READ_LEGAL_REQUESTS)
    found = _received(actor, exchange=legal_request)
    if not found:
        raise Hidden
    return found[0]


def _due(actor: Actor, lane: Lane) -> str | None:
    try:
        return _content(actor, lane).due_on
    except Refused:
        return None


def _card(lane: Lane, due_on: str | None) -> ReceivedRequest:
    forwarded, *later = lane.steps
    taken = next((step for step in later if step.action == ServedAction.TAKE_ON), None)
    came_on = lane.day or forwarded.at.date()  # a request that was not sent from the page may have no day
    at, by = (taken.at, taken.by) if taken else (None, None)
    return ReceivedRequest(lane.exchange, lane.topic, came_on, forwarded.at, lane.state, at, by, due_on)


def read(*, actor: Actor, legal_request: uuid.UUID) -> tuple[ReceivedRequest, Content]:
    """Open one request, and tell the hub that it was opened.

    Raises Hidden or NoKey. Also raises Refused if the request doesn't decrypt, which means that the hub's page didn't
    send it.
    """
    lane = _one(actor, legal_request)
    content = _content(actor, lane)
    _note_opened(actor, lane)
    return _card(lane, content.due_on), content


def _note_opened(actor: Actor, lane: Lane) -> None:
    """Record that the request was opened, if that changes its state. Each opening is logged."""
    if SERVED.after(lane.state, ServedAction.OPEN) is not lane.state:
        with suppress(Conflict):  # a colleague took a step at the same moment
            services.take(actor=actor, lanes=[lane], action=ServedAction.OPEN)
            return
    actor.log(SERVED.log(ServedAction.OPEN))


def _content(actor: Actor, lane: Lane) -> Content:
    try:
        return _unpacked(exchanges.open_step(actor=actor, step=lane.steps[0]))
    except (sealing.CannotOpen, ValueError, TypeError, RecursionError):
        raise Refused(UNREADABLE, code="unreadable") from None


def _unpacked(text: bytes) -> Content:
    """Parse the output of `_packed`. Raises ValueError or TypeError for anything else."""
    content = Content(**json.loads(text))
    if not all(isinstance(value, str) for value in asdict(content).values()):
        raise TypeError
    if content.due_on:
        date.fromisoformat(content.due_on)
    return content


def take_on(*, actor: Actor, legal_request: uuid.UUID) -> None:
    """Record that this privacy officer is handling the request. Raises Hidden, or Conflict if a colleague was first."""
    services.take(actor=actor, lanes=[_one(actor, legal_request)], action=ServedAction.TAKE_ON)
