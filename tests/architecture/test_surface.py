"""What one room may use of another, and what a file may use inside its own room.

A room is open to others through `queries`, `services` and `codes`. Inside a room, files are layers: a file imports only
from its own layer and those before it. Both lists of exceptions are complete: one that is no longer needed fails.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ACCORD = ROOT / "accord"
FREE = {
    "config",
    "cli",
    "demo",
    "core",
    "ui",
    "statlib",
    "formlib",
    "law",
}  # they install, or handle no person's matters
ROOMS = sorted(path.parent.name for path in ACCORD.glob("*/__init__.py") if path.parent.name not in FREE)

PUBLIC = {"queries", "services", "codes"}
ALSO: dict[str, str] = {
    # what every page is made with
    "access.acting": "the one transaction of a request",
    "access.actors": "who acts: queries and services take it first",
    "access.api": "the shapes of the interface for other programs",
    "access.confirming": "the page that asks before something happens",
    "access.explaining": "the page that says why a matter of the coalition is shown",
    "access.forms": "a form and its one call of a service",
    "access.marks": "who may call a view",
    "access.open_files": "files that are not about a person, and their field of a form",
    "access.requests": "the typed request",
    "access.rules": "the decision by role",
    "access.saying": "what the next page says was saved",
    "access.today": "the shapes of *Today*",
    "access.trail": "what will be in the audit log",
    "accounts.kept_forms": "unfinished forms, kept when a session ends",
    "signin.forms": "forms that ask for a code or a passphrase",
    "accounts.once": "what is sent twice is saved once",
    "accounts.passkeys": "a passkey instead of a code",
    "signin.presenters": "notices, listed on *Today*",
    "accounts.requests": "the typed request of someone who signs in",
    "accounts.rules": "whether a passphrase can be used, asked by its form",
    "accounts.sessions": "the session that a request belongs to",
    "files.uploading": "the field of a form that takes a file",
    "vault.pieces": "a file sealed piece by piece",
    "vault.ring": "the keys that a session holds",
    "vault.sealing": "the one file that calls cryptography",
    # large rooms, whose readers and writers are in files of their own
    "agreements.reach": "which agency can be shared with, and who can help",
    "agreements.workflows": "the states of an agreement",
    "people.team": "who was given access, for the disclosure history",
    "sharing.keeping": "erasing, legal holds, new keys: their pages are in `people`",
    "releases.forms": "the purposes that a form offers",
    "releases.rules": "the moment at which a last day ends",
    "sharing.opening": "names for a search, facts for totals; its functions say `_undecided`",
    "sharing.assignments": "which colleague works with which person",
    # pages that show parts of another room's page
    "agencies.forms": "fields that the pages of several rooms have",
    "agencies.lists": "a list as a file, whose download is logged",
    "agencies.presenters": "roles and kinds of information in words",
    "membership.presenters": "the checklist of a new agency, on *Today*",
    "audit.presenters": "the sentence of an event",
    "people.api": "entries of a person, for other programs",
    "people.presenters": "what every page about a person shows",
    "questionnaires.asking": "the pages of a form, for the room that keeps the answers",
    "questionnaires.controls": "the words and ids on the pages of a form",
    "questionnaires.workflows": "the states of a version of a form",
    "drafts.presenters": "a draft as a row, on *Today*",
    "drafts.unfinished": "a form that can be saved unfinished, for its view",
    # rows of another room
    "agencies.models": "the list of agencies, for totals and agreements",
    "membership.models": "a connected system is a membership",
    "sharing.models": "persons and their search index; never entries or keys",
}
MODELS_LENT = {
    "sharing.models": {"Person", "SearchToken"},
    "agencies.models": {"Agency"},
    "membership.models": {"Membership"},
}

# From the first layer to the last. A file that is not here is of the kind that its name ends with.
LAYERS = (
    {"workflows"},
    {"codes", "room"},
    {"entries", "models"},
    {"rules"},
    {"queries"},
    {"services"},
    {"forms"},
    {"presenters", "panels", "today", "lists"},
    {"views", "api"},
    {"urls", "middleware"},
)
ENDS = (("_forms", "forms"), ("_words", "presenters"), ("_views", "views"))
KIND = {
    **{f"access.{name}": "rules" for name in ("marks", "turnstile", "trail")},
    **{f"access.{name}": "queries" for name in ("actors", "acting", "open_files", "requests", "saying", "today")},
    "access.handing": "views",
    "access.confirming": "views",
    "access.explaining": "views",
    **{f"accounts.{name}": "queries" for name in ("sessions", "passkeys", "requests", "kept_forms", "once")},
    **{f"agreements.{name}": "queries" for name in ("coalitions", "checks", "reach")},
    "agreements.owed": "rules",
    **{f"legal_requests.{name}": "services" for name in ("disclosures", "served")},
    "membership.returning": "services",
    "membership.reviewing": "presenters",
    "drafts.unfinished": "forms",
    "exchange.terms": "rules",
    "jobs.worker": "services",
    "files.pictures": "rules",
    "files.uploading": "queries",
    "mail.sending": "services",
    "numbers.due": "rules",
    "numbers.sums": "queries",
    **{f"people.{name}": "queries" for name in ("finding", "team", "tasks", "caseload")},
    "people.menu": "presenters",
    "questionnaires.loads": "rules",
    "questionnaires.tools": "codes",
    **{f"questionnaires.{name}": "presenters" for name in ("asking", "controls", "taking", "trying")},
    **{f"releases.{name}": "rules" for name in ("suspension_rules", "lifecycle", "signers", "fitting")},
    **{f"releases.{name}": "services" for name in ("suspension", "official", "handing", "scans")},
    "sharing.floor": "rules",
    **{f"sharing.{name}": "queries" for name in ("opening", "assignments")},
    **{f"sharing.{name}": "services" for name in ("epochs", "keeping")},
    **{f"vault.{name}": "rules" for name in ("pieces", "ring", "sealing")},
    "work.terms": "rules",
    "screening.prefaces": "views",
}
UPWARD = {
    ("people.codes", "rules"): "an age is computed where a birth is read",
    ("sharing.models", "rules"): "who may add a share depends on its basis",
}


def imported(path: Path) -> Iterator[tuple[str, str, set[str]]]:
    """Yield what a file imports of our rooms: room, file and names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("accord."):
            parts, names = str(node.module).split("."), {alias.name for alias in node.names}
            for file in [parts[2]] if len(parts) > 2 else names:
                yield parts[1], file, names


