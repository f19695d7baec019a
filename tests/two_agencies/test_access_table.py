"""Who can open which page: every address of Riverbend as every persona, compared with the published table.

`ACCORD_WRITE=1 .venv/bin/pytest tests/two_agencies/test_access_table.py` writes the table again. Read what changed.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from accord.demo.riverbend import BY_USER, PERSONAS
from tests.region import World

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "access.md"
INTRO = """# Who can open which page

Each address of Riverbend, the demo, that a link leads to, opened by each persona: the same address, with the same ids. A
row says who found it by a link, and for everyone else what they get there: the page, *no role* (their role does not
include it), *not there* (for them, what it names does not exist), or another page. Made by
`tests/two_agencies/test_access_table.py`, which compares it in `make prove`.

"""
LINK = re.compile(r'href="(/[^"#?]*)')
WORDS = {200: "page", 302: "elsewhere", 403: "no role", 404: "not there"}
LEFT_OUT = re.compile(r"^/(static|leave|sign-out|gallery|api)/")
WAYS_IN = ("/", "/account/", "/people/", "/people/all/", "/numbers/", "/statistics/")


def walked(client: Client) -> dict[str, str]:
    """Follow links from the first page. Return one address for each route."""
    found: dict[str, str] = {}
    ahead = list(WAYS_IN)
    while ahead:
        path = ahead.pop(0)
        if LEFT_OUT.match(path) or (route := route_of(path)) is None or route in found:
            continue
        page = client.get(path)
        if page.status_code == 302:
            ahead.append(page.headers["Location"].split("?")[0])
        if page.status_code != 200:
            continue
        found[route] = path
        if not page.streaming and page["Content-Type"].startswith("text/html"):
            ahead += LINK.findall(page.content.decode())
    return found


def route_of(path: str) -> str | None:
    try:
        return "/" + resolve(path).route
    except Resolver404:
        return None


def rows(world: World) -> list[str]:
    """Return the lines of the table: an address as someone found it, and what all others get there."""
    asked: dict[
        tuple[str, str], str
    ] = {}  # by route and agency: an id of one agency is another question than one of another
    for persona in PERSONAS:
        for route, path in walked(world.client(persona.user)).items():
            place = persona.agency if "<" in route else ""
            asked.setdefault((route, place), persona.user + path)
        world.move(hours=2)
        world.sessions.clear()
    lines = []
    for (route, _place), found in sorted(asked.items()):
        user, path = found.split("/", 1)
        got: dict[str, list[str]] = {}
        for persona in PERSONAS:
            if persona.user != user:
                status = world.client(persona.user).get("/" + path).status_code
                got.setdefault(WORDS[status], []).append(persona.user)
        cells = [", ".join(got.get(word, ())) or "-" for word in WORDS.values()]
        lines.append(f"| `{route}` | {BY_USER[user].agency}, {user} | {' | '.join(cells)} |")
    return lines


@pytest.mark.prove
def test_everyone_gets_what_the_table_says(fresh_world: World) -> None:
    head = ["address", "found by", *WORDS.values()]
    table = rows(fresh_world)
    text = INTRO + "\n".join([f"| {' | '.join(head)} |", "|---" * len(head) + "|", *table]) + "\n"
    if os.environ.get("ACCORD_WRITE"):
        PAGE.write_text(text, encoding="utf-8")
    assert text == PAGE.read_text(encoding="utf-8")
    assert Counter("<uuid:ref>" in line for line in table)[True] > 20
