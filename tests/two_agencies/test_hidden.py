"""Agency B tries to learn something about agency A's people, through every route there is.

For every address and persona, the answer about someone who exists in another agency must equal the answer about
someone who does not exist: status, headers, body, the texts of the queries, and the shape of the log. The routes come
from the resolver, so a new one is included automatically; one with an unknown argument fails.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from accord.access.codes import KINDS
from accord.casework import services as casework
from accord.core import clock
from accord.numbers.queries import current_periods
from accord.people import queries as people_queries
from accord.releases import services as releases
from accord.releases.entries import Release
from accord.sharing import ties
from tests import region
from tests.path.test_services import open_record, release_to
from tests.region import World

OUTSIDERS = ("ben", "bea", "cora", "dana", "elena", "farah", "grace", "ines", "kim", "hal", "jo")
WRITERS = ("ben", "elena", "kim")  # one of each side; what a POST may do is decided before the method is checked
NEVER_EXISTED = uuid.UUID("7b1f9d5e-54b5-4d3c-9c55-0a8f0f3f6c11")


@dataclass(frozen=True)
class Route:
    """An address with the names of its arguments."""

    name: str
    pattern: str
    arguments: tuple[str, ...]


def routes() -> list[Route]:
    """Return every address of the application."""
    return sorted(_walk(get_resolver(), "", ""), key=lambda route: route.pattern)


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, pattern, entry.namespace or space)
        elif isinstance(entry, URLPattern):
            yield Route(f"{space}:{entry.name}", pattern, tuple(entry.pattern.converters))


def about_people() -> list[Route]:
    """Return the routes that take the id of a person or a thing."""
    return [route for route in routes() if route.arguments and not route.name.startswith("ui:")]


def address(route: Route, ids: dict[str, object]) -> str:
    """Return the route's address with these ids. An unknown argument fails: add it to this test."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(ids[m.group(1)]), route.pattern)


def normal(text: str, *ids: object) -> str:
    """Return a page without what differs by chance: form tokens, and the requested ids."""
    text = re.sub(r'name="(?:csrfmiddlewaretoken|once|kept_for)" value="[\w=-]+"', "token", text)
    text = re.sub(r'<p class="printed">.*?</p>', "printed", text)  # the minute
    for one in ids:
        text = text.replace(str(one), "ID")
    return text


@dataclass
class Answer:
    """Everything an outsider could compare."""

    status: int
    headers: dict[str, str]
    body: str
    queries: list[str]
    log: list[tuple[str, str, str]]


def ask(world: World, user: str, method: str, path: str, *ids: object) -> Answer:
    """Send one request and return everything that it leaves behind."""
    client = world.client(user)
    texts: list[str] = []

    def watch(execute, sql, params, many, context):
        texts.append(re.sub(r"\d+", "N", str(sql)))
        return execute(sql, params, many, context)

    with world.owner() as owner:
        before = _log_length(owner, world, user)
        with connection.execute_wrapper(watch):
            response = getattr(client, method)(path)
        log = _log_since(owner, world, user, before, *ids)
    headers = {
        name: normal(value, *ids)
        for name, value in response.headers.items()
        if name not in ("Content-Length", "Set-Cookie", "Vary")
    }
    body = normal(response.content.decode("utf-8", "replace"), *ids)
    return Answer(response.status_code, headers, body, texts, log)


def _log_length(owner: psycopg.Connection, world: World, user: str) -> int:
    sql = "select coalesce(max(position), 0) from audit_event where owner = %s"
    return owner.execute(sql, [_agency(world, user)]).fetchone()[0]


def _agency(world: World, user: str) -> uuid.UUID:
    from accord.demo.riverbend import BY_USER

    return world.agencies[BY_USER[user].agency]


def _log_since(
    owner: psycopg.Connection, world: World, user: str, position: int, *ids: object
) -> list[tuple[str, str, str]]:
    sql = "select action, outcome, line from audit_event where owner = %s and position > %s order by position"
    rows = owner.execute(sql, [_agency(world, user), position]).fetchall()
    return [(a, o, re.sub(r'"at": "[^"]*"', "at", normal(line, *ids))) for a, o, line in rows]


@pytest.fixture(scope="module")
def hidden(world: World) -> dict[str, uuid.UUID]:
    """Return someone of Harbor House with everything that an id could name."""
    known = open_record(world)
    with world.as_("alma") as alma:
        need = people_queries.page(actor=alma, ref=known.ref, kinds=KINDS).items["needs"][0].series
        casework.add_note(actor=alma, ref=known.ref, text="A note that no one else may read")
        today = clock.today(alma.zone)
        draft = releases.draft(
            actor=alma,
            ref=known.ref,
            release=Release(
                recipient=str(world.agencies["legal"]),
                kinds=("identity.name",),
                purposes=("legal_help",),
                start=today.isoformat(),
                last_day=(today + timedelta(days=9)).isoformat(),
                person_languages=("en",),
            ),
        )
    with world.owner() as owner:
        sql = (
            "insert into people_task (owner, id, person, code, assignee, due_on) "
            "values (%s, gen_random_uuid(), %s, 'assign', %s, accord.now()) returning id"
        )
        task = owner.execute(sql, [world.agencies["harbor"], known.ref, world.memberships["alma"]]).fetchone()[0]
    with world.as_("alma") as alma:
        tie = ties.ties_of(actor=alma, ref=known.ref)[0].id
    return {"ref": known.ref, "task": task, "need": need, "draft": draft, "tie": tie}


