"""The tests' own Riverbend: one template database, copied for tests that commit. Tests run as `web`.

`world` is a copy for one test module, and `fresh_world` is a copy for one test. A world signs personas in, acts as them
through the services, returns Django test clients with a live session, and moves time for code and database together.
Every world starts at the same moment, no matter what the machine's clock shows (see `MOMENT`).
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.client import ClientHandler
from django.test.signals import setting_changed
from psycopg import sql

from accord.access.acting import acting
from accord.access.actors import Actor
from accord.access.rules import STEP_UP_AGE
from accord.access.trail import Trail
from accord.accounts import services as accounts
from accord.accounts.sessions import COOKIE, SessionState, row_of
from accord.config import install, roles
from accord.config.database import Databases
from accord.core import clock
from accord.demo import riverbend
from accord.demo.riverbend import ZONE
from accord.membership import queries as membership_queries
from accord.membership import services as membership
from accord.sharing import floor

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "accord_template"

CLOCK_FOUND = ["function accord.now()", "table accord.test_clock"]  # what `verify` reports about the tests' own clock
# The local time at which every world starts: noon on a Wednesday in the middle of a half-year, with no clock change
# nearby. `make prove` runs the suite at other moments too.
MOMENT = datetime.fromisoformat(os.environ.get("ACCORD_TEST_MOMENT", "2026-11-18T12:00")).replace(tzinfo=ZoneInfo(ZONE))
BUILDING = timedelta(minutes=20)  # the template is built this long before that moment

TEST_CLOCK = """
create table if not exists accord.test_clock (shift interval not null);
insert into accord.test_clock select interval '0' where not exists (select 1 from accord.test_clock);
create or replace function accord.now() returns timestamptz language sql stable security definer
  set search_path = pg_catalog as $$ select now() + (select shift from accord.test_clock) $$
"""
SET_CLOCK = "update accord.test_clock set shift = extract(epoch from %s::timestamptz - now()) * interval '1 second'"


def start_clock(name: str, at: datetime) -> None:
    """Create the tests' own clock in this database, set to a moment."""
    with owner_connection(name) as owner:
        owner.execute(TEST_CLOCK)
        owner.execute("revoke all on accord.test_clock from public")
        owner.execute(SET_CLOCK, [at])


@contextmanager
def time_goes_on(world: World) -> Iterator[None]:
    """Keep the world's time instead of the machine's while the world's database is rebuilt from a backup."""
    at, began = world.now(), datetime.now(UTC)
    world.disconnect()
    usual = floor.CLOCK
    floor.CLOCK = usual.replace(
        "pg_catalog.now()", f"pg_catalog.now() + interval '{(at - began).total_seconds()} seconds'"
    )
    try:
        yield
    finally:
        floor.CLOCK = usual
    start_clock(world.name, at + (datetime.now(UTC) - began))


def days_on(at: datetime, days: int) -> datetime:
    """Return the same local time some days later, in UTC. If a clock change skips that time, it is an hour later. If
    the time occurs twice, it is the first one."""
    if not days:
        return at
    return (at.astimezone(ZoneInfo(ZONE)) + timedelta(days=days)).astimezone(UTC)


def local(text: str, zone: str = ZONE) -> datetime:
    """Return the moment for text such as "2027-01-15T20:00", as local time in this zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def years_on(day: date, years: int) -> date:
    """Return this day some years later or earlier. February 29 becomes February 28 in other years, as in
    PostgreSQL."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@cache
def _middleware() -> Callable[[HttpRequest], HttpResponse]:
    """Return the middleware for test clients. Loading it reads the folder of static files, so they share it."""
    handler = ClientHandler()
    handler.load_middleware()
    return handler._middleware_chain


setting_changed.connect(lambda **_: _middleware.cache_clear(), weak=False)


