"""The measurements of `make bench`. They use pages through a client and everything else through services."""

from __future__ import annotations

import functools
import json
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accord.access.acting import acting
from accord.access.actors import Actor
from accord.access.codes import SUBMISSIONS_KEY
from accord.access.trail import Trail
from accord.core import clock
from accord.exchange.models import Step
from accord.exchange.queries import bound
from accord.membership.queries import actor_of
from accord.numbers import queries as numbers
from accord.numbers import services as totals
from accord.numbers.due import topic_of
from accord.numbers.rules import all_cells
from accord.numbers.workflows import TOTALS, SubmissionState, SubmissionStep
from accord.people import queries as people_queries
from accord.vault import queries as vault
from accord.vault import sealing
from bench.rounds import Figure, Taken, Work, note
from bench.towns import Town, draft
from tests.region import World

PAGES = (
    ("alma", "today", "/"),
    ("adele", "my clients, everyone", "/people/"),
    ("adele", "a person, own", "/people/{own}/"),
    ("elena", "a person, shared", "/people/{shared}/"),
    ("adele", "needs, new", "/people/{own}/items/new/"),
    ("alma", "release, new", "/people/{alma}/forms/new/"),
    ("adele", "numbers", "/numbers/"),
    ("adele", "the agency's log", "/agency/log/"),
    ("adele", "colleagues", "/agency/"),
    ("adele", "agreements", "/agreements/"),
)
STATIC = Path(settings.STATIC_ROOT)
FONT = re.compile(r'url\("(fonts/[^"]+)"\)')
ASSET = re.compile(rb'(?:href|src)="(/static/[^"]+)"')


@dataclass(frozen=True)
class Row:
    """One figure of the budget table. `budget` is in the figure's own unit. `ratio` compares seconds to the calibration
    loop of the same round."""

    what: str
    figure: Figure
    budget: float
    unit: str = "s"
    note: str = ""
    ratio: float | None = None

    @property
    def missed(self) -> bool:
        """Return whether the budget is missed beyond the spread: three of four rounds were over it."""
        return self.figure.low > self.budget


def timed(what: str, taken: Sequence[Taken], budget: float, more: str = "") -> Row:
    """Return the row for a time."""
    figure = Figure.of([one.processor for one in taken])
    ratio = Figure.of([one.processor / one.loop for one in taken]).median
    return Row(what, figure, budget, note=note(taken) + more, ratio=ratio)


def compared(what: str, taken: Sequence[Taken], against: Sequence[Taken], budget: float) -> Row:
    """Return the row for how many times as long one work takes as another in the same round."""
    pairs = list(zip(taken, against, strict=True))
    one, other = (Figure.of([each.processor for each in side]).median * 1000 for side in (taken, against))
    inside = Figure.of([each.database / other.database for each, other in pairs]).median
    figure = Figure.of([each.processor / other.processor for each, other in pairs])
    return Row(what, figure, budget, "x", f"{one:.2f} against {other:.2f} ms; {inside:.2f} x in the database")


@contextmanager
def acting_as(world: World, user: str) -> Iterator[Actor]:
    """Act as a persona in a transaction, and do nothing else: no look at the age of the second factor."""
    session = world.session(user)
    with acting(session.ticket, trail=Trail(source="bench")) as trail:
        yield actor_of(session, trail)


def page(town: Town, user: str, route: str) -> Work:
    """Return one page as work: its server time."""
    client = town.seat.do(town.world.client, user)
    path = route.format(**town.ids)

    def get(_: None) -> None:
        assert client.get(path).status_code == 200, path

    return Work(town.seat, get)


def statements(work: Work) -> int:
    """Return how many statements a work takes."""

    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            work.run(None)
        return len(caught)

    return work.seat.do(count)


def activation(town: Town) -> tuple[Work, Counter[str]]:
    """Return, as work, signing one release of five kinds and putting it into effect, without its PDF. Each round takes
    another person. The counter counts the statements."""
    people, asked = iter(town.more), Counter[str]()

    @contextmanager
    def setting() -> Iterator[Callable[[], object]]:
        sign = draft(town.world, next(people))
        asked.clear()
        with town.world.as_("alma") as alma, connection.execute_wrapper(functools.partial(_counted, asked)):
            yield functools.partial(sign, alma)

    return Work(town.seat, lambda signing: signing(), setting), asked


