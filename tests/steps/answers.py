"""Steps to fill in a form about a person, as a browser does."""

from __future__ import annotations

import html
import re
import uuid
from typing import Any

from django.test import Client

_HIDDEN = re.compile(r'<input[^>]*name="(seen|draft_revision)"[^>]*value="([^"]*)"')


def hidden_of(page: Any) -> dict[str, list[str]]:
    """Return the hidden fields of a page of a form: the questions that it shows, and the revision of the draft."""
    found: dict[str, list[str]] = {}
    for name, value in _HIDDEN.findall(page.content.decode()):
        found.setdefault(name, []).append(html.unescape(value))
    return found


def begin(client: Client, ref: uuid.UUID, version: uuid.UUID, language: str = "English (en)") -> str:
    """Start a form, and return the address of its first page."""
    started = client.post(f"/people/{ref}/answers/new/{version}/", {"language": language})
    assert started.status_code == 302, (started.status_code, started.content.decode())
    return client.get(started.headers["Location"]).headers["Location"]


def press(client: Client, address: str, go: str = "next", page: Any = None, **typed: Any) -> Any:
    """Press a button of a page, after giving answers by the last part of their place."""
    data: dict[str, Any] = hidden_of(page or client.get(address))
    places = {place.rpartition("/")[2]: place for place in data["seen"]}
    for name, value in typed.items():
        data[f"q:{places[name]}"] = value
    return client.post(address, {**data, "go": go})


def finish(client: Client, review: str) -> str:
    """Press *Finish* on the review page, and return the address of the answers."""
    done = client.post(review, hidden_of(client.get(review)))
    assert done.status_code == 302, done.content.decode()
    return done.headers["Location"]