@dataclass
class World:
    """One copy of Riverbend."""

    name: str
    agencies: dict[str, uuid.UUID]
    memberships: dict[str, uuid.UUID]
    sessions: dict[str, SessionState] = field(default_factory=dict)
    _kept: psycopg.Connection | None = None

    def session(self, user: str) -> SessionState:
        """Return a live session of a persona, signed in on first use."""
        if user not in self.sessions:
            session = accounts.open_session(user_name=user, passphrase=riverbend.PASSPHRASE)
            accounts.give_ticket(state=session)
            self.sign_in_as(session, user)
        return self.sessions[user]

    def sign_in_as(self, session: SessionState, user: str) -> None:
        """Switch an open session to the membership with this name, and keep the session."""
        with acting(session.ticket, trail=Trail(source="test")) as trail:
            membership.act_for(session=session, membership=self.memberships[user], trail=trail)
        self.sessions[user] = session

    @contextmanager
    def as_(self, user: str, purpose: str = "") -> Iterator[Actor]:
        """Act as a persona through the services, in its own transaction."""
        session = self.session(user)
        with (
            self._fresh_factor(session) as shown,
            acting(session.ticket, trail=Trail(source="test")) as trail,
        ):
            actor = membership_queries.actor_of(session, trail)
            actor.purpose, actor.factor_at = purpose or actor.purpose, shown
            yield actor

    @contextmanager
    def _fresh_factor(self, session: SessionState) -> Iterator[datetime]:
        """Treat the persona's second factor as just entered, in code and database, while the persona acts. Call this
        around the persona's transaction, never inside it, because the transaction may lock the session's row."""
        before, now = session.factor_at, clock.now()
        if before is not None and now - before < STEP_UP_AGE / 2:
            yield now
            return
        self._factor_shown(session, now)
        try:
            yield now
        finally:
            self._factor_shown(session, before)

    def _factor_shown(self, session: SessionState, at: datetime | None) -> None:
        self.sql("update accounts_session set factor_at = %s where id = %s", [at, row_of(session.secret)])

    def client(self, user: str | None = None) -> Client:
        """Return a Django test client with this persona's live session and a recent second factor."""
        client = Client(raise_request_exception=False)
        client.handler._middleware_chain = _middleware()
        if user is not None:
            session = self.session(user)
            client.cookies[COOKIE] = base64.urlsafe_b64encode(session.secret).decode()
        return client

    def keep_factor_fresh(self, user: str) -> None:
        """Treat the persona's second factor as just entered if it is about to become too old. A busy machine can take
        minutes for one test."""
        old = "update accounts_session set factor_at = accord.now() where id = %s and factor_at < accord.now() - %s"
        self.sql(old, [row_of(self.session(user).secret), STEP_UP_AGE / 2])

    def move(self, *, days: int = 0, **by: float) -> None:
        """Move time for code and database. `move(days=30)` moves to the same local time thirty days later, even across
        a clock change. `move(hours=30)` moves by exactly thirty hours."""
        self.move_to(days_on(self.now(), days) + timedelta(**by))

    def move_to(self, moment: datetime) -> None:
        """Set the time for code and database: `move_to(local("2027-01-15T20:00"))`."""
        self.sql(SET_CLOCK, [moment])

    def move_to_hour(self, hour: int, minute: int = 0) -> None:
        """Move forward to the next time that local clocks show this hour and minute."""
        local = self.now().astimezone(ZoneInfo(ZONE))
        today = datetime.combine(local.date(), time(hour, minute), ZoneInfo(ZONE))
        self.move_to(today if today > local else days_on(today, 1))

    def now(self) -> datetime:
        """Return the current time in this world."""
        found: datetime = self.sql("select accord.now()").fetchone()[0]  # type: ignore[index]
        return found.astimezone(UTC)

    def today(self) -> date:
        """Return the current date for Riverbend's agencies."""
        return self.now().astimezone(ZoneInfo(ZONE)).date()

    def sql(self, statement: str, values: list[object] | None = None) -> psycopg.Cursor:
        """Run a statement as the table owner, on the world's own connection. The connection is made again if the server
        was restarted."""
        try:
            return self._connection().execute(statement, values)
        except psycopg.OperationalError:
            self.disconnect()
            return self._connection().execute(statement, values)

    def _connection(self) -> psycopg.Connection:
        if self._kept is None:
            self._kept = owner_connection(self.name)
        return self._kept

    def disconnect(self) -> None:
        """Close the world's own connection, so that its database can be dropped or copied."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def owner(self) -> psycopg.Connection:
        """Connect as the table owner, who sees everything, to test attackers who have the database."""
        return owner_connection(self.name)

    def web(self) -> psycopg.Connection:
        """Connect as `web` with nothing else, as injected SQL would."""
        return role_connection(self.name, "web")


def databases() -> Databases:
    """Return the test installation's databases."""
    return Databases(install.var_folder())


