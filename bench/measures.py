"""The measurements of `make bench`. They use pages through a client and everything else through services."""

from __future__ import annotations

import functools
import json
import re
import statistics
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accord.access.codes import SUBMISSIONS_KEY
from accord.core import clock
from accord.numbers import queries as numbers
from accord.numbers import services as totals
from accord.numbers.codes import SUBMITTED
from accord.numbers.models import Submission
from accord.numbers.rules import all_cells
from accord.people import queries as people_queries
from accord.releases import queries as release_queries
from accord.releases import services as releases
from accord.releases.entries import Release
from accord.sharing import services as records
from accord.vault import queries as vault
from accord.vault import sealing
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
    """One figure. `budget` is in the figure's own unit. Seconds are also shown as ratios to the calibration loop."""

    what: str
    value: float
    budget: float
    unit: str = "s"
    note: str = ""


@dataclass(frozen=True)
class Taken:
    """The seconds that some work took: elapsed time, this process's processor time, the database's processor time."""

    wall: float
    python: float
    database: float

    @property
    def processor(self) -> float:
        """Return the processor time. Elapsed time would grow on a busy machine."""
        return self.python + self.database

    def note(self, statements: float | None = None) -> str:
        """Return a note on where the time went."""
        asked = f", {statements:.0f} statements" if statements is not None else ""
        parts = f"Python {self.python * 1000:.0f} and database {self.database * 1000:.0f} ms{asked}"
        return f"{parts}; {self.wall * 1000:.0f} by the clock"


def once(work: Callable[[], object], link: psycopg.Connection | None = None) -> Taken:
    """Run one round. The database time is that of the connection's own server process (Linux reports it to the
    nanosecond)."""
    if link is None:
        connection.ensure_connection()
        link = connection.connection
    server = Path(f"/proc/{link.info.backend_pid}/schedstat")
    began = (time.perf_counter(), time.process_time(), int(server.read_text().split()[0]))
    work()
    ended = (time.perf_counter(), time.process_time(), int(server.read_text().split()[0]))
    return Taken(ended[0] - began[0], ended[1] - began[1], (ended[2] - began[2]) / 1e9)


# The driver prepares a statement the sixth time it is used, and the database keeps its plan the sixth time after that.
WARM = 12


def median(work: Callable[[], object], rounds: int = 9) -> Taken:
    """Run some rounds after the warm-up rounds and return their medians."""
    for _ in range(WARM):
        work()
    return middle([once(work) for _ in range(rounds)])


