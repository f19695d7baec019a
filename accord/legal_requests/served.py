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
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from accord.access.actors import Actor, require, require_role
from accord.access.codes import FORWARD_LEGAL_REQUEST, READ_LEGAL_REQUESTS, SUBMISSIONS_KEY
from accord.agencies.queries import agency_names, every_agency
from accord.core import clock
from accord.core.errors import Hidden, Invalid, Refused
from accord.core.statements import call_sql, fetch
from accord.core.text import N_
from accord.law.codes import Process
from accord.legal_requests.codes import Task
from accord.legal_requests.models import ServedRequest
from accord.legal_requests.rules import served_state
from accord.legal_requests.workflows import SERVED, ServedAction, ServedState
from accord.vault import queries as vault
from accord.vault import sealing
from accord.work import services as work

_FORWARDED = """
select f.process, f.sent_at, n.name from accord.legal_requests_forwarded() f join agencies_agency n on n.owner = f.agency
where not f.opened order by f.sent_at, n.name limit 12
"""


def requests_unopened(*, actor: Actor) -> list[tuple[str, str, datetime]]:
    """Return the type, agency, and forwarding time of requests that no privacy officer has opened. Raises Refused."""
    require_role(actor, FORWARD_LEGAL_REQUEST)
    return [(row.process, row.name, row.sent_at) for row in fetch(_FORWARDED)]


# The only ring key reserved for an agency's privacy officers. In a statistics unit, the analyst and the reviewer also
# hold it. There, the page and the floor's function show legal requests only to privacy officers.
OFFICERS_KEY = SUBMISSIONS_KEY
UNREADABLE = N_(
    "This legal request can't be read. It was changed in transit, or it didn't come from the hub's own "
    "page. Ask the operator to send it again."
)
BUCKET = 1024  # padding, so that the length of a short text reveals nothing
# How long a request is kept after a privacy officer starts handling it. The job `accord.legal_requests_sweep` has the same
# limit. Steps taken on the request are recorded in the person's own record.
KEPT = timedelta(days=365)
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
    keys = vault.newest_public(agencies=[owner for owner, _name in rows], code=OFFICERS_KEY)
    return [(owner, name) for owner, name in rows if owner in keys]


def forward(
    *, actor: Actor, process: str, came_on: date, agencies: Collection[uuid.UUID], content: Content
) -> uuid.UUID:
    """Encrypt a request to each of these agencies' privacy officers, and give them a notice and a task. Raises
    Invalid."""
    require(actor, FORWARD_LEGAL_REQUEST)
    _check(actor, process, came_on, content)
    chosen = sorted(set(agencies))
    keys = vault.newest_public(agencies=chosen, code=OFFICERS_KEY)
    if not chosen or set(keys) != set(chosen) or actor.agency in chosen:
        raise Invalid(
            fields={"agencies": N_("Choose at least one agency whose privacy officers can open the request.")}
        )
    legal_request, text = uuid.uuid4(), _packed(content)
    seals = [
        sealing.seal_to(public, text, _bound(agency, legal_request, process, came_on, version))
        for agency, (version, public) in sorted(keys.items())
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "select accord.legal_request_forward(%s, %s, %s, %s::uuid[], %s::integer[], %s::bytea[])",
            [legal_request, process, came_on, chosen, [keys[agency][0] for agency in chosen], seals],
        )
        if not cursor.fetchone()[0]:
            raise Refused(code="role")
    work.ask_role(actor=actor, code=Task.HANDLE.value, of=chosen, matter=legal_request)
    for agency in chosen:
        actor.log(SERVED.log(ServedAction.FORWARD), to=str(agency))
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


def _bound(agency: uuid.UUID, legal_request: uuid.UUID, process: str, came_on: date, version: int) -> bytes:
    return sealing.bind("served paper", agency.hex, legal_request.hex, process, came_on.isoformat(), version)


def forwarded(*, actor: Actor) -> list[Forwarded]:
    """Return forwarded requests, newest first, with everything the hub can still see. Raises Refused."""
    require(actor, FORWARD_LEGAL_REQUEST)
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, process, came_on, sent_at, agency, opened, taken_on from accord.legal_requests_forwarded()"
        )
        rows = cursor.fetchall()
    names = agency_names({row[4] for row in rows})
    told: dict[uuid.UUID, list[tuple[str, ServedState]]] = {}
    for row in sorted(rows, key=lambda row: names[row[4]]):
        told.setdefault(row[0], []).append((names[row[4]], served_state(opened=row[5], taken_on=row[6])))
    heads: dict[uuid.UUID, tuple[uuid.UUID, str, date, datetime]] = {row[0]: row[:4] for row in rows}
    legal_requests = [Forwarded(*head, tuple(told[head[0]])) for head in heads.values()]
    return sorted(legal_requests, key=lambda legal_request: legal_request.sent_at, reverse=True)


def received(*, actor: Actor) -> list[ReceivedRequest]:
    """Return the actor's agency's requests. Requests that no one is handling come first, and each group is sorted by
    due date.

    The due date is the only encrypted detail returned, and no request counts as opened. Raises Refused.
    """
    require(actor, READ_LEGAL_REQUESTS)
    rows = ServedRequest.objects.filter(owner=actor.agency).order_by("-sent_at", "id")
    cards = [_card(row, _due(actor, row)) for row in rows]
    return sorted(cards, key=lambda legal_request: (legal_request.taken_at is not None, legal_request.due_on or NO_DAY))


def _due(actor: Actor, row: ServedRequest) -> str | None:
    try:
        return _content(actor, row).due_on
    except Refused:
        return None


def _card(row: ServedRequest, due_on: str | None) -> ReceivedRequest:
    return ReceivedRequest(
        row.id, row.process, row.came_on, row.sent_at, _state(row), row.taken_at, row.taken_by, due_on
    )


def _state(row: ServedRequest) -> ServedState:
    return served_state(opened=row.opened_at is not None, taken_on=row.taken_at is not None)


def read(*, actor: Actor, legal_request: uuid.UUID) -> tuple[ReceivedRequest, Content]:
    """Open one request, and tell the hub that it was opened.

    Raises Hidden or NoKey. Also raises Refused if the request doesn't decrypt, which means that the hub's page didn't
    send it.
    """
    require(actor, READ_LEGAL_REQUESTS)
    row = ServedRequest.objects.filter(owner=actor.agency, id=legal_request).first()
    if row is None:
        raise Hidden
    content = _content(actor, row)
    call_sql("legal_request_opened", row.id)
    actor.log(SERVED.log(ServedAction.OPEN))
    return _card(row, content.due_on), content


def _content(actor: Actor, row: ServedRequest) -> Content:
    bound = _bound(row.owner, row.id, row.process, row.came_on, row.key_version)
    try:
        return _unpacked(actor.ring.inbound(OFFICERS_KEY, row.key_version).open(bytes(row.sealed), bound))
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
    require(actor, READ_LEGAL_REQUESTS)
    row = ServedRequest.objects.filter(owner=actor.agency, id=legal_request).first()
    if row is None:
        raise Hidden
    SERVED.move(_state(row), ServedAction.TAKE_ON)
    with connection.cursor() as cursor:
        cursor.execute("select accord.legal_request_take_on(%s)", [legal_request])
        if not cursor.fetchone()[0]:
            raise SERVED.refused()
    work.close_tasks(actor=actor, code=Task.HANDLE.value, matter=legal_request)
    actor.log(SERVED.log(ServedAction.TAKE_ON))
