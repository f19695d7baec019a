"""Read combined totals: one half-year at the statistics unit, for the analyst and the second reviewer."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accord.access.actors import Actor
from accord.access.codes import SUBMISSIONS_KEY
from accord.agencies.queries import fingerprint_of
from accord.core import clock
from accord.core.errors import Hidden
from accord.membership import queries as membership
from accord.numbers import due, rules
from accord.numbers.codes import SHOWN
from accord.numbers.models import Sum
from accord.numbers.rules import Keys, Period
from accord.numbers.workflows import SubmissionState, SumState
from accord.vault import queries as vault
from accord.vault import sealing


@dataclass(frozen=True)
class Line:
    """The state of one agency's submission, for the statistics unit. It never contains figures."""

    agency: uuid.UUID
    name: str
    state: str
    at: datetime | None


@dataclass(frozen=True)
class SumCell:
    """A cell of combined totals as the analyst and the second reviewer see it: its value, how many agencies
    contributed, and its protection status."""

    keys: Keys
    value: int
    agencies: int
    status: str

    @property
    def shown(self) -> int | None:
        """Return the value that may be shown, or None."""
        return self.value if self.status == SHOWN else None


@dataclass(frozen=True)
class SumCard:
    """Combined totals: who combined them, from which submissions, and what may be shown."""

    id: uuid.UUID
    period: Period
    state: str
    at: datetime
    by: str
    analyst: str
    parts: Mapping[uuid.UUID, int]
    expected: int
    cells: tuple[SumCell, ...]
    salt: bytes
    earlier: frozenset[uuid.UUID] = frozenset()  # combined totals that were already published at the time
    held_back: int = 0  # figures that those totals show and these hide

    def shown_text(self) -> str:
        """Return the text of the published cells."""
        return shown_text(self.cells)


@dataclass(frozen=True)
class Board:
    """One half-year at the statistics unit."""

    period: Period
    over: bool
    lines: Sequence[Line]
    sum: SumCard | None
    words: str

    @property
    def submitted(self) -> int:
        return sum(line.state == SubmissionState.SUBMITTED for line in self.lines)


def sum_bound(row: Sum) -> bytes:
    """Return the bytes that sealed combined totals are bound to. The state is left out, because it changes."""
    return sealing.bind("totals sum", row.owner.hex, row.id.hex, row.measure, row.version, row.period)


def shown_text(cells: Sequence[SumCell]) -> str:
    """Return, as text, the cells that may be shown. The text is hashed when totals are combined."""
    return json.dumps([[*cell.keys, cell.shown] for cell in cells])


def cells_from(cells: Sequence[Sequence[str | int]]) -> tuple[SumCell, ...]:
    """Return the cells of combined totals from JSON."""
    return tuple(
        SumCell(tuple(str(key) for key in keys), int(value), int(count), str(status))
        for *keys, value, count, status in cells
    )


def board(*, actor: Actor, period: Period) -> Board:
    """Return which agencies have submitted, which have not, and the newest combined totals."""
    lines = [Line(row.agency, row.name, row.state or "", row.at) for row in due.expected(actor=actor, period=period)]
    keys = vault.public_keys(agency=actor.agency)
    over = clock.today(actor.zone) > period.last
    return Board(period, over, lines, newest_sum(actor=actor, period=period), fingerprint_of(keys))


def newest_sum(*, actor: Actor, period: Period) -> SumCard | None:
    """Open and return a half-year's newest combined totals, or None."""
    row = Sum.objects.filter(owner=actor.agency, **period.which).order_by("-at").first()
    return _card(actor, row) if row else None


def waiting_sum(*, actor: Actor, sum_id: uuid.UUID) -> SumCard:
    """Return combined totals that are waiting for review. Raises Hidden if there are none with this id."""
    row = Sum.objects.filter(owner=actor.agency, id=sum_id, state=SumState.WAITING).first()
    if row is None:
        raise Hidden
    return _card(actor, row)


def _card(actor: Actor, row: Sum) -> SumCard:
    text = json.loads(
        sealing.decrypt(actor.ring.kind_key(SUBMISSIONS_KEY, row.ring_version), bytes(row.sealed), sum_bound(row))
    )
    return SumCard(
        row.id,
        rules.stored_period(row.measure, row.period),
        row.state,
        row.at,
        membership.colleague_names(actor=actor).get(row.by, ""),
        text["analyst"],
        {uuid.UUID(agency): revision for agency, revision in text["parts"].items()},
        row.expected,
        cells_from(text["cells"]),
        bytes.fromhex(text["salt"]),
        frozenset(uuid.UUID(sum_id) for sum_id in text.get("earlier", ())),
        text.get("held_back", 0),
    )


def ledger(*, actor: Actor, period: Period) -> list[SumCard]:
    """Return all published combined totals for this half-year, oldest first. An attacker already has these."""
    rows = Sum.objects.filter(owner=actor.agency, state=SumState.PUBLISHED, **period.which)
    return [_card(actor, row) for row in rows.order_by("at", "id")]


def published_sums(*, actor: Actor, period: Period) -> frozenset[uuid.UUID]:
    """Return the ids of the published combined totals for this half-year."""
    rows = Sum.objects.filter(owner=actor.agency, state=SumState.PUBLISHED, **period.which)
    return frozenset(rows.values_list("id", flat=True))