def _counted(asked: Counter[str], execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    """Count one more statement. Django's own log writes out each statement with its values, which takes time."""
    asked[sql] += 1
    return execute(sql, *rest)


def search(town: Town, user: str, text: str) -> Work:
    """Return one search by name as work, with its transaction and its line in the log."""

    def work(_: None) -> None:
        with acting_as(town.world, user) as actor:
            assert people_queries.search_by_name(actor=actor, text=text).rows

    return Work(town.seat, work)


def half_year(town: Town) -> Work:
    """Return counting a half-year at Harbor House as work, in all its slices."""

    def work(_: None) -> None:
        finished = False
        while not finished:
            with acting_as(town.world, "adele") as adele:
                period, _next = numbers.current_periods(today=clock.today(adele.zone))
                finished = totals.count(actor=adele, period=period).finished

    return Work(town.seat, work)


def submissions(world: World, count: int) -> None:
    """Create submissions from this many agencies for the current half-year, sealed to the statistics unit as real ones
    would be."""
    with world.as_("ines") as ines:
        period, _ = numbers.current_periods(today=clock.today(ines.zone))
        at, unit = clock.now(), world.agencies["statistics"]
        version = ines.ring.latest(SUBMISSIONS_KEY)
        public = vault.public_keys(agency=unit)[SUBMISSIONS_KEY, version]
    fields = [field for field in Step._meta.concrete_fields if field.attname != "pk"]
    cells, columns = all_cells(), [field.column for field in fields]
    marks = ", ".join(["%s"] * len(columns))
    with world.owner() as owner:
        for number in range(count):
            counts = Counter({keys: 1 + (number * 7 + place * 3) % 23 for place, keys in enumerate(cells)})
            agency = uuid.uuid4()
            row = Step(
                owner=agency,
                asker=agency,
                exchange=uuid.uuid4(),
                answerer=unit,
                step=1,
                code=TOTALS.code,
                action=SubmissionStep.SUBMIT,
                state=SubmissionState.SUBMITTED,
                topic=topic_of(period),
                readers=[agency, unit],
                former=b"",
                ring_version=version,
                own_ring_version=1,
                sealed_own=b"",
                at=at,
                by=uuid.uuid4(),
            )
            text = sealing.pad(json.dumps({"cells": numbers.counts_to(counts)}).encode())
            row.sealed = sealing.seal_to(public, text, bound(row))
            values = [getattr(row, field.attname) for field in fields]
            owner.execute(f"insert into {Step._meta.db_table} ({', '.join(columns)}) values ({marks})", values)


def sum_of_all(town: Town) -> Work:
    """Return, as work, opening, combining and protecting every submission for the current half-year, as the statistics
    unit."""

    def work(_: None) -> None:
        with acting_as(town.world, "ines") as ines:
            period, _next = numbers.current_periods(today=clock.today(ines.zone))
            totals.sum_up(actor=ines, period=period, limit_seconds=0.5)

    return Work(town.seat, work)


COUNT = "select kind, count(*) from sharing_entry where owner = %s group by kind"
READ = "select * from sharing_entry where owner = %s and person = %s"
# As the product saves entries: values, and nothing read.
WRITE = (
    "insert into sharing_entry (owner, person, series, kind, revision, epoch, type, schema, by, at, sealed) "
    "select %s, %s, gen_random_uuid(), * from unnest(%s::text[], %s::int[], %s::int[], %s::text[], %s::int[], "
    "%s::uuid[], %s::timestamptz[], %s::bytea[])"
)


WRITTEN = "series, kind, revision, epoch, type, schema, by, at, sealed"
UNDO = "delete from sharing_entry where owner = %s and person = %s and series <> all(%s)"


FLOOR = (
    ("counts under the floor", COUNT, 1.5),
    ("writes under the floor", WRITE, 1.5),
    ("a short read under the floor", READ, 3.0),
)


AT_ONCE = 10


@contextmanager
def floor(town: Town) -> Iterator[dict[tuple[str, str], Work]]:
    """Yield counts, writes and one short read as `web` under the floor, and the same statements as `owner`, which has
    no floor. Each round commits, as a page does. After a rollback, the driver forgets its plans."""
    mine = [town.world.agencies["harbor"], UUID(town.ids["own"])]
    with town.world.web() as web, town.world.owner() as owner, town.world.owner() as broom:
        ticket = town.seat.do(town.world.session, "adele").ticket
        web.execute("select set_config('accord.ticket', %s, false)", [ticket])
        found = broom.execute(f"select {WRITTEN} from sharing_entry where owner = %s and person = %s", mine).fetchall()
        kept, *columns = (list(column) for column in zip(*found, strict=True))
        values = {COUNT: mine[:1], READ: mine, WRITE: [*mine, *columns]}

        @contextmanager
        def swept() -> Iterator[None]:
            yield
            broom.execute(UNDO, [*mine, kept])

        yield {
            (what, who): Work(
                town.seat,
                functools.partial(_commit, link, statement, values[statement]),
                swept if statement == WRITE else nullcontext,
                link,
                times=1 if statement == COUNT else AT_ONCE,
            )
            for what, statement, _budget in FLOOR
            for who, link in (("web", web), ("owner", owner))
        }


def _commit(link: psycopg.Connection, statement: str, values: list[Any], _: None) -> None:
    with link.transaction():
        link.execute(statement, values)


def weight(world: World, path: str) -> tuple[float, float]:
    """Return the kilobytes that one page sends over the network: on the first visit, with style sheets, scripts and
    fonts, and on later visits, when the browser already has those."""
    client = world.client("alma")
    page = client.get(path).content
    parts = {found.decode() for found in ASSET.findall(page)}
    sizes = [len(page), *(_sent(client, part) for part in parts)]
    fonts = FONT.findall((STATIC / "ui" / "accord.css").read_text(encoding="utf-8"))
    sizes += [_sent(client, f"/static/ui/{font}") for font in fonts]
    return sum(sizes) / 1024, len(page) / 1024


def _sent(client: Client, path: str) -> int:
    answer = client.get(path, headers={"accept-encoding": "gzip"})
    with closing(answer):
        return len(b"".join(answer.streaming_content) if answer.streaming else answer.content)
