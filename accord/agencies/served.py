"""Papers that reach the hub: a subpoena, a warrant, a letter. The hub passes each on and cannot read it again.

Who sent it, its reference, the day for an answer and what it says can name a person. They are sealed to each agency that
it asks of, in the moment in which the operator sends the form; no copy stays with the hub, and what the hub reads of it
later is on the list in `Forwarded`. Which agencies it asks of is said by the operator: whether anybody is known there, she
cannot know (confidentiality.md 4.1, acceptance line 62).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from accord.access.actors import Actor, require
from accord.access.codes import FORWARD_PAPER, HUB, READ_PAPERS, SUBMISSIONS_KEY
from accord.agencies.models import Agency, ServedPaper
from accord.agencies.queries import agency_names
from accord.core import clock
from accord.core.errors import Conflict, Hidden, Invalid, Refused
from accord.core.text import N_
from accord.law.codes import Process
from accord.vault import queries as vault
from accord.vault import sealing

# The one ring key that an agency's officers hold and its other colleagues do not. In a statistics unit analyst and
# reviewer hold it too; there the page and the floor's function keep the paper to its officers.
OFFICERS_KEY = SUBMISSIONS_KEY
UNREADABLE = N_(
    "This legal request can't be read. It was changed on the way, or it didn't come from the hub's own "
    "page. Ask the operator to send it again."
)
BUCKET = 1024  # its length tells nothing of a short paper
# How long a paper is kept after an officer took it on: `accord.papers_sweep`, called at sign-in, holds the same. What was
# done because of it stands at the person's own record.
KEPT = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Content:
    """What nobody but the officers of the agency reads. `due_on`: the day an answer is due, as ISO text, or ''."""

    sender: str = ""
    reference: str = ""
    due_on: str = ""
    says: str = ""


@dataclass(frozen=True)
class Forwarded:
    """A paper as the hub knows it afterwards: its kind, its day, and of each agency whether an officer has opened it."""

    id: uuid.UUID
    process: str
    came_on: date
    sent_at: datetime
    agencies: tuple[tuple[str, bool, bool], ...]  # name, opened, taken on


@dataclass(frozen=True)
class Paper:
    """A paper in the list of an agency that it asks of."""

    id: uuid.UUID
    process: str
    came_on: date
    sent_at: datetime
    opened: bool
    taken_at: datetime | None
    taken_by: uuid.UUID | None

    @property
    def goes_at(self) -> datetime | None:
        """When it is deleted; None while nobody has taken it on."""
        return self.taken_at + KEPT if self.taken_at else None


def recipients() -> list[tuple[uuid.UUID, str]]:
    """Agencies to which a paper can be sealed: their first officer has come. The same whoever may be known there."""
    rows = list(Agency.objects.exclude(kind=HUB).order_by("name").values_list("owner", "name"))
    keys = vault.newest_public(agencies=[owner for owner, _name in rows], code=OFFICERS_KEY)
    return [(owner, name) for owner, name in rows if owner in keys]


def forward(
    *, actor: Actor, process: str, came_on: date, agencies: Collection[uuid.UUID], content: Content
) -> uuid.UUID:
    """Seal a paper to the officers of each of these agencies and tell them that one came. Raises Invalid."""
    require(actor, FORWARD_PAPER)
    _check(actor, process, came_on, content)
    chosen = sorted(set(agencies))
    keys = vault.newest_public(agencies=chosen, code=OFFICERS_KEY)
    if not chosen or set(keys) != set(chosen) or actor.agency in chosen:
        raise Invalid(fields={"agencies": N_("Choose at least one agency whose privacy officers can open it.")})
    paper, text = uuid.uuid4(), _packed(content)
    seals = [
        sealing.seal_to(public, text, _bound(agency, paper, process, came_on, version))
        for agency, (version, public) in sorted(keys.items())
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "select accord.paper_forward(%s, %s, %s, %s::uuid[], %s::integer[], %s::bytea[])",
            [paper, process, came_on, chosen, [keys[agency][0] for agency in chosen], seals],
        )
        if not cursor.fetchone()[0]:
            raise Refused(code="role")
    for agency in chosen:
        actor.log("paper-forwarded", to=str(agency))
    return paper


def _check(actor: Actor, process: str, came_on: date, content: Content) -> None:
    fields = {}
    if process not in set(Process):
        fields["process"] = N_("Choose the type of legal request.")
    if came_on > clock.today(actor.zone):
        fields["came_on"] = N_("Choose today or an earlier date.")
    if content.due_on and content.due_on < came_on.isoformat():
        fields["due_on"] = N_("Choose a date that isn't before the day it was received.")
    if not content.says.strip():
        fields["paper_says"] = N_("Enter what it says.")
    if fields:
        raise Invalid(fields=fields)


def _packed(content: Content) -> bytes:
    text = json.dumps(asdict(content)).encode()
    return text + b" " * (-len(text) % BUCKET)


def _bound(agency: uuid.UUID, paper: uuid.UUID, process: str, came_on: date, version: int) -> bytes:
    return sealing.bind("served paper", agency.hex, paper.hex, process, came_on.isoformat(), version)


def forwarded(*, actor: Actor) -> list[Forwarded]:
    """Papers that the hub passed on, newest first: all that it keeps of them. Raises Refused."""
    require(actor, FORWARD_PAPER)
    with connection.cursor() as cursor:
        cursor.execute("select id, process, came_on, sent_at, agency, opened, taken_on from accord.papers_forwarded()")
        rows = cursor.fetchall()
    names = agency_names({row[4] for row in rows})
    told: dict[uuid.UUID, list[tuple[str, bool, bool]]] = {}
    for row in sorted(rows, key=lambda row: names[row[4]]):
        told.setdefault(row[0], []).append((names[row[4]], row[5], row[6]))
    heads = {row[0]: row[:4] for row in rows}
    papers = [Forwarded(*head, tuple(told[head[0]])) for head in heads.values()]
    return sorted(papers, key=lambda paper: paper.sent_at, reverse=True)


def papers(*, actor: Actor) -> list[Paper]:
    """Papers that ask of the actor's own agency: those that nobody has taken on first, then the newest. Raises Refused."""
    require(actor, READ_PAPERS)
    rows = ServedPaper.objects.filter(owner=actor.agency).order_by("-sent_at")
    return sorted((_card(row) for row in rows.defer("sealed")), key=lambda paper: paper.taken_at is not None)


