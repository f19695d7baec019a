"""Who sees a body, reads its decisions and records them: the rule, the database and the pages answer alike."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

import psycopg
import pytest

from accord.access.codes import READ_DECISIONS, RECORD_DECISION, SEATS
from accord.access.rules import may, may_see
from accord.bodies.rules import Term, as_matter, is_held
from tests.region import World

from .tables import Row, cases

EARLIER, LONG = timedelta(days=10), timedelta(days=60)
DAY = timedelta(days=1)
BODIES, ENDS = ("closed", "open"), ("no", "today", "earlier")
TERMS = ("now", "first day", "last day", "over", "coming", "ended")
HOLDERS = ("me", "anyone", "colleague", "no one", "my earlier self", "other agency")
DECIDED = "Meet on the second Tuesday"


@dataclass(frozen=True)
class Case:
    """A row of the table, or any other combination of its words."""

    body: str
    ended: str
    term: str
    role: str
    holder: str
    asked_by: str = "staff"

    def ended_on(self, today: date) -> date | None:
        """Return the last day of the body."""
        return {"no": None, "today": today, "earlier": today - EARLIER}[self.ended]

    def days(self, today: date) -> tuple[date, date | None]:
        """Return the first and the last day of the seat."""
        since = {"first day": today, "coming": today + DAY}.get(self.term, today - LONG)
        return since, {"last day": today, "over": today - DAY}.get(self.term)


@dataclass(frozen=True)
class Staff:
    """Who asks, as the rule sees them."""

    agency: uuid.UUID
    membership: uuid.UUID
    roles: frozenset[str]


@dataclass
class Room:
    """One body with one seat and one decision, arranged anew for each case. Alma asks."""

    world: World
    body: uuid.UUID
    seat: uuid.UUID
    earlier: uuid.UUID  # a membership of Alma that has ended

    def holder(self, case: Case) -> uuid.UUID | None:
        """Return whose membership the seat names."""
        users = {"me": "alma", "colleague": "adele", "other agency": "elena"}
        return (
            self.earlier if case.holder == "my earlier self" else self.world.memberships.get(users.get(case.holder, ""))
        )

    def agency(self, case: Case) -> uuid.UUID:
        """Return the agency that has the seat."""
        return self.world.agencies["legal" if case.holder == "other agency" else "harbor"]

    def by_rule(self, case: Case) -> list[str]:
        """Ask the rule, with the facts of the case and nothing else."""
        today = self.world.today()
        term = Term(self.agency(case), case.role, self.holder(case), case.holder == "anyone", *case.days(today))
        ended_on = case.ended_on(today)
        held = [term] if case.term != "ended" and is_held(seat=term, today=today, ended_on=ended_on) else []
        owner = self.world.agencies["coalition"]
        on = as_matter(body=self.body, owner=owner, is_open=case.body == "open", ended_on=ended_on, held=held)
        roles = {"staff": {"advocate", "intake"}, "system": {"machine_reader"}, "reset": set()}[case.asked_by]
        alma = Staff(self.world.agencies["harbor"], self.world.memberships["alma"], frozenset(roles))
        answers = (may_see(alma, on), may(alma, READ_DECISIONS, on), may(alma, RECORD_DECISION, on))
        return ["yes" if answer else "no" for answer in answers]

    def arrange(self, owner: psycopg.Connection, case: Case) -> None:
        """Make the case true in the database."""
        today = self.world.today()
        owner.execute(
            "update bodies_body set is_open = %s, since = %s, ended_on = %s where id = %s",
            [case.body == "open", today - LONG, case.ended_on(today), self.body],
        )
        holder = [self.agency(case), self.holder(case), case.holder == "anyone", case.role]
        owner.execute(
            "update bodies_seat set agency = %s, membership = %s, for_anyone = %s, role = %s, since = %s, until = %s, "
            "ended_at = case when %s then accord.now() end where id = %s",
            [*holder, *case.days(today), case.term == "ended", self.seat],
        )

    def in_sql(self, web: psycopg.Connection) -> list[str]:
        """Ask the database as Alma's own session would, by statements that are undone."""
        with web.transaction(force_rollback=True):
            web.execute("select set_config('accord.ticket', %s, true)", [self.world.session("alma").ticket])
            answers = web.execute(
                "select exists (select 1 from bodies_body where id = %(body)s), "
                "exists (select 1 from bodies_seat where id = %(seat)s), "
                "exists (select 1 from bodies_decision where body = %(body)s), "
                "accord.decision_record(%(body)s, null, 0, %(day)s, 'x') is not null",
                {"body": self.body, "seat": self.seat, "day": self.world.today()},
            ).fetchone()
        sees, seat, reads, records = ("yes" if answer else "no" for answer in answers)
        assert sees == seat
        return [sees, reads, records]

    def by_page(self) -> list[str]:
        """Ask the pages."""
        client, address = self.world.client("alma"), f"/coalition/{self.body}/"
        page, form = client.get(address), client.get(f"{address}decisions/new/")
        assert (page.status_code, form.status_code) in {(302, 302), (404, 404), (200, 403), (200, 200)}
        reads = page.status_code == 200 and DECIDED in page.content.decode()
        return ["yes" if answer else "no" for answer in (page.status_code == 200, reads, form.status_code == 200)]


