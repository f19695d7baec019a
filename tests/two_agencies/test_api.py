"""The same through the API, with valid bodies: as a system of every other agency with every right a system can have,
and as its colleagues.

The addresses and their operations come from the document, so a new operation is included automatically; one with an
unknown body fails.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.db import connection

from accord.config import api
from tests.hidden import Hidden
from tests.region import World
from tests.steps.addresses import NEVER_EXISTED, Answer, normal
from tests.steps.api import ADDS, Caller, connect, id_of

ROLES = ("machine_writer", "machine_reader", "machine_releases")
READS = ("identity.name", "contact.safe", "needs", "releases")
OFFICERS = ("elena", "bea", "finn", "june")
NEED = {"type": "need", "fields": {"category": "housing", "urgency": "now"}}
TERMS = {
    "kinds": ["identity.name"],
    "purposes": ["legal_help"],
    "start": "2099-01-01",
    "last_day": "2099-01-20",
    "person_languages": ["en"],
}


def operations() -> list[tuple[str, str]]:
    """Return method and path of every operation that takes the id of a person or a thing."""
    paths: dict[str, Any] = api.document()["paths"]
    return [(method, path) for path, told in paths.items() for method in told if "{" in path]


def body_for(world: World, path: str) -> dict[str, Any]:
    """Return a valid body, so that only the person can make a difference."""
    known = {
        "/entries": NEED,
        "/entries/{series}": {**NEED, "revision": 1},
        "/releases": {**TERMS, "recipient": str(world.agencies["harbor"])},
        "/releases/{series}/withdraw": {"revision": 1, "how": "oral", "checked": True},
        "/releases/{series}/activate": {},
    }
    return known[path.removeprefix("/api/v1/people/{ref}")]


def ask(world: World, caller: Caller, method: str, path: str, body: Any, agency: uuid.UUID, *ids: object) -> Answer:
    """Send one request and return everything that it leaves behind."""
    texts: list[str] = []

    def watch(execute, sql, params, many, context):
        texts.append(re.sub(r"\d+", "N", str(sql)))
        return execute(sql, params, many, context)

    since = "select coalesce(max(position), 0) from audit_event where owner = %s"
    lines = "select action, outcome, line from audit_event where owner = %s and position > %s order by position"
    with world.owner() as owner:
        before = owner.execute(since, [agency]).fetchone()[0]
        address = path.removeprefix("/api/v1")
        with connection.execute_wrapper(watch):
            response = caller.get(address) if method == "get" else caller.post(address, body)
        rows = owner.execute(lines, [agency, before]).fetchall()
    log = [(action, outcome, re.sub(r'"at": "[^"]*"', "at", normal(line, *ids))) for action, outcome, line in rows]
    return Answer(response.status_code, dict(response.headers), normal(response.content.decode(), *ids), texts, log)


@pytest.mark.line(82)
@pytest.mark.parametrize("officer", OFFICERS)
@pytest.mark.parametrize("machine", [True, False], ids=["machine", "colleague"])
def test_no_caller_can_tell_an_existing_person_from_a_missing_one(
    world: World,
    hidden: Hidden,
    officer: str,
    machine: bool,
) -> None:
    if machine:
        caller = Caller(connect(world, officer, roles=ROLES, writes=ADDS, reads=READS, purpose="case_coordination"))
        assert id_of(world, caller.token)
    else:
        caller = Caller(client=world.client(officer))
    with world.as_(officer) as actor:
        agency = actor.agency
    assert len(operations()) >= 8
    for method, path in operations():
        series = hidden.id_of("series", "releases" if "/releases" in path else "casework")
        body = body_for(world, path) if method == "post" else None
        there = path.replace("{ref}", str(hidden.known.ref)).replace("{series}", str(series))
        nowhere = path.replace("{ref}", str(NEVER_EXISTED)).replace("{series}", str(NEVER_EXISTED))
        ids = (hidden.known.ref, series, NEVER_EXISTED)
        found = ask(world, caller, method, there, body, agency, *ids)
        missing = ask(world, caller, method, nowhere, body, agency, *ids)
        assert found == missing, f"{officer} {method} {path}"
        assert found.status == 404, f"{officer} {method} {path}: {found.status} {found.body}"


def test_every_operation_carries_a_mark() -> None:
    """Deny by default applies to each method of an address, not to the address."""
    for pattern in api.urlpatterns[2:]:
        marks = pattern.callback.access["by_method"]
        assert marks and all(mark and mark["to"] == "role" for mark in marks.values()), pattern.name
        assert pattern.callback.csrf_exempt is False
