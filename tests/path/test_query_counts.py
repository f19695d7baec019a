"""How many statements each working page takes: exact numbers, the same in a small agency and in a large one, and no
plan that reads everyone's rows.

A page that takes one more statement must say so here. All statements of one request count: the session, the
transaction's begin and commit, the actor, the page, the log.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accord.access.acting import acting
from accord.access.codes import KINDS
from accord.casework import services as casework
from accord.casework.codes import Need, Service
from accord.core import clock
from accord.legal_requests import served
from accord.numbers import queries as numbers
from accord.people import queries as people_queries
from accord.people import services as people
from accord.people.codes import Birth, PersonName, SafeContact
from accord.sharing import services as records
from tests.region import World
from tests.steps import bodies, forms
from tests.steps.records import handle, open_record, release_to

# Persona, route, statements. {own}: a person of Harbor House, {shared}: the same person as Legal Aid knows them.
PAGES = (
    ("alma", "/", 17),  # one for drafts
    # two: the people a list shows are in their owner's log; ten: what an officer has to answer; two: of notices; one: drafts
    ("elena", "/", 41),
    # the team, its tasks, counts, legal requests, erasures, two for signatures, totals; seven: first steps of an agency
    ("adele", "/", 39),
    ("hal", "/", 24),  # two for the worker and its mail
    ("grace", "/", 21),
    ("ines", "/", 21),
    ("kim", "/", 19),
    ("alma", "/people/", 12),
    ("alma", "/people/?page=2", 12),
    ("elena", "/people/", 16),  # one more, for the same reason
    ("alma", "/people/{own}/", 18),  # one for what the actor has to do next about them, one for drafts
    ("elena", "/people/{shared}/", 17),  # one for who to call
    ("alma", "/people/{own}/why/", 13),
    ("alma", "/people/{own}/name/", 13),
    ("alma", "/people/{own}/items/new/", 13),
    ("alma", "/people/{own}/notes/new/", 14),  # one for a draft of it
    ("alma", "/people/{own}/answers/new/", 16),  # one for forms, one for drafts
    ("alma", "/people/{own}/items/{need}/", 13),
    ("alma", "/people/{own}/entries/{service}/", 13),
    ("alma", "/people/{own}/notes/{note}/", 13),
    ("alma", "/people/{own}/checks/", 13),
    ("alma", "/people/{own}/checks/new/", 13),
    ("alma", "/people/{own}/checks/own/", 13),
    ("ben", "/people/{theirs}/checks/call/", 15),  # two for who to call
    ("alma", "/people/find/", 6),
    ("alma", "/people/find/?name=Quill", 12),  # posted; one for the names found in this hour
    ("alma", "/people/{own}/forms/new/", 22),  # agreements with every partner, and why the others can't be chosen
    ("alma", "/people/{own}/forms/new/4/", 20),
    ("alma", "/people/{own}/forms/{release}/", 19),  # one for the law of the recipient
    ("adele", "/people/reassign/", 13),
    ("adele", "/people/{shown}/history/", 21),
    ("adele", "/numbers/", 12),  # two measures in two half-years
    ("adele", "/numbers/{period}/", 15),
    ("ines", "/numbers/", 19),  # the same
    ("ines", "/statistics/", 7),
    ("adele", "/forms/", 7),
    ("adele", "/forms/tools/", 7),
    ("adele", "/forms/{questionnaire}/", 7),
    ("adele", "/forms/versions/{version}/", 8),
    ("adele", "/forms/versions/{version}/try/", 7),
    ("adele", "/agency/log/", 10),
    ("adele", "/agency/log/?only=refusals", 9),
    ("adele", "/agency/", 14),  # one for the contact line
    ("adele", "/agreements/", 12),  # one for coalition agreements, one for requests
    ("adele", "/agreements/{agreement}/", 17),  # three for the check of the partner's keys: check, who, pins
    ("grace", "/agreements/", 12),
    ("hal", "/hub/letters/", 8),
    ("adele", "/agency/letters/", 7),
    ("adele", "/agency/letters/{legal_request}/", 9),
    ("alma", "/coalition/", 8),
    ("alma", "/coalition/{body}/", 10),
    ("alma", "/coalition/{body}/why/", 8),
    ("grace", "/coalition/{body}/", 9),
    ("alma", "/account/", 7),
    ("alma", "/notices/", 8),
)
MANY = 130  # more than two pages of people, all with one last name
READS = re.compile(r"\s*select\b(?!.*\baccord\.)", re.IGNORECASE | re.DOTALL)  # a function could write
FEW = 2_000  # rows that one step of a page's plan may touch, of twenty thousand people's
NEVER_WALKED = ("sharing_entry", "sharing_datakey", "sharing_sharekey", "audit_event", "audit_about")


@dataclass(frozen=True)
class Town:
    """A world with one shared person, and the ids that the routes name."""

    world: World
    ids: dict[str, str]

    def statements(self, user: str, route: str) -> list[dict[str, str]]:
        """Return what one request sends to the database, once all one-time work has been done."""
        client, (path, _, query) = self.world.client(user), route.format(**self.ids).partition("?")
        name = query.removeprefix("name=") if query.startswith("name=") else ""
        for _ in range(2):
            with CaptureQueriesContext(connection) as caught:
                page = client.post(path, {"name": name}) if name else client.get(route.format(**self.ids))
            assert page.status_code == 200, (route, page.status_code)
        return list(caught.captured_queries)


@pytest.fixture(scope="module")
def town(world: World) -> Town:
    known = open_record(world)
    release = release_to(world, known)
    shared = handle(world, "elena")
    with world.as_("alma") as alma:
        (need,) = people_queries.page(actor=alma, ref=known.ref, kinds=KINDS).items["needs"]
        day = clock.today(alma.zone).isoformat()
        service = casework.add_service(actor=alma, ref=known.ref, service=Service("housing", day))
        note = casework.add_note(actor=alma, ref=known.ref, text="Called back")
    with world.as_("adele") as adele:
        records.grant(actor=adele, ref=known.ref, membership=adele.membership, reason="Supervises Alma's work")
        _, period = numbers.current_periods(today=clock.today(adele.zone))
    with world.owner() as owner:
        found = owner.execute(
            "select agreement from agreements_permit where giver = %s order by 1", [world.agencies["harbor"]]
        ).fetchone()
    with world.as_("hal") as hal:
        asked = {"process": "warrant", "came_on": clock.today(hal.zone), "agencies": [world.agencies["harbor"]]}
        legal_request = served.forward(actor=hal, **asked, content=served.Content(says="Everything"))
    form = forms.published(world, forms.workbook())
    ids = {"own": known.ref, "shared": shared, "release": release, "period": period.code}
    ids |= {
        "body": bodies.made(world).body,
        "theirs": open_record(world, "Someone else", user="ben").ref,
        "agreement": found[0],
        "legal_request": legal_request,
        "need": need.series,
        "service": service,
        "note": note,
        "questionnaire": form.questionnaire,
        "version": form.id,
    }
    return Town(world, {"shown": str(known.ref), **{key: str(value) for key, value in ids.items()}})


def grow(town: Town, count: int = MANY) -> None:
    """Add many more people with the same name and full records; one in ten shared with Legal Aid too."""
    world = town.world
    for user in ("alma", "adele"):
        with world.as_(user) as actor:
            made = people.open_records(
                actor=actor,
                people=[
                    [
                        PersonName(used=f"{n:03d} Quill"),
                        Birth(years="30"),
                        SafeContact("text", "555-0100"),
                        Need("work", "week"),
                    ]
                    for n in range(count)
                ],
            )
            for known in made[::10]:
                shares = records.begin_shares(
                    actor=actor,
                    known=known,
                    kinds=["identity.name", "contact.safe"],
                    recipient=world.agencies["legal"],
                    purposes=["legal_help"],
                    starts_at=clock.now(),
                    ends_at=clock.now() + timedelta(days=20),
                    additions=False,
                    basis="release",
                    basis_id=uuid.uuid4(),
                )
                assert shares
    with world.as_("elena") as elena:
        for row in people_queries.intake_list(actor=elena):
            records.assign(actor=elena, ref=row[0], membership=elena.membership)


def taken(town: Town) -> dict[tuple[str, str], int]:
    return {(user, route): len(town.statements(user, route)) for user, route, _ in PAGES}


def test_pages_take_as_many_statements_as_the_table_says(town: Town) -> None:
    said = {(user, route): count for user, route, count in PAGES}
    small = taken(town)
    grow(town)
    grown = taken(town)
    more = [(page, small[page], grown[page]) for page in said if small[page] != grown[page]]
    assert not more, f"grows with the number of people: {more}"
    others = [(*page, count) for page, count in small.items() if count != said[page]]
    assert not others, f"write into the table, and say why: {others}"


# One row of each table, copied for every person with these columns changed: at such a size the planner shows what it
# does.
FILLERS = (
    ("sharing_person", "true", "'id', n.id"),
    (
        "sharing_assignment",
        "basis <> 'barred'",
        "'id', n.id, 'about', n.id, 'ended_at', timestamptz '2026-01-01', "
        "'membership', (select id from membership_membership where name = 'Alma')",
    ),
    ("sharing_entry", "true", "'person', n.id, 'series', gen_random_uuid()"),
    ("sharing_datakey", "true", "'person', n.id"),
    ("sharing_sharekey", "true", "'person', n.id"),
    (
        "audit_event",
        "action = 'written'",
        "'position', 1000000 + n.number, 'at', (t.row).at - n.number * interval '1 minute'",
    ),
    ("audit_about", "true", "'person', n.id, 'position', 1000000 + n.number"),
)


def fill(world: World, people: int = 20_000) -> None:
    """Add so many people of Harbor House as the tables see them: ids, and rows that nothing opens."""
    with world.owner() as owner:
        owner.execute(
            "create temporary table numbered as select number, gen_random_uuid() as id from generate_series(1, %s) number",
            [people],
        )
        for table, which, changes in FILLERS:
            owner.execute(
                f"with t as (select row from {table} row where owner = %s and {which} limit 1) insert into {table} "
                f"select (jsonb_populate_record(t.row, jsonb_build_object({changes}))).* from t, numbered n",
                [world.agencies["harbor"]],
            )
        owner.execute("analyze")


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a plan's node and all below it."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def test_no_page_reads_everyones_rows(town: Town) -> None:
    """As the database itself sees it: an index that begins with the owner leads to the rows of the page."""
    fill(town.world)
    walked = set()
    for user, route, _ in PAGES:
        asked = [row["sql"] for row in town.statements(user, route) if READS.match(row["sql"])]
        with acting(town.world.session(user).ticket, reading=True), connection.cursor() as cursor:
            for statement in asked:
                cursor.execute(f"explain (analyze, format json) {statement}")
                (plan,) = cursor.fetchone()[0]
                for node in nodes(plan["Plan"]):
                    rows = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
                    # A colleague's bars are read without their other assignments, of which there may be thousands.
                    never = node.get("Relation Name") in NEVER_WALKED or "barred" in node.get("Filter", "")
                    if never and (node["Node Type"] == "Seq Scan" or rows > FEW):
                        walked.add((route, node["Relation Name"], node["Node Type"], rows, statement))
    assert not walked
