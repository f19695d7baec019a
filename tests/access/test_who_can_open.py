"""Which page each persona can open, as a table: `docs/reference/who-can-open.md`.

Every address of the resolver is asked with a GET as each persona of the demo, as a connected system and signed out,
about each thing that it can name. `make who-can-open` asks what is not in the table yet, and with ALL=1 everything. Read
the difference before you keep it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client

from accord.demo.riverbend import BY_USER, PERSONAS
from tests import region
from tests.region import World
from tests.steps import everything
from tests.steps.addresses import Route, address, routes
from tests.steps.everything import ABSENT, Thing

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "who-can-open.md"
SYSTEM, NO_ONE = "system", "no one"
EVERYONE = (*(persona.user for persona in PERSONAS), SYSTEM, NO_ONE)
QUICK = ("alma", "elena", SYSTEM, NO_ONE)  # the owner's advocate and the recipient's attorney; `make prove` asks all
HEAD = """# Who can open what

Made by `make who-can-open ALL=1`, which requests every address as every person in the demo.
`tests/access/test_who_can_open.py` compares the table with the application's responses. Each cell is the status of a GET.
200 opens the page, 302 leads to another page, 401 requires signing in, 403 means that the page is refused or no longer
shared, 404 means that it does not exist or is hidden, 405 means that the address accepts only a POST, and 422 shows a
form with errors.

"""

Table = dict[tuple[str, str], dict[str, str]]


@dataclass(frozen=True)
class Row:
    """One request of the table: an address about one thing."""

    route: Route
    thing: str
    path: str

    @property
    def key(self) -> tuple[str, str]:
        return self.route.name, self.thing


def rows_of(route: Route, things: list[Thing]) -> Iterator[Row]:
    """Yield a row for each thing that an address can name, or one row if it names nothing."""
    if not route.arguments:
        yield Row(route, "", f"/{route.pattern}")
    for thing in things:
        values = thing.fits(route)
        if values is not None:
            yield Row(route, thing.words, address(route, values))


def all_rows(things: list[Thing]) -> list[Row]:
    """Return every request. Signing out is left out, and so is the gallery, which is part of the demo alone."""
    found = [row for route in routes() if not route.name.startswith("ui:") for row in rows_of(route, things)]
    return [row for row in found if row.route.name != "signin:sign_out"]


@dataclass(frozen=True)
class Place:
    """The region that is asked, with everything in it."""

    world: World
    things: list[Thing]
    token: str

    def client(self, user: str) -> Client:
        """Return a client of this persona, signed in anew and kept for all of their requests."""
        if user == SYSTEM:
            return Client(raise_request_exception=False, headers={"authorization": f"Bearer {self.token}"})
        self.world.sessions.pop(user, None)
        return self.world.client(None if user == NO_ONE else user)

    def ask(self, users: tuple[str, ...], rows: list[Row]) -> Table:
        """Return the status of each request for each of these users."""
        found: Table = {row.key: {} for row in rows}
        for user in users:
            client = self.client(user)
            for row in rows:
                answer = client.get(row.path)
                answer.close()  # a scan comes in pieces from a temporary file
                found[row.key][user] = str(answer.status_code)
        return found


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with region.copy_of_template("who can open") as world:
        things, token = everything.build(world)
        yield Place(world, things, token)


def written() -> Table:
    """Return the table of the page."""
    found: Table = {}
    users: list[str] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines() if PAGE.exists() else ():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| page "):
            users = cells[2:]
        elif line.startswith("| `") and users:
            found[cells[0].strip("`"), cells[1]] = dict(zip(users, cells[2:], strict=True))
    return found


def page(table: Table) -> str:
    """Return the page with this table."""
    people = [f"| {one.user} | {one.agency} | {', '.join(one.roles)} |" for one in PERSONAS]
    people += [
        f"| {SYSTEM} | harbor | a program that adds to the agency's records |",
        f"| {NO_ONE} | | not signed in |",
    ]
    lines = ["| who | agency | roles |", "|---|---|---|", *people, ""]
    lines += [f"| page | about | {' | '.join(EVERYONE)} |", "|---" * (len(EVERYONE) + 2) + "|"]
    for (name, thing), cells in table.items():
        lines.append(f"| `{name}` | {thing} | {' | '.join(cells[user] for user in EVERYONE)} |")
    return HEAD + "\n".join(lines) + "\n"


def differences(found: Table, expected: Table) -> list[str]:
    """Return each answer that is not the one in the table."""
    return [
        f"{name} ({thing}) as {user}: {status}, and the table says {expected.get((name, thing), {}).get(user)}"
        for (name, thing), cells in found.items()
        for user, status in cells.items()
        if expected.get((name, thing), {}).get(user) != status
    ]


def test_each_argument_of_an_address_has_a_value(place: Place) -> None:
    """A page about something new is asked only once it is in `tests/steps/everything.py`."""
    asked = {row.route.name for row in all_rows(place.things)}
    assert {route.name for route in routes() if not route.name.startswith("ui:")} - asked == {"signin:sign_out"}


def test_pages_open_as_the_table_says(place: Place) -> None:
    rows = all_rows(place.things)
    expected = written()
    assert {row.key for row in rows} == expected.keys(), "run: make who-can-open"
    assert differences(place.ask(QUICK, rows), expected) == []


def test_the_table_hides_what_an_agency_may_not_know() -> None:
    """To another agency, a record that is not shared and a closed committee answer as if they did not exist."""
    table = written()
    hidden = {"Noor at Harbor House: Aisha is assigned, nothing is shared": "harbor", "a closed committee": "legal"}
    seats = {"harbor", "legal", "hospital", "coalition"}  # in the closed committee; the office sees that it exists
    for (name, thing), cells in table.items():
        if thing not in hidden or (name, ABSENT.words) not in table:
            continue
        insiders = seats if thing == "a closed committee" else {"harbor"}
        absent = table[name, ABSENT.words]
        for user in (user for user in cells if user in BY_USER and BY_USER[user].agency not in insiders):
            assert cells[user] == absent[user], f"{name} ({thing}) as {user}"
        assert cells[NO_ONE] == absent[NO_ONE]


@pytest.mark.prove
def test_pages_open_as_the_table_says_for_everyone(place: Place) -> None:
    rows, table, writing = all_rows(place.things), written(), os.environ.get("ACCORD_WRITE_TABLE", "")
    kept = table if writing == "new" else {}
    found = {**kept, **place.ask(EVERYONE, [row for row in rows if row.key not in kept])}
    if writing:
        PAGE.write_text(page({row.key: found[row.key] for row in rows}), encoding="utf-8")
    assert differences(found, written()) == []