def ids_for(route: Route, hidden: dict[str, uuid.UUID], world: World) -> dict[str, object]:
    """Return the value of each argument of a route for the person who exists."""
    series = hidden["need"] if route.name.startswith("casework:") else hidden["draft"]
    known = {"ref": hidden["ref"], "task": hidden["task"], "series": series, "tie": hidden["tie"]}
    known |= {"language": "en", "to": 1}
    return {name: known[name] for name in route.arguments}


def _ids(asked: dict[str, object]) -> list[object]:
    return [value for value in asked.values() if isinstance(value, uuid.UUID)]


PERSON_ARGUMENTS = frozenset({"ref", "task", "series", "tie"})
# What other arguments name: colleagues and agencies, an account's own things, half-years and the cells of a table.
OTHER_ARGUMENTS = frozenset({"membership", "invitation", "system", "agreement", "partner", "agency", "paper"})
OTHER_ARGUMENTS |= {"which", "kept", "code", "cell", "language", "to"}
OTHER_ARGUMENTS |= {"coalition", "asked"}


def test_every_argument_of_an_address_is_known_here() -> None:
    """A page with an argument that no one has thought about would be compared by no one."""
    for route in about_people():
        assert set(route.arguments) <= PERSON_ARGUMENTS | OTHER_ARGUMENTS, f"{route.pattern}: what does it stand for?"


@pytest.mark.parametrize("user", OUTSIDERS)
def test_no_outsider_can_tell_an_existing_person_from_a_missing_one(
    world: World, hidden: dict[str, uuid.UUID], user: str
) -> None:
    checked = 0
    for route in about_people():
        if not PERSON_ARGUMENTS & set(route.arguments):
            continue
        there = ids_for(route, hidden, world)
        nowhere = {name: NEVER_EXISTED if name in PERSON_ARGUMENTS else there[name] for name in there}
        for method in ("get", "post") if user in WRITERS else ("get",):
            found = ask(world, user, method, address(route, there), *_ids(there))
            missing = ask(world, user, method, address(route, nowhere), *_ids(nowhere))
            assert found == missing, f"{user} {method} {route.pattern}"
            assert found.status not in (200, 500), f"{user} {method} {route.pattern}: {found.status}"
            checked += 1
    assert checked > 12


@pytest.fixture(scope="module")
def empty(world: World) -> Iterator[World]:
    """Yield a region without the person, next to the one with the person, which stays in use."""
    with region.copy_of_template("without the person") as empty:
        region.use(world.name)
        yield empty


@pytest.mark.parametrize("user", OUTSIDERS)
def test_lists_and_searches_are_the_same_without_the_person(
    world: World, hidden: dict[str, uuid.UUID], empty: World, user: str
) -> None:
    """Every address without an argument, requested by every outsider, in a region with the person and in one without."""
    with_person = _plain_answers(world, user)
    region.use(empty.name)
    try:
        without_person = _plain_answers(empty, user)
    finally:
        region.use(world.name)
    assert with_person.keys() == without_person.keys()
    for key, body in with_person.items():
        assert "Samira" not in body and "Quill" not in body, key
        assert body == without_person[key] or key[1] in OWN_DOINGS, key


def _plain_answers(world: World, user: str) -> dict[tuple[str, str], str]:
    answers = {}
    client = world.client(user)
    for route in routes():
        if route.arguments or route.name.startswith("ui:") or route.name in LEAVES:
            continue
        response = client.get("/" + route.pattern)
        text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", normal(response.content.decode("utf-8", "replace")))
        answers[user, route.name] = f"{response.status_code} {text}"
    behind = client.get(f"/numbers/{current_periods(today=clock.today('UTC'))[1].code}/people/0-0-0/")
    answers[user, "behind a figure"] = f"{behind.status_code} {normal(behind.content.decode())}"
    found = client.post("/people/find/", {"name": "Samira Quill"})
    answers[user, "search"] = f"{found.status_code} {normal(found.content.decode())}".replace("Samira Quill", "NAME")
    return answers


LEAVES = frozenset({"accounts:sign_out"})
# Six new words on every visit; and the outsider's own log, which shows what this file has requested before.
OWN_DOINGS = frozenset({"accounts:change_passphrase", "agencies:log", "agencies:hub_log"})


def test_what_was_shared_and_ended_says_no_longer_and_nothing_more(fresh_world: World) -> None:
    """403 only for an agency that had a share in force; the same for a colleague who was never assigned."""
    world = fresh_world
    known = open_record(world)
    series = release_to(world, known)
    from tests.path.test_services import handle

    ref = handle(world, "elena")
    with world.as_("alma") as alma:
        releases.withdraw(actor=alma, ref=known.ref, series=series, revision=2, how="oral", checked=True)
    for user, status in (("elena", 403), ("emil", 403), ("ben", 404), ("farah", 404)):
        answer = ask(world, user, "get", f"/people/{ref}/", ref)
        assert answer.status == status, user
        assert "Samira" not in answer.body and "Harbor" not in answer.body.replace("Working for", "")
    assert ask(world, "elena", "get", f"/people/{known.ref}/", known.ref).status == 404
