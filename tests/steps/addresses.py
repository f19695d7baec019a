"""Every address in the application, and what one request to it leaves behind."""

from __future__ import annotations

import inspect
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from tests.region import World

NEVER_EXISTED = uuid.UUID("7b1f9d5e-54b5-4d3c-9c55-0a8f0f3f6c11")


@dataclass(frozen=True)
class Route:
    """An address with its argument names."""

    name: str
    pattern: str
    arguments: tuple[str, ...]


def routes() -> list[Route]:
    """Return every address in the application."""
    return sorted(_walk(get_resolver(), "", ""), key=lambda route: route.pattern)


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, pattern, entry.namespace or space)
        elif isinstance(entry, URLPattern):
            yield Route(f"{space}:{entry.name}", pattern, tuple(entry.pattern.converters))


def about_people() -> list[Route]:
    """Return the routes that take the id of a person or of something else."""
    return [route for route in routes() if route.arguments and not route.name.startswith("ui:")]


def address(route: Route, ids: dict[str, object]) -> str:
    """Return the route's address with these ids. An unknown argument fails until it is added here."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(ids[m.group(1)]), route.pattern)


def normal(text: str, *ids: object) -> str:
    """Return a page without what differs by chance, such as form tokens and the requested ids."""
    text = re.sub(r'name="(?:csrfmiddlewaretoken|once|kept_for)" value="[\w=-]+"', "token", text)
    text = re.sub(r'<p class="printed">.*?</p>', "printed", text)  # it shows the minute
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
    world.keep_factor_fresh(user)
    texts: list[str] = []

    def watch(execute, sql, params, many, context):
        texts.append(re.sub(r"\d+", "N", str(sql)))
        return execute(sql, params, many, context)

    before = _log_length(world, user)
    with connection.execute_wrapper(watch):
        response = getattr(client, method)(path)
    log = _log_since(world, user, before, *ids)
    headers = {
        name: normal(value, *ids)
        for name, value in response.headers.items()
        if name not in ("Content-Length", "Set-Cookie", "Vary")
    }
    body = normal(response.content.decode("utf-8", "replace"), *ids)
    return Answer(response.status_code, headers, body, texts, log)


def _log_length(world: World, user: str) -> int:
    sql = "select coalesce(max(position), 0) from audit_event where owner = %s"
    return world.sql(sql, [_agency(world, user)]).fetchone()[0]


def _agency(world: World, user: str) -> uuid.UUID:
    from accord.demo.riverbend import BY_USER

    return world.agencies[BY_USER[user].agency]


def _log_since(world: World, user: str, position: int, *ids: object) -> list[tuple[str, str, str]]:
    sql = "select action, outcome, line from audit_event where owner = %s and position > %s order by position"
    rows = world.sql(sql, [_agency(world, user), position]).fetchall()
    return [(a, o, re.sub(r'"at": "[^"]*"', "at", normal(line, *ids))) for a, o, line in rows]


def views(resolver: URLResolver | None = None, space: str = "") -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {}
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found |= views(entry, entry.namespace or space)
        elif isinstance(entry, URLPattern):
            found[f"{space}:{entry.name}"] = entry.callback
    return found


def takes_post(view: Any) -> bool:
    while view is not None:
        if said := inspect.getclosurevars(view).nonlocals.get("request_method_list"):
            return "POST" in said
        view = getattr(view, "__wrapped__", None)
    return False