def files(room: str) -> list[Path]:
    return sorted((ACCORD / room).glob("*.py"))


def layer(room: str, file: str) -> int:
    """Return the number of a file's layer."""
    kind = KIND.get(f"{room}.{file}") or next((kind for end, kind in ENDS if file.endswith(end)), file)
    return next(number for number, kinds in enumerate(LAYERS) if kind in kinds)


def test_rooms_use_only_the_public_files_of_others() -> None:
    used: dict[str, set[str]] = {}
    for room in ROOMS:
        for path in files(room):
            for other, file, names in imported(path):
                if other in ROOMS and other != room and file not in PUBLIC:
                    used.setdefault(f"{other}.{file}", set()).update(names)
    assert used.keys() == ALSO.keys()
    assert {file: names for file, names in used.items() if file.endswith(".models")} == MODELS_LENT


@pytest.mark.parametrize("room", ROOMS)
def test_a_file_imports_only_from_layers_before_its_own(room: str) -> None:
    wrong = {
        (f"{room}.{path.stem}", file)
        for path in files(room)
        if path.stem not in ("__init__", "apps")
        for other, file, _names in imported(path)
        if other == room and layer(room, file) > layer(room, path.stem)
    }
    assert wrong == {(path, file) for path, file in UPWARD if path.startswith(f"{room}.")}


def _used_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 200:
            yield from re.findall(r"\w+", node.value)


def test_the_product_uses_every_function_it_has() -> None:
    """A function that only tests call proves code that no page runs: wire it in, or remove it."""
    sources = [path for path in ACCORD.rglob("*.py") if "migrations" not in path.parts]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sources}
    helpers = [
        ast.parse(path.read_text(encoding="utf-8")) for top in ("tools", "bench") for path in (ROOT / top).rglob("*.py")
    ]
    used = {name for tree in (*trees.values(), *helpers) for name in _used_names(tree)}
    used |= {name for path in ACCORD.rglob("*.html") for name in re.findall(r"\w+", path.read_text(encoding="utf-8"))}
    unused = {
        f"{path.relative_to(ACCORD)}: {node.name}"
        for path, tree in trees.items()
        if "statlib" not in path.parts
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name not in used and not node.decorator_list
    }
    assert unused == set()


def test_one_helper_calls_an_sql_function() -> None:
    """`core.statements.call_sql` alone puts the name of a function into a statement."""
    built = [
        path
        for path in ACCORD.rglob("*.py")
        if 'execute(f"select accord.{function}' in path.read_text(encoding="utf-8")
    ]
    assert built == [ACCORD / "core" / "statements.py"]