@pytest.fixture(scope="module")
def room(world: World) -> Room:
    found = Room(world, uuid.uuid4(), uuid.uuid4(), uuid.uuid4())
    world.session("alma")
    ids = {**world.agencies, **world.memberships, "body": found.body, "seat": found.seat, "earlier": found.earlier}
    with world.owner() as owner:
        owner.execute(
            "insert into bodies_body (owner, id, name, kind, charge, is_open, since) "
            "values (%(coalition)s, %(body)s, 'Night team', 'team', 'Nights', false, '2020-01-01')",
            ids,
        )
        owner.execute(
            "insert into bodies_seat (owner, id, body, agency, for_anyone, role, since, at) "
            "values (%(coalition)s, %(seat)s, %(body)s, %(harbor)s, false, 'chair', '2020-01-01', accord.now())",
            ids,
        )
        owner.execute(
            "insert into bodies_decision (owner, id, body, series, revision, decided_on, words, by, at) "
            "values (%(legal)s, gen_random_uuid(), %(body)s, gen_random_uuid(), 1, '2020-02-01', %(words)s, %(elena)s, "
            "accord.now())",
            {**ids, "words": DECIDED},
        )
        owner.execute(
            "insert into membership_membership (owner, id, account, name, roles, public, sealed, since, trained_until, ended_at) "
            "select owner, %(earlier)s, account, name, roles, public, sealed, since, trained_until, accord.now() "
            "from membership_membership where id = %(alma)s",
            ids,
        )
    return found


ASKED_BY = {"reset": "reset_at = accord.now()", "left": "ended_at = accord.now()", "system": "account = null"}


@contextmanager
def asking(owner: psycopg.Connection, room: Room, asked_by: str) -> Iterator[None]:
    """Make Alma someone who left, who waits after a reset, or a membership without an account, as a system's is."""
    if asked_by == "staff":
        yield
        return
    alma = room.world.memberships["alma"]
    (account,) = owner.execute("select account from membership_membership where id = %s", [alma]).fetchone()
    owner.execute(f"update membership_membership set {ASKED_BY[asked_by]} where id = %s", [alma])
    try:
        yield
    finally:
        back = "update membership_membership set reset_at = null, ended_at = null, account = %s where id = %s"
        owner.execute(back, [account, alma])


@cases("bodies.md", "Who sees, reads, and records")
def test_the_rule_the_database_and_the_pages_say_what_the_table_says(room: Room, row: Row) -> None:
    case = Case(*(row[name] for name in ("body", "ended", "term", "role", "holder", "asked by")))
    expected = [row[name] for name in ("sees", "reads", "records")]
    with room.world.owner() as owner, room.world.web() as web:
        room.arrange(owner, case)
        with asking(owner, room, case.asked_by):
            assert room.in_sql(web) == expected
            web.execute("set role accord_reader")
            web.execute("select set_config('accord.ticket', %s, false)", [room.world.session("alma").ticket])
            read = "select count(*) from bodies_body where id = %(body)s union all select count(*) from bodies_decision"
            assert [n for (n,) in web.execute(read, {"body": room.body})] == [int(one == "yes") for one in expected[:2]]
            if case.asked_by in ("staff", "left"):  # a system calls no page, and after a reset every page is closed
                assert room.by_page() == expected
    if case.asked_by != "left":  # no actor is made from a membership that has ended
        assert room.by_rule(case) == expected


def test_rule_and_database_agree_on_every_combination(room: Room) -> None:
    with room.world.owner() as owner, room.world.web() as web:
        for *words, role, holder in product(BODIES, ENDS, TERMS, SEATS, HOLDERS):
            if holder not in ("me", "anyone") and role != "chair":
                continue  # the role of a seat that someone else has, or no one, makes no difference
            case = Case(*words, role, holder)
            room.arrange(owner, case)
            assert room.in_sql(web) == room.by_rule(case), case
