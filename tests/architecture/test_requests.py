"""What hangs on a request is declared, with its type, in `access/requests.py` or `accounts/requests.py`.

mypy can't see this: Django brings no types, so a request has every attribute to it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.http import HttpRequest

from accord.access.requests import ActingRequest

ACCORD = Path(__file__).parents[2] / "accord"
# Only what gives a request its actor, session or words writes to it; a view says so through a function of `access`.
WRITERS = {"access", "accounts", "ui"}
DJANGOS = {"META", "GET", "POST", "csrf_processing_done", "_dont_enforce_csrf_checks", "urlconf", "LANGUAGE_CODE"}


def declared() -> set[str]:
    return {name for cls in ActingRequest.__mro__ for name in getattr(cls, "__annotations__", {})}


def attributes(source: str) -> Iterator[tuple[str, bool]]:
    """Yield each attribute of a name `request`, and if it is set."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "request":
            yield node.attr, isinstance(node.ctx, ast.Store)


def test_every_attribute_of_a_request_is_declared_and_set_in_one_place() -> None:
    known = declared() | DJANGOS | set(dir(HttpRequest)) | set(vars(HttpRequest()))
    wrong = [
        (str(path.relative_to(ACCORD)), name)
        for path in sorted(ACCORD.rglob("*.py"))
        for name, is_set in attributes(path.read_text(encoding="utf-8"))
        if name not in known or (is_set and path.relative_to(ACCORD).parts[0] not in WRITERS)
    ]
    assert wrong == []


def test_an_attribute_of_ones_own_would_be_found() -> None:
    assert list(attributes("request.mine = 1\nprint(request.actor)")) == [("mine", True), ("actor", False)]