def role_connection(name: str, role: str) -> psycopg.Connection:
    """Connect to a test database as one of our roles."""
    found = databases()
    password = found.connection(role)["PASSWORD"]
    return psycopg.connect(found.cluster().dsn(f"accord_{role}", password, name), autocommit=True)


def owner_connection(name: str) -> psycopg.Connection:
    """Connect as the table owner."""
    return role_connection(name, "owner")


def admin_connection() -> psycopg.Connection:
    """Connect as the server's administrator."""
    found = databases()
    user, password = found.cluster().superuser
    return psycopg.connect(found.cluster().dsn(user, password, "postgres"), autocommit=True)


def use(name: str) -> None:
    """Point Django's only connection at this database."""
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name
    connections.settings["default"]["NAME"] = name  # for connections that other threads open


@contextmanager
def template_locked() -> Iterator[None]:
    """Build, read, or copy the template while no other worker does."""
    with (install.var_folder() / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def template() -> dict[str, dict[str, str]]:
    """Build the template once for all workers in this run. Later callers reuse it."""
    notes = install.var_folder() / f"region-{os.environ['ACCORD_TEST_RUN']}.json"
    with template_locked():
        if not notes.exists():
            notes.write_text(json.dumps(_build_template()))
        found: dict[str, dict[str, str]] = json.loads(notes.read_text())
    return found


def _build_template() -> dict[str, dict[str, str]]:
    found = databases()
    with admin_connection() as admin:
        admin.execute("alter system set max_wal_size = '256MB'")  # the server's files may be in memory
        admin.execute("select pg_reload_conf()")
        for (old,) in admin.execute("select datname from pg_database where datname like 'accord\\_%'").fetchall():
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(old)))
        admin.execute(sql.SQL("create database {} owner accord_owner").format(sql.Identifier(TEMPLATE)))
    user, password = found.cluster().superuser
    roles.close_public(found.cluster().dsn(user, password, TEMPLATE))
    install.migrate(NAME=TEMPLATE)
    start_clock(TEMPLATE, MOMENT - BUILDING)
    use(TEMPLATE)
    code = install.found_hub("Riverbend Hub", "Hal", database=TEMPLATE)
    region = riverbend.build(code)
    connections["default"].close()
    return {
        "agencies": {key: str(value) for key, value in region.agencies.items()},
        "memberships": {key: str(value) for key, value in region.memberships.items()},
    }


@contextmanager
def copy_of_template(label: str) -> Iterator[World]:
    """Yield a copy of the template database and drop it afterward."""
    notes = template()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "w")
    name = f"accord_{worker}_{hashlib.sha256(label.encode()).hexdigest()[:12]}"
    with admin_connection() as admin:
        # One copy at a time: PostgreSQL refuses to copy a database that someone is connected to.
        with template_locked():
            admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
            statement = "create database {} template {} owner accord_owner strategy file_copy"
            admin.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
        roles.close_database(admin, name)
        before = connections["default"].settings_dict["NAME"]
        use(name)
        ids = [{key: uuid.UUID(value) for key, value in notes[part].items()} for part in ("agencies", "memberships")]
        world = World(name, *ids)
        world.move_to(MOMENT)
        try:
            yield world
        finally:
            world.disconnect()
            use(before)  # back to the module's own copy, if one test used a fresh one
            admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