def _card(row: ServedPaper) -> Paper:
    opened = row.opened_at is not None
    return Paper(row.id, row.process, row.came_on, row.sent_at, opened, row.taken_at, row.taken_by)


def read(*, actor: Actor, paper: uuid.UUID) -> tuple[Paper, Content]:
    """One of them, opened; the hub is told that an officer has opened it. Raises Hidden, NoKey, or Refused also for one
    that does not open: whatever came, it is not what the hub's page seals."""
    require(actor, READ_PAPERS)
    row = ServedPaper.objects.filter(owner=actor.agency, id=paper).first()
    if row is None:
        raise Hidden
    bound = _bound(row.owner, row.id, row.process, row.came_on, row.key_version)
    try:
        content = _unpacked(actor.ring.inbound(OFFICERS_KEY, row.key_version).open(bytes(row.sealed), bound))
    except (sealing.CannotOpen, ValueError, TypeError, RecursionError):
        raise Refused(UNREADABLE, code="unreadable") from None
    with connection.cursor() as cursor:
        cursor.execute("select accord.paper_opened(%s)", [row.id])
    actor.log("paper-opened")
    return _card(row), content


def _unpacked(text: bytes) -> Content:
    """Raises ValueError or TypeError for anything else than `_packed` makes."""
    content = Content(**json.loads(text))
    if not all(isinstance(value, str) for value in asdict(content).values()):
        raise TypeError
    if content.due_on:
        date.fromisoformat(content.due_on)
    return content


def take_on(*, actor: Actor, paper: uuid.UUID) -> None:
    """This officer sees to it. Raises Hidden, or Conflict when a colleague was quicker."""
    require(actor, READ_PAPERS)
    if not ServedPaper.objects.filter(owner=actor.agency, id=paper).exists():
        raise Hidden
    with connection.cursor() as cursor:
        cursor.execute("select accord.paper_take_on(%s)", [paper])
        if not cursor.fetchone()[0]:
            raise Conflict(N_("Someone is already handling this."), code="not_allowed_now")
    actor.log("paper-taken-on")
