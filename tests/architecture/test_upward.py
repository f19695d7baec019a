"""Nothing lower names something higher, in words either: the import graph can't see a table's name in SQL, a page's name in
a template, or a function's name in a string."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from tests.steps.source import ACCORD, LEVEL

ROOM = "|".join(LEVEL)
NAMES = (
    re.compile(rf"\b(?P<room>{ROOM})_[a-z]+\b"),  # a table
    re.compile(rf"\b(?P<room>{ROOM}):[a-z_]+\b"),  # a page
    re.compile(rf"\baccord\.(?P<room>{ROOM})\.\w+"),  # a function, as a setting names it
    re.compile(rf"[\"'](?P<room>{ROOM})/\w+\.\w+[\"']"),  # a template
    re.compile(r"\baccord\.(?P<function>\w+)\("),  # an SQL function
)
CREATED = re.compile(r"create or replace function accord\.(\w+)\(")

# Who acts is checked in every statement, against the membership that may have ended a moment ago: so the functions of
# accounts and of the log read rows of higher rooms.
ACTS = "who acts is checked against the membership or the connected system, in every statement"
KNOWN: dict[str, dict[str, str]] = {
    "accounts/functions.sql": {"membership_membership": ACTS, "systems_system": ACTS},
    "accounts/sessions.py": {
        "accord.machine_load(": "a program's token is looked up before anyone is known, in the statement that sets the ticket"
    },
    "accounts/services.py": {
        "accord.reset_by_code(": "a reset code is checked before anyone is signed in",
        "accord.reset_accept(": "it gives the account a passphrase and the membership back to a colleague, in one statement",
    },
    "audit/functions.sql": {
        "accord.live_session(": ACTS,
        "accord.actor_agency(": ACTS,
        "accounts_session": ACTS,
        "membership_membership": "names in the log are those of today, and only of those who acted in it",
        "agencies_agency": "names in the log are those of today, and only of those who acted in it",
    },
    "vault/models.py": {
        "accord.ring_key_is_due(": "whether a next key is due depends on who has left, and the floor asks when it is written"
    },
    "agreements/functions.sql": {
        "sharing_share": "leaving an agreement pauses what has not begun, before anyone can read it: in one statement"
    },
}


@cache
def tables() -> frozenset[str]:
    return frozenset(model._meta.db_table for model in apps.get_models())


@cache
def functions() -> dict[str, str]:
    """Return the room that writes each named SQL function."""
    return {
        name: path.parent.name
        for path in ACCORD.glob("*/*.sql")
        for name in CREATED.findall(path.read_text(encoding="utf-8"))
    }


def words(path: Path, text: str) -> str:
    """Return what a file says to the program: the strings of Python without docstrings, and all but the comments else."""
    if path.suffix == ".sql":
        return re.sub(r"--.*", "", text)
    if path.suffix == ".html":
        return re.sub(r"{#.*?#}", "", text)
    tree = ast.parse(text)
    called = [node.args[0] for node in ast.walk(tree) if isinstance(node, ast.Call) and _calls_sql(node) and node.args]
    names = [each.value for first in called for each in ast.walk(first) if isinstance(each, ast.Constant)]
    docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, DOCUMENTED)}
    said = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return "\n".join([*(each for each in said if each not in docs), *(f"accord.{name}(" for name in names)])


def _calls_sql(node: ast.Call) -> bool:
    return ast.unparse(node.func).rpartition(".")[2] == "call_sql"


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def upward(room: str, text: str) -> set[str]:
    """Return every name of a higher room in a text of this room."""
    found = set()
    for pattern in NAMES:
        for match in pattern.finditer(text):
            named = match.groupdict()
            other = functions().get(named["function"], "core") if "function" in named else named["room"]
            is_table = "_" in match[0] and "." not in match[0] and ":" not in match[0]
            if is_table and match[0] not in tables():
                continue
            if LEVEL[other] < LEVEL[room]:
                found.add(match[0])
    return found


def files() -> list[Path]:
    found = [path for kind in ("py", "sql", "html") for path in ACCORD.rglob(f"*.{kind}")]
    return [path for path in found if "migrations" not in path.parts and path.relative_to(ACCORD).parts[0] in LEVEL]


def test_no_file_names_something_of_a_higher_room() -> None:
    """Each known exception has a reason, and each is still there."""
    found = {}
    for path in files():
        place = path.relative_to(ACCORD)
        names = upward(place.parts[0], words(path, path.read_text(encoding="utf-8")))
        if names:
            found[place.as_posix()] = names
    assert found == {place: set(reasons) for place, reasons in KNOWN.items()}


@pytest.mark.parametrize(
    ("room", "file", "text"),
    [
        ("sharing", "x.sql", "select 1 from numbers_sum s"),
        ("agencies", "x.sql", "perform accord.notify_partner(a, b);"),
        ("accounts", "x.html", "<a href=\"{% url 'people:today' %}\">"),
        ("agencies", "x.html", '{% include "people/_confirmed.html" %}'),
        ("access", "x.py", 'redirect("membership:waiting")'),
        ("accounts", "x.py", 'import_string("accord.demo.riverbend.sign_in_help")'),
        ("audit", "x.py", 'fetch("select 1 from sharing_share")'),
        ("access", "x.py", 'call_sql("agreement_leave" if old else "agreement_decline", pair)'),
    ],
)
def test_a_name_of_a_higher_room_is_found(room: str, file: str, text: str) -> None:
    assert upward(room, words(Path(file), text))


@pytest.mark.parametrize(
    ("room", "file", "text"),
    [
        ("numbers", "x.sql", "select 1 from sharing_share -- as cli_task"),
        ("people", "x.html", "{% url 'membership:purpose' %}{# releases:new #}"),
        ("accounts", "x.py", '"""Leads to people:today."""\nreverse(place("home"))'),
        ("cli", "x.py", 'use("accord.config.settings")'),
    ],
)
def test_names_of_lower_rooms_and_comments_are_not(room: str, file: str, text: str) -> None:
    assert not upward(room, words(Path(file), text))