def middle(taken: Sequence[Taken]) -> Taken:
    """Return the round with the median processor time."""
    return sorted(taken, key=lambda one: one.processor)[len(taken) // 2]


def pages(world: World, ids: dict[str, str]) -> dict[str, tuple[Taken, int]]:
    """Return the server time and the statements for each page."""
    found = {}
    for user, what, route in PAGES:
        client, path = world.client(user), route.format(**ids)
        taken = median(functools.partial(client.get, path))
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200, path
        found[what] = (taken, len(caught))
    return found


def draft(world: World, ref: UUID) -> tuple[UUID, Release]:
    """Return a release of five kinds to Legal Aid, ready to sign."""
    with world.as_("alma") as alma:
        today = clock.today(alma.zone)
        release = Release(
            recipient=str(world.agencies["legal"]),
            kinds=("identity.name", "identity.birth", "contact.safe", "needs", "services"),
            purposes=("legal_help",),
            start=today.isoformat(),
            last_day=(today + timedelta(days=30)).isoformat(),
            person_languages=("en",),
        )
        return releases.draft(actor=alma, ref=ref, release=release), release


def activate(world: World, ref: UUID) -> tuple[Taken, int]:
    """Return the time and the statements it takes to sign and activate one release of five kinds, without its PDF."""
    series, release = draft(world, ref)
    with world.as_("alma") as alma:
        said = tuple(s.value for s in release_queries.statements_needed(actor=alma, release=release))
    asked = Counter[str]()
    with world.as_("alma") as alma, connection.execute_wrapper(functools.partial(_counted, asked)):
        signing = functools.partial(
            releases.sign,
            actor=alma,
            ref=ref,
            series=series,
            revision=1,
            age=30,
            signers=(releases.Signer("She", "self", ("en",), "typed"),),
            said=releases.Said(said, "Alma"),
        )
        taken = once(signing)
    return taken, asked.total()


def _counted(asked: Counter[str], execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    """Count one more statement. Django's own log writes out each statement with its values, which takes time."""
    asked[sql] += 1
    return execute(sql, *rest)


def take_up(world: World) -> UUID:
    """Assign everyone on Legal Aid's intake list. Returns the last handle."""
    with world.as_("elena") as elena:
        handles = [each.handle for each in people_queries.intake_list(actor=elena)]
        for handle in handles:
            records.assign(actor=elena, ref=handle, membership=elena.membership)
    return handles[-1]


def search(world: World, text: str) -> Callable[[], object]:
    """Return a function that searches by name once."""

    def work() -> object:
        with world.as_("adele") as adele:
            return people_queries.search_by_name(actor=adele, text=text)

    return work


def half_year(world: World) -> None:
    """Count a half-year at Harbor House, in all its slices."""
    finished = False
    while not finished:
        with world.as_("adele") as adele:
            period, _ = numbers.current_periods(today=clock.today(adele.zone))
            finished = totals.count(actor=adele, period=period).finished


def submissions(world: World, count: int) -> None:
    """Create submissions from this many agencies for the current half-year, sealed to the statistics unit as real ones
    would be."""
    with world.as_("ines") as ines:
        period, _ = numbers.current_periods(today=clock.today(ines.zone))
        at, unit = clock.now(), world.agencies["statistics"]
        version = ines.ring.latest(SUBMISSIONS_KEY)
        public = vault.public_keys(agency=unit)[SUBMISSIONS_KEY, version]
    cells, columns = all_cells(), [field.column for field in Submission._meta.concrete_fields]
    marks = ", ".join(["%s"] * len(columns))
    with world.owner() as owner:
        for number in range(count):
            counts = Counter({keys: 1 + (number * 7 + place * 3) % 23 for place, keys in enumerate(cells)})
            row = Submission(
                owner=uuid.uuid4(),
                submitted_to=unit,
                period=period.code,
                revision=1,
                state=SUBMITTED,
                ring_version=version,
                own_ring_version=1,
                sealed_own=b"",
                at=at,
                by=uuid.uuid4(),
                **numbers.MEASURE,
            )
            text = sealing.pad(json.dumps({"cells": numbers.counts_to(counts)}).encode())
            row.sealed = sealing.seal_to(public, text, numbers.submission_bound(row))
            values = [getattr(row, field.attname) for field in Submission._meta.concrete_fields]
            owner.execute(f"insert into {Submission._meta.db_table} ({', '.join(columns)}) values ({marks})", values)


def sum_of_all(world: World) -> None:
    """Open, combine and protect every submission for the current half-year, as the statistics unit."""
    with world.as_("ines") as ines:
        period, _ = numbers.current_periods(today=clock.today(ines.zone))
        totals.sum_up(actor=ines, period=period, limit_seconds=0.5)


COUNT = "select kind, count(*) from sharing_entry where owner = %s group by kind"
READ = "select * from sharing_entry where owner = %s and person = %s"
WRITE = (
    "insert into sharing_entry (owner, person, kind, series, revision, epoch, type, schema, by, at, sealed) "
    "select owner, person, kind, gen_random_uuid(), 1, epoch, type, schema, by, at, sealed from sharing_entry "
    "where owner = %s and person = %s and revision = 1"
)


UNDO = "delete from sharing_entry where owner = %s and person = %s and series <> all(%s)"


def floor(world: World, person: UUID) -> Iterator[Row]:
    """Yield counts, writes and one short read as `web` under the floor, compared with the same statements as `owner`,
    which has no floor."""
    mine = [world.agencies["harbor"]]
    with world.web() as web, world.owner() as owner:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("adele").ticket])
        for what, statement, values, budget in (
            ("counts under the floor", COUNT, mine, 1.5),
            ("writes under the floor", WRITE, [*mine, person], 1.5),
            ("a short read under the floor", READ, [*mine, person], 3.0),
        ):
            under, without = (_committed(world, each, statement, values, person) for each in (web, owner))
            cost, price = (statistics.median(one.processor for one in each) * 1000 for each in (under, without))
            inside, bare = (statistics.median(one.database for one in each) for each in (under, without))
            note = f"{cost:.2f} against {price:.2f} ms; {inside / bare:.2f} x in the database"
            yield Row(what, cost / price, budget, "x", note)


def _committed(world: World, link: psycopg.Connection, statement: str, values: list[Any], person: UUID) -> list[Taken]:
    """Run each round in a transaction that commits, as a page does. After a rollback, the driver forgets its plans.
    Rows that a round wrote are deleted before the next."""
    mine, taken = [world.agencies["harbor"], person], []
    with world.owner() as broom:
        kept = [
            row[0] for row in broom.execute("select series from sharing_entry where owner = %s and person = %s", mine)
        ]
        for _ in range(WARM + 41):
            taken.append(once(functools.partial(_commit, link, statement, values), link))
            broom.execute(UNDO, [*mine, kept])
    return taken[WARM:]


def _commit(link: psycopg.Connection, statement: str, values: list[Any]) -> None:
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
